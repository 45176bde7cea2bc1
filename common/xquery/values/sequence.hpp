// A sequence of items. In the data model every value is a sequence, so this type is called Value; the
// class Sequence of the public header is the result handed to callers.
//
// A Value is a view: one item inline, or items in the arena (or the query's constants), or a range of
// consecutive integers that is never written out. Copying one is cheap and shares the items.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "common/xquery/values/arena.hpp"
#include "common/xquery/values/item.hpp"

namespace clacks::xquery {

struct Value {
    Item single;                  // the only item, or the first of a range
    const Item* items = nullptr;  // null: empty, single or range, by count
    std::uint64_t count = 0;

    Value() = default;
    Value(const Item& item) : single(item), count(1) {}
    Value(const Item* first, std::uint64_t n) : items(n > 1 ? first : nullptr), count(n) {
        if (n > 0) single = *first;
    }
    // first, first + 1, … (n items); n may be 0.
    static Value range(std::int64_t first, std::uint64_t n) {
        Value v;
        v.single = Item::of_integer(first);
        v.count = n;
        return v;
    }

    std::uint64_t size() const { return count; }
    bool empty() const { return count == 0; }
    bool is_range() const { return items == nullptr && count > 1; }
    // Only for a value that is not empty.
    const Item& front() const { return single; }
    Item operator[](std::uint64_t i) const {
        if (items != nullptr) return items[i];
        Item item = single;
        if (i > 0) item.integer += static_cast<std::int64_t>(i);
        return item;
    }
    // The part from `first` on, at most n items; shares the items.
    Value slice(std::uint64_t first, std::uint64_t n = ~std::uint64_t{0}) const;

    class Iterator {
      public:
        Iterator(const Value* value, std::uint64_t index) : value_(value), index_(index) {}
        Item operator*() const { return (*value_)[index_]; }
        Iterator& operator++() {
            ++index_;
            return *this;
        }
        bool operator!=(const Iterator& other) const { return index_ != other.index_; }

      private:
        const Value* value_;
        std::uint64_t index_;
    };
    Iterator begin() const { return {this, 0}; }
    Iterator end() const { return {this, count}; }
};

// Collects items in the arena.
class SequenceBuilder {
  public:
    explicit SequenceBuilder(Arena& arena) : arena_(arena) {}
    void add(const Item& item) {
        if (size_ == capacity_) grow(size_ + 1);
        items_[size_++] = item;
    }
    void add(const Value& value);
    std::size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }
    // Of an item that there is. NOLINTNEXTLINE(clang-analyzer-core.uninitialized.UndefReturn)
    Item& operator[](std::size_t i) { return items_[i]; }
    std::span<Item> items() { return {items_, size_}; }
    void truncate(std::size_t n) { size_ = n; }
    // The items so far; valid as long as the arena is not reset and nothing more is added.
    Value value() const { return {items_, size_}; }

  private:
    void grow(std::size_t wanted);
    Arena& arena_;
    Item* items_ = nullptr;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
};

}  // namespace clacks::xquery
