// Matching with back-references, by trying one way after another. Every move takes a step.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "common/xquery/regex/regex.hpp"
#include "common/xquery/regex/syntax.hpp"

namespace clacks::xquery {

class Backtracker {
  public:
    static constexpr std::size_t kLargest = 200'000;
    // limit-memory.
    [[noreturn]] static void fail_as_too_large();
    // limit-memory where repetitions make it larger than kLargest instructions.
    explicit Backtracker(regex::Tree tree);
    bool find(std::string_view text, std::size_t from, std::span<Captured> groups, Steps& steps) const;

    struct Instruction {
        enum class Op : std::uint8_t {
            character,       // a: the code point
            set,             // a: index of the class
            split,           // goes on at a; should that fail, at b
            jump,            // to a
            save,            // the position in register a
            begin,           // ^
            end,             // $
            back_reference,  // a: the group
            progress,        // leaves a loop, to b, unless the position has moved since register a
            match,
        };
        Op op;
        std::uint32_t a = 0, b = 0;
    };

  private:
    void compile(std::uint32_t node);
    void compile_repeat(const regex::Node& repeat);
    std::uint32_t add(Instruction::Op op, std::uint32_t a = 0, std::uint32_t b = 0);

    regex::Tree tree_;
    std::vector<Instruction> program_;
    std::uint32_t registers_ = 0;  // two a group, then one a loop
};

}  // namespace clacks::xquery
