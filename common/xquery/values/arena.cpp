#include "common/xquery/values/arena.hpp"

#include <algorithm>

#include "common/xquery/values/error.hpp"

namespace clacks::xquery {

namespace {
constexpr std::size_t kLargestBlock = 1024 * 1024;
}

void Arena::exceeded() const {
    fail(Code::limit_memory, "the evaluation needs more than " + std::to_string(limit_) + " bytes of memory",
         "make the query hold fewer items at once, or raise the memory limit");
}

void* Arena::take_slow(std::size_t bytes) {
    finished_ += position_;
    position_ = 0;
    if (bytes > limit_ || finished_ > limit_ - bytes) exceeded();
    // A kept block that is too small for this is passed over; it serves again after the next reset.
    while (next_ < blocks_.size() && blocks_[next_].size < bytes) ++next_;
    if (next_ == blocks_.size()) {
        const std::size_t usual = std::min(kLargestBlock, std::max(first_block_, held_));
        const std::size_t size = std::max(usual, (bytes + 15) & ~std::size_t{15});
        blocks_.push_back({std::unique_ptr<char[]>(new char[size]), size});
        held_ += size;
    }
    enter(next_);
    position_ = bytes;
    return block_;
}

void Arena::enter(std::size_t index) {
    block_ = blocks_[index].bytes.get();
    block_size_ = std::min(blocks_[index].size, limit_ - std::min(limit_, finished_));
    next_ = index + 1;
}

void Arena::set_limit(std::size_t bytes) {
    limit_ = bytes;
    if (block_ != nullptr) enter(next_ - 1);
}

void Arena::rewind() {
    finished_ = 0;
    next_ = 0;
    block_ = nullptr;
    block_size_ = 0;
    // Blocks that were passed over would otherwise add up from one evaluation to the next.
    while (held_ > limit_ && blocks_.size() > 1) {
        held_ -= blocks_.back().size;
        blocks_.pop_back();
    }
    if (!blocks_.empty()) enter(0);
}

void Steps::exceeded() {
    left_ = 0;
    fail(Code::limit_steps, "the evaluation takes more than " + std::to_string(limit_) + " steps",
         "make the query visit fewer items, or raise the step limit");
}

}  // namespace clacks::xquery
