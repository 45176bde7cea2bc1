// Things by number: a number stays a thing's own until it is removed, and is then used again. Nothing is ever
// moved, so neither adding nor removing ever takes longer than usual.
//
// Interned is a pool that finds its things by their hash, too: `T` has a member `hash`. It is a linear hash
// table (Litwin, 1980): for each thing added one bucket is split, so it has no moment of growing.
//
// Thread safety: const members from any thread, with no other member at the same time.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <utility>
#include <vector>

namespace clacks::matching {

inline constexpr std::uint32_t kNone = 0xFFFFFFFF;

// A sequence that grows at its end, in pieces each twice as long as the one before it: nothing is moved, and
// where a thing lies is told by its number with the few pieces' addresses.
template <class T>
class Pieces {
  public:
    void push_back(T value) {
        std::vector<T>& piece = pieces_[piece_of(size_)];
        if (piece.capacity() == 0) piece.reserve(kFirst << piece_of(size_));
        piece.push_back(std::move(value));
        ++size_;
    }
    void pop_back() {
        --size_;
        pieces_[piece_of(size_)].pop_back();
    }
    T& operator[](std::size_t i) {
        const std::size_t piece = piece_of(i);
        return pieces_[piece][i + kFirst - (kFirst << piece)];
    }
    const T& operator[](std::size_t i) const {
        const std::size_t piece = piece_of(i);
        return pieces_[piece][i + kFirst - (kFirst << piece)];
    }
    T& back() { return (*this)[size_ - 1]; }
    bool empty() const { return size_ == 0; }
    std::size_t size() const { return size_; }

  private:
    static constexpr std::size_t kFirst = 16;
    static std::size_t piece_of(std::size_t i) {
        return static_cast<std::size_t>(std::bit_width(i + kFirst) - std::bit_width(kFirst));
    }
    std::array<std::vector<T>, 28> pieces_;  // so many hold every number
    std::size_t size_ = 0;
};

template <class T>
class Pool {
  public:
    std::uint32_t add(T value) {
        if (free_.empty()) {
            things_.push_back(std::move(value));
            return static_cast<std::uint32_t>(things_.size() - 1);
        }
        const std::uint32_t number = free_.back();
        free_.pop_back();
        things_[number] = std::move(value);
        return number;
    }
    void remove(std::uint32_t number) {
        things_[number] = T();
        free_.push_back(number);
    }
    T& operator[](std::uint32_t number) { return things_[number]; }
    const T& operator[](std::uint32_t number) const { return things_[number]; }
    std::size_t size() const { return things_.size() - free_.size(); }
    // All numbers are less.
    std::size_t end() const { return things_.size(); }

  private:
    Pieces<T> things_;
    Pieces<std::uint32_t> free_;
};

template <class T>
class Interned {
  public:
    // kNone where there is none that is the `same`.
    template <class Same>
    std::uint32_t find(std::uint64_t hash, Same same) const {
        if (heads_.empty()) return kNone;
        std::uint32_t number = heads_[bucket(hash)];
        while (number != kNone && !(pool_[number].thing.hash == hash && same(pool_[number].thing)))
            number = pool_[number].next;
        return number;
    }
    std::uint32_t add(T thing) {
        if (pool_.size() >= heads_.size()) split();
        std::uint32_t& head = heads_[bucket(thing.hash)];
        head = pool_.add({std::move(thing), head});
        return head;
    }
    void remove(std::uint32_t number) {
        std::uint32_t* link = &heads_[bucket(pool_[number].thing.hash)];
        while (*link != number) link = &pool_[*link].next;
        *link = pool_[number].next;
        pool_.remove(number);
    }
    T& operator[](std::uint32_t number) { return pool_[number].thing; }
    const T& operator[](std::uint32_t number) const { return pool_[number].thing; }
    std::size_t end() const { return pool_.end(); }

  private:
    struct Slot {
        T thing;
        std::uint32_t next = kNone;  // of its bucket
    };

    std::size_t bucket(std::uint64_t hash) const {
        const std::size_t mask = std::bit_ceil(heads_.size()) - 1;
        const std::size_t wide = hash & mask;
        return wide < heads_.size() ? wide : wide & (mask >> 1);
    }
    // One bucket more; its things come from the one that had them so far.
    void split() {
        const std::size_t added = heads_.size();
        heads_.push_back(kNone);
        if (added == 0) return;
        std::uint32_t rest = std::exchange(heads_[added - std::bit_floor(added)], kNone);
        while (rest != kNone) {
            const std::uint32_t number = rest;
            rest = pool_[number].next;
            std::uint32_t& head = heads_[bucket(pool_[number].thing.hash)];
            pool_[number].next = std::exchange(head, number);
        }
    }

    Pool<Slot> pool_;
    Pieces<std::uint32_t> heads_;
};

// A set of numbers. Room is made once for all of them, so that it never has to be while events are matched.
class NumberSet {
  public:
    void make_room(std::size_t end) {
        if (words_.size() * 64 < end) words_.resize((end + 63) / 64);
    }
    bool contains(std::uint32_t number) const { return ((words_[number / 64] >> (number % 64)) & 1) != 0; }
    // Whether it was not in it.
    bool insert(std::uint32_t number) {
        const std::uint64_t bit = std::uint64_t{1} << (number % 64);
        const bool added = (words_[number / 64] & bit) == 0;
        words_[number / 64] |= bit;
        return added;
    }
    void erase(std::uint32_t number) { words_[number / 64] &= ~(std::uint64_t{1} << (number % 64)); }

  private:
    std::vector<std::uint64_t> words_;
};

}  // namespace clacks::matching
