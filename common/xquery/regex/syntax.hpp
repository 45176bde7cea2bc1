// The syntax tree of a regular expression, and its parser.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "common/xquery/regex/character_class.hpp"

namespace clacks::xquery::regex {

struct Flags {
    bool dot_all = false;      // s
    bool lines = false;        // m
    bool ignore_case = false;  // i
    bool spaced = false;       // x
    bool literal = false;      // q
};
// FORX0001 for others.
Flags read_flags(std::string_view flags);

inline constexpr std::uint32_t kUnlimited = 0xFFFFFFFF;

struct Node {
    enum class Kind : std::uint8_t {
        character,       // `value`
        set,             // classes[value]
        sequence,        // of `parts`
        choice,          // of `parts`
        repeat,          // parts[0], `least` to `most` times
        group,           // parts[0], captured as number `value`
        begin,           // ^
        end,             // $
        back_reference,  // to group `value`
    };
    Kind kind = Kind::sequence;
    bool greedy = true;
    std::uint32_t value = 0;
    std::uint32_t least = 0, most = 0;
    std::vector<std::uint32_t> parts;  // indices into Tree::nodes
};

struct Tree {
    std::vector<Node> nodes;
    std::vector<CharacterClass> classes;
    std::uint32_t root = 0;
    std::vector<std::size_t> parents{0};  // of a group the group around it; of group 0, all, itself
    bool back_references = false;
    bool anchors = false;
    Flags flags;
};

// FORX0002, which names the character at fault.
Tree parse(std::string_view pattern, const Flags& flags);

}  // namespace clacks::xquery::regex
