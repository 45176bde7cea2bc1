#include "common/xquery/values/sequence.hpp"

#include <algorithm>
#include <limits>

namespace clacks::xquery {

Value Value::slice(std::uint64_t first, std::uint64_t n) const {
    if (first >= count) return {};
    n = std::min(n, count - first);
    if (items != nullptr) return {items + first, n};
    Value part;
    part.single = (*this)[first];
    part.count = n;
    return part;
}

void SequenceBuilder::grow(std::size_t wanted) {
    const std::size_t capacity = std::max<std::size_t>({8, capacity_ * 2, wanted});
    const std::span<Item> room = arena_.take_array<Item>(capacity);
    std::copy(items_, items_ + size_, room.begin());
    items_ = room.data();
    capacity_ = capacity;
}

void SequenceBuilder::add(const Value& value) {
    // The arena refuses what it cannot hold; a range may claim more items than there is memory.
    if (value.count > capacity_ - size_) {
        const std::size_t most = std::numeric_limits<std::size_t>::max() - size_;
        grow(size_ + std::min<std::size_t>(most, value.count));
    }
    if (value.items != nullptr) {
        std::copy(value.items, value.items + value.count, items_ + size_);
    } else {
        for (std::uint64_t i = 0; i < value.count; ++i) items_[size_ + i] = value[i];
    }
    size_ += static_cast<std::size_t>(value.count);
}

}  // namespace clacks::xquery
