// Sets of characters, by Unicode's tables as ICU has them.
#pragma once

#include <array>
#include <string_view>
#include <utility>
#include <vector>

namespace clacks::xquery::regex {

class CharacterClass {
  public:
    using Range = std::pair<char32_t, char32_t>;  // both ends belong

    CharacterClass() = default;
    // Sorts and joins.
    explicit CharacterClass(std::vector<Range> ranges);

    bool contains(char32_t c) const { return c < 128 ? ascii_[c] : contains_wide(c); }
    const std::vector<Range>& ranges() const { return ranges_; }
    CharacterClass inverted() const;
    CharacterClass without(const CharacterClass& other) const;

  private:
    bool contains_wide(char32_t c) const;
    std::vector<Range> ranges_;  // in order, with gaps between them
    std::array<bool, 128> ascii_{};
};

// Of \s \i \c \d \w; null for other letters.
const CharacterClass* class_of_escape(char letter);
// Of \p{…}: a general category or, behind "Is", a block; false where there is no such.
bool class_of_property(std::string_view name, CharacterClass& out);

// Adds the characters that differ from those of the ranges only in case (Functions and Operators 3.1,
// 5.6.1.1, flag i).
void add_case_variants(std::vector<CharacterClass::Range>& ranges);
bool same_but_for_case(char32_t a, char32_t b);

}  // namespace clacks::xquery::regex
