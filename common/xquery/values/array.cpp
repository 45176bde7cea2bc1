#include "common/xquery/values/array.hpp"

#include <algorithm>
#include <memory>

namespace clacks::xquery {

const ArrayItem& ArrayItem::of(std::span<const Value> members, Arena& arena) {
    return *arena.make(ArrayItem(members.data(), members.size(), nullptr));
}

const ArrayItem& ArrayItem::slice(std::uint64_t first, std::uint64_t n, Arena& arena) const {
    if (n == size_) return *this;
    return *arena.make(ArrayItem(members_ + first, n, room_));
}

const ArrayItem& ArrayItem::append(const Value& member, Arena& arena) const {
    Room* room = room_;
    // Only the array that ends where the room's members end may take the place behind them.
    const bool fits = room != nullptr && room->arena == &arena && room->used < room->capacity &&
                      members_ + size_ == room->values + room->used;
    const Value* begin = members_;
    if (!fits) {
        const std::uint64_t capacity = std::max<std::uint64_t>(4, size_ * 2);
        Value* values = arena.take_array<Value>(capacity).data();
        std::uninitialized_copy_n(members_, size_, values);
        room = arena.make(Room{&arena, values, size_, capacity});
        begin = values;
    }
    std::construct_at(room->values + room->used++, member);
    return *arena.make(ArrayItem(begin, size_ + 1, room));
}

const ArrayItem& ArrayItem::put(std::uint64_t i, const Value& member, Arena& arena) const {
    const std::span<Value> values = arena.take_array<Value>(size_);
    std::uninitialized_copy_n(members_, size_, values.data());
    values[i] = member;
    return of(values, arena);
}

}  // namespace clacks::xquery
