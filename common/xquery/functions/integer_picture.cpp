#include "common/xquery/functions/integer_picture.hpp"

#include <unicode/uchar.h>

#include <algorithm>
#include <limits>
#include <span>

#include "common/xml/characters.hpp"

namespace clacks::xquery {

namespace {

// Series of characters that stand for 1, 2, 3 …
struct Series {
    char32_t first;
    unsigned count;
};
constexpr Series kSeries[] = {
    {U'\u2460', 20},  // circled digits and numbers
    {U'\u2474', 20},  // in parentheses
    {U'\u2488', 20},  // with a full stop
    {U'\u2776', 10},  // white on black circles
    {U'\u2780', 10},  // circled, without serifs
    {U'\u3220', 10},  // ideographs in parentheses
    {U'\u3280', 10},  // circled ideographs
};
constexpr char32_t kKanjiOne = U'\u4e00';
// Alphabets, all letters of which follow one another but for the Greek final sigma.
constexpr char32_t kFinalSigma = U'\u03c2';
constexpr char32_t kReservedSigma = U'\u03a2';
constexpr Series kAlphabets[] = {{U'a', 26},      {U'A', 26},      {U'\u03b1', 24},
                                 {U'\u0391', 24}, {U'\u0430', 32}, {U'\u0410', 32}};

bool is_letter_or_number(char32_t c) {
    return (U_GET_GC_MASK(static_cast<UChar32>(c)) & (U_GC_L_MASK | U_GC_N_MASK)) != 0;
}

char32_t letter(const IntegerPicture& picture, unsigned index) {
    const char32_t c = picture.first + index;
    const bool skips = (picture.first == U'\u03b1' && c >= kFinalSigma) ||
                       (picture.first == U'\u0391' && c >= kReservedSigma);
    return skips ? c + 1 : c;
}

// 1 is "a", 26 "z", 27 "aa".
std::string in_letters(const IntegerPicture& picture, Int128 value) {
    std::u32string reversed;
    while (value > 0) {
        --value;
        reversed += letter(picture, static_cast<unsigned>(value % picture.count));
        value /= picture.count;
    }
    std::string out;
    for (auto at = reversed.rbegin(); at != reversed.rend(); ++at) xml::append_utf8(out, *at);
    return out;
}

std::string in_roman(int value) {
    constexpr std::pair<int, std::string_view> kParts[] = {
        {1000, "m"}, {900, "cm"}, {500, "d"}, {400, "cd"}, {100, "c"}, {90, "xc"}, {50, "l"},
        {40, "xl"},  {10, "x"},   {9, "ix"},  {5, "v"},    {4, "iv"},  {1, "i"}};
    std::string out;
    for (const auto& [size, text] : kParts) {
        for (; value >= size; value -= size) out += text;
    }
    return out;
}

std::string in_case(const std::string& text, IntegerPicture::Case letters, const Language& language) {
    if (letters == IntegerPicture::Case::upper) return language.upper(text);
    return letters == IntegerPicture::Case::title ? language.title(text) : text;
}

std::optional<IntegerPicture> series_of(char32_t c) {
    using Form = IntegerPicture::Form;
    const auto find = [c](std::span<const Series> all, Form form) -> std::optional<IntegerPicture> {
        const auto found =
            std::find_if(all.begin(), all.end(), [c](const Series& one) { return one.first == c; });
        if (found == all.end()) return std::nullopt;
        IntegerPicture picture;
        picture.form = form;
        picture.first = c;
        picture.count = found->count;
        return picture;
    };
    const auto letters = find(kAlphabets, Form::letters);
    return letters ? letters : find(kSeries, Form::series);
}

}  // namespace

std::optional<char32_t> zero_of(char32_t c) {
    if (c >= '0' && c <= '9') return U'0';
    const auto code = static_cast<UChar32>(c);
    if (u_charType(code) != U_DECIMAL_DIGIT_NUMBER) return std::nullopt;
    return c - static_cast<char32_t>(u_charDigitValue(code));
}

std::string digits_of(Int128 value) {
    std::string out;
    do {
        out += static_cast<char>('0' + static_cast<int>(value % 10));
        value /= 10;
    } while (value > 0);
    std::reverse(out.begin(), out.end());
    return out;
}

bool Grouping::is_regular(unsigned digits) const {
    if (separators.empty()) return false;
    const unsigned size = separators.front().first;
    for (std::size_t i = 0; i < separators.size(); ++i) {
        if (separators[i].first != size * (i + 1) || separators[i].second != separators.front().second)
            return false;
    }
    return digits <= size * (separators.size() + 1);
}

std::string group_digits(std::string_view digits, const Grouping& grouping, bool regular, char32_t zero) {
    std::string out;
    const auto& separators = grouping.separators;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        const std::size_t behind = digits.size() - i;
        if (i > 0 && regular) {
            if (behind % separators.front().first == 0) xml::append_utf8(out, separators.front().second);
        } else if (i > 0) {
            for (const auto& [position, separator] : separators) {
                if (position == behind) xml::append_utf8(out, separator);
            }
        }
        xml::append_utf8(out, zero + static_cast<char32_t>(digits[i] - '0'));
    }
    return out;
}

std::optional<DigitPicture> DigitPicture::parse(std::u32string_view text) {
    DigitPicture picture;
    picture.mandatory = picture.digits = 0;
    bool separated = true;  // no separator at the start or the end, or beside another
    for (auto at = text.rbegin(); at != text.rend(); ++at) {
        const auto zero = zero_of(*at);
        if (zero) {
            if (picture.digits > picture.mandatory) return std::nullopt;  // an optional digit behind it
            if (picture.mandatory > 0 && *zero != picture.zero) return std::nullopt;
            picture.zero = *zero;
            ++picture.mandatory;
        }
        if (zero || *at == '#') {
            ++picture.digits;
            separated = false;
            continue;
        }
        if (separated || is_letter_or_number(*at)) return std::nullopt;
        picture.grouping.separators.emplace_back(picture.digits, *at);
        separated = true;
    }
    if (separated || picture.mandatory == 0) return std::nullopt;
    return picture;
}

std::string DigitPicture::format(std::string_view text, unsigned least) const {
    const std::size_t wanted = std::max(mandatory, least);
    std::string padded(text.size() < wanted ? wanted - text.size() : 0, '0');
    padded += text;
    return group_digits(padded, grouping, grouping.is_regular(digits), zero);
}

std::optional<IntegerPicture> IntegerPicture::parse(std::string_view token) {
    const std::u32string text = xml::code_points(token);
    IntegerPicture picture;
    if (std::any_of(text.begin(), text.end(), [](char32_t c) { return zero_of(c).has_value(); })) {
        const auto digits = DigitPicture::parse(text);
        if (!digits) return std::nullopt;
        picture.digits = *digits;
        return picture;
    }
    if (token == "i" || token == "I") {
        picture.form = Form::roman;
        picture.letters = token == "I" ? Case::upper : Case::lower;
    } else if (token == "w" || token == "W" || token == "Ww") {
        picture.form = Form::words;
        picture.letters = token == "w" ? Case::lower : token == "W" ? Case::upper : Case::title;
    } else if (text.size() == 1 && text.front() == kKanjiOne) {
        picture.form = Form::kanji;
    } else if (text.size() == 1) {
        picture = series_of(text.front()).value_or(picture);
    }
    return picture;
}

std::string IntegerPicture::format(Int128 value, bool ordinal, std::string_view suffix,
                                   const Language& language, unsigned least_digits) const {
    constexpr Int128 kMostWords = 999'999'999'999'999'999;
    constexpr Int128 kMostRoman = 9'999;
    switch (form) {
        case Form::letters:
            if (value > 0) return in_letters(*this, value);
            break;
        case Form::series:
            if (value > 0 && value <= count) {
                std::string out;
                xml::append_utf8(out, first + static_cast<char32_t>(value) - 1);
                return out;
            }
            break;
        case Form::roman:
            if (value > 0 && value <= kMostRoman)
                return in_case(in_roman(static_cast<int>(value)), letters, language);
            break;
        case Form::words:
            if (value <= kMostWords)
                return in_case(language.words(static_cast<std::int64_t>(value), ordinal, suffix), letters,
                               language);
            break;
        case Form::kanji:
            if (value <= kMostWords)
                return Language::find("ja").value_or(language).words(static_cast<std::int64_t>(value), false,
                                                                     {});
            break;
        case Form::digits:
            break;
    }
    std::string out = digits.format(digits_of(value), least_digits);
    if (ordinal) {
        // The last digits tell.
        constexpr Int128 kEnough = 1'000'000;
        const Int128 told = value < kEnough ? value : kEnough + value % kEnough;
        out += language.ordinal_suffix(static_cast<std::int64_t>(told));
    }
    return out;
}

}  // namespace clacks::xquery
