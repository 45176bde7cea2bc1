// Arrays (XDM 3.1, section 2.8.3): immutable sequences of values.
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
    const Value& operator[](std::uint64_t i) const;
    // Cheap: shares what it can.
    const ArrayItem& append(const Value& member, Arena& arena) const;
    const ArrayItem& put(std::uint64_t i, const Value& member, Arena& arena) const;
    // All members side by side; written out where they do not lie so already.
    std::span<const Value> members(Arena& arena) const;

  private:
    ArrayItem() = default;
    const void* parts_ = nullptr;
    std::uint64_t size_ = 0;
};

}  // namespace clacks::xquery
