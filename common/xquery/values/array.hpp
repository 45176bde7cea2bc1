// Arrays (XDM 3.1, section 2.8.3): immutable sequences of values. An array is a view of members that lie
// side by side, so a part of one costs nothing; an array that is appended to gets room to spare, which the
// next one takes, so that appending in a loop is linear.
//
// Ownership: arrays live in an arena. Thread safety: as their arena.
#pragma once

#include <cstdint>
#include <span>

#include "common/xquery/values/sequence.hpp"

namespace clacks::xquery {

class ArrayItem {
  public:
    // The members must be in the arena already; they are not copied.
    static const ArrayItem& of(std::span<const Value> members, Arena& arena);

    std::uint64_t size() const { return size_; }
    // From 0 on; the caller has checked the bounds.
    const Value& operator[](std::uint64_t i) const { return members_[i]; }
    std::span<const Value> members() const { return {members_, size_}; }
    // The part from `first` on of n members; shares them. The caller has checked the bounds.
    const ArrayItem& slice(std::uint64_t first, std::uint64_t n, Arena& arena) const;
    const ArrayItem& append(const Value& member, Arena& arena) const;
    const ArrayItem& put(std::uint64_t i, const Value& member, Arena& arena) const;

  private:
    // Where the members lie, if there may be room behind them.
    struct Room {
        Arena* arena;
        Value* values;
        std::uint64_t used;
        std::uint64_t capacity;
    };
    ArrayItem(const Value* members, std::uint64_t size, Room* room)
        : members_(members), size_(size), room_(room) {}
    const Value* members_;
    std::uint64_t size_;
    Room* room_;
};

}  // namespace clacks::xquery
