// The memory and the steps of one evaluation, both bounded. An Arena hands out memory that is only
// given back all together; reset() keeps the blocks, so that a warm evaluation allocates nothing.
// Not thread safe: one arena belongs to one evaluation at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <memory_resource>
#include <span>
#include <string_view>
#include <vector>

namespace clacks::xquery {

// It is a memory resource too, so that trees and standard containers can live in it.
class Arena final : public std::pmr::memory_resource {
  public:
    // Exceeding `limit` bytes between two resets fails with limit-memory. Blocks grow from the first one's
    // size.
    explicit Arena(std::size_t limit = 16 * 1024 * 1024, std::size_t first_block = 16 * 1024)
        : first_block_(first_block), limit_(limit) {}
    Arena(const Arena&) = delete;
    Arena& operator=(const Arena&) = delete;

    // Fast path inline: bump within the current block. `alignment` is a power of two, at most 16.
    void* take(std::size_t bytes, std::size_t alignment = alignof(std::max_align_t)) {
        const std::size_t start = (position_ + alignment - 1) & ~(alignment - 1);
        if (start > block_size_ || bytes > block_size_ - start) return take_slow(bytes);
        position_ = start + bytes;
        return block_ + start;
    }
    // Uninitialised room for trivially copyable objects.
    template <class T>
    std::span<T> take_array(std::size_t n) {
        if (n > limit_ / sizeof(T)) exceeded();
        return {static_cast<T*>(take(n * sizeof(T), alignof(T))), n};
    }
    template <class T>
    T* make(const T& value) {
        return new (take(sizeof(T), alignof(T))) T(value);
    }
    std::string_view copy(std::string_view text) {
        if (text.empty()) return {};
        char* to = static_cast<char*>(take(text.size(), 1));
        std::memcpy(to, text.data(), text.size());
        return {to, text.size()};
    }

    // Forgets everything handed out; keeps the memory, as long as it is not more than the limit.
    void reset() {
        position_ = 0;
        if (next_ > 1 || held_ > limit_) rewind();
    }
    std::size_t used() const { return finished_ + position_; }
    // Bytes held from the heap.
    std::size_t held() const { return held_; }
    std::size_t limit() const { return limit_; }
    void set_limit(std::size_t bytes);

  private:
    struct Block {
        std::unique_ptr<char[]> bytes;
        std::size_t size;
    };
    void* take_slow(std::size_t bytes);
    void enter(std::size_t index);
    void rewind();  // to the first block
    [[noreturn]] void exceeded() const;
    void* do_allocate(std::size_t bytes, std::size_t alignment) override { return take(bytes, alignment); }
    void do_deallocate(void*, std::size_t, std::size_t) override {}
    bool do_is_equal(const std::pmr::memory_resource& other) const noexcept override {
        return this == &other;
    }

    std::size_t first_block_;
    char* block_ = nullptr;
    std::size_t block_size_ = 0;  // what may be taken from it: less than it has at the limit
    std::size_t position_ = 0;
    std::size_t finished_ = 0;  // bytes in the blocks before the current one
    std::size_t next_ = 0;      // index of the block after the current one
    std::size_t held_ = 0;
    std::size_t limit_;
    std::vector<Block> blocks_;
};

// Counts items and operations; exceeding the limit fails with limit-steps.
class Steps {
  public:
    explicit Steps(std::uint64_t limit = 1'000'000) : limit_(limit), left_(limit) {}
    void take(std::uint64_t n = 1) {
        if (n > left_) exceeded();
        left_ -= n;
    }
    void reset() { left_ = limit_; }
    // All of them once the limit was exceeded.
    std::uint64_t used() const { return limit_ - left_; }

  private:
    [[noreturn]] void exceeded();
    std::uint64_t limit_;
    std::uint64_t left_;
};

}  // namespace clacks::xquery
