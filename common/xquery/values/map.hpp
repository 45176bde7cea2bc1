// Maps (XDM 3.1, section 2.8.2): immutable, persistent; a changed map shares what it can with the old
// one, so that building one entry by entry costs no more than n log n.
//
// Ownership: maps live in an arena. Thread safety: as their arena.
#pragma once

#include <cstdint>

#include "common/xquery/values/sequence.hpp"

namespace clacks::xquery {

struct MapNode;

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
    // All entries, in an order that is the same for the same map in every run: a small map's as they were
    // added.
    std::span<const Entry* const> entries(Arena& arena) const;
    // Calls visit(entry) for every entry, in the same order, until it returns false; false then.
    template <class Visit>
    bool each(Visit&& visit) const {
        return walk(
            root_, [](const Entry& entry, void* to) { return (*static_cast<Visit*>(to))(entry); }, &visit);
    }

  private:
    friend class MapBuilder;
    static bool walk(const MapNode* node, bool (*visit)(const Entry&, void*), void* to);
    MapItem(const MapNode* root, std::uint64_t size) : root_(root), size_(size) {}
    const MapNode* root_;
    std::uint64_t size_;
};

// Makes a map of many entries without a map for each step; it begins with the entries of another one.
class MapBuilder {
  public:
    explicit MapBuilder(Arena& arena, const MapItem& from = MapItem::none());
    // Whether the key is new. A key that is there already keeps its place and gets the new key and value.
    bool put(const Item& key, const Value& value);
    const MapItem::Entry* find(const Item& key) const { return map_.find(key); }
    // May be called once, at the end.
    const MapItem& finish() const;

  private:
    Arena& arena_;
    MapItem map_;
    const void* owner_;  // marks the nodes that are this builder's own
};

// op:same-key, and a hash that agrees with it.
bool same_key(const Item& a, const Item& b);
std::uint64_t hash_key(const Item& key);

}  // namespace clacks::xquery
