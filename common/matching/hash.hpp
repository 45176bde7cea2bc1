// Hashes of the index. Texts come from strangers, so theirs are the seeded ones of the trees' names.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#include "common/xml/tree.hpp"

namespace clacks::matching {

// Good in all bits if one of the two is not chosen by strangers (the last step of splitmix64).
inline std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
    std::uint64_t x = a * 0x9E3779B97F4A7C15u ^ b;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return x ^ (x >> 31);
}

inline std::uint64_t hash_of(std::string_view text) {
    return xml::name_hash({}, text);
}

// The hashes of a text's beginnings in one pass over it.
class PrefixHash {
  public:
    explicit PrefixHash(std::string_view text) : text_(text), state_(xml::name_hash({}, {})) {}
    // Of so many bytes, which the text has; ask for ever more.
    std::uint64_t of(std::size_t bytes) {
        for (; done_ + 8 <= bytes; done_ += 8) state_ = mix(state_, word(8));
        return mix(mix(state_, word(bytes - done_)), bytes);
    }

  private:
    std::uint64_t word(std::size_t bytes) const {
        std::uint64_t word = 0;
        std::memcpy(&word, text_.data() + done_, bytes);
        return word;
    }
    std::string_view text_;
    std::size_t done_ = 0;
    std::uint64_t state_;
};

}  // namespace clacks::matching
