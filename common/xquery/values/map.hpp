// Maps (XDM 3.1, section 2.8.2): immutable, persistent; a changed map shares what it can with the old
// one, so that building one entry by entry costs no more than n log n.
//
// Ownership: maps live in an arena. Thread safety: as their arena.
#pragma once

#include <cstdint>

#include "common/xquery/values/sequence.hpp"

namespace clacks::xquery {

class MapItem {
  public:
    struct Entry {
        Item key;  // atomic
        Value value;
    };
    // The map without entries.
    static const MapItem& none();

    std::uint64_t size() const { return size_; }
    // The entry of the key, by op:same-key (Functions and Operators 3.1, 17.1.1), or null. The key is atomic.
    const Entry* find(const Item& key) const;
    // With the entry added or replaced; the new key stands in for an equal old one.
    const MapItem& put(const Item& key, const Value& value, Arena& arena) const;
    const MapItem& remove(const Item& key, Arena& arena) const;
    // All entries, in an order that is the same for the same map in every run.
    std::span<const Entry* const> entries(Arena& arena) const;

  private:
    friend struct MapNode;
    MapItem() = default;
    const struct MapNode* root_ = nullptr;
    std::uint64_t size_ = 0;
};

// op:same-key, and a hash that agrees with it.
bool same_key(const Item& a, const Item& b);
std::uint64_t hash_key(const Item& key);

}  // namespace clacks::xquery
