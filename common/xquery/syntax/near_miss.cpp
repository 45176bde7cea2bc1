#include "common/xquery/syntax/near_miss.hpp"

#include <algorithm>

#include "common/xml/characters.hpp"

namespace clacks::xquery::syntax {

namespace {

struct Slip {
    std::string_view written;
    std::string_view hint;
};

// Longer symbols before their beginnings.
constexpr Slip kSymbols[] = {
    {"&&", "write 'and'"},
    {"&", "write 'and' to join conditions, '||' to join strings"},
    {"==", "write '=' or 'eq'"},
    {"!=", "comparisons cannot be chained; join them with 'and'"},
    {"<=", "comparisons cannot be chained; join them with 'and'"},
    {">=", "comparisons cannot be chained; join them with 'and'"},
    {"=", "comparisons cannot be chained; join them with 'and'"},
    {":=", "a value is bound by let $name := …"},
    {"!", "write not(…)"},
    {"%", "write 'mod' for the remainder"},
    {"^", "write math:pow(…) for a power"},
    {";", "only declarations of the prolog end with ';'"},
    {"{", "a '{' follows only words such as 'element', 'map' and 'try'"},
    {"}", "no '{' is open here, or an expression before it is unfinished"},
    {")", "no '(' is open here, or an expression before it is unfinished"},
    {"]", "no '[' is open here, or an expression before it is unfinished"},
    {".", "write '/' to go to a child element"},
    {"\u2018", "write ' or \" around strings"},
    {"\u2019", "write ' or \" around strings"},
    {"\u201C", "write ' or \" around strings"},
    {"\u201D", "write ' or \" around strings"},
};

// By the last symbol before the place and the one at it.
constexpr struct {
    char before;
    char at;
    std::string_view hint;
} kPairs[] = {
    {'<', '>', "write '!=' or 'ne'"}, {'=', '<', "write '<='"},         {'=', '>', "write '>='"},
    {'=', '=', "write '=' or 'eq'"},  {'!', '=', "write '!=' or 'ne'"}, {'|', '|', "write 'or'"},
};

constexpr Slip kWords[] = {
    {"return", "'return' belongs to 'for' or 'let'"},
    {"where", "'where' belongs to 'for' or 'let'"},
    {"order", "'order by' belongs to 'for' or 'let'"},
    {"then", "'then' follows if (…)"},
    {"else", "'else' follows if (…) then …"},
    {"elseif", "write 'else if (…) then … else …'"},
    {"elif", "write 'else if (…) then … else …'"},
    {"contains", "write contains(text, part)"},
    {"starts-with", "write starts-with(text, start)"},
    {"ends-with", "write ends-with(text, end)"},
    {"matches", "write matches(text, pattern)"},
    {"like", "write contains(text, part) or matches(text, pattern)"},
    {"not", "write not(…)"},
    {"xor", "write boolean(a) != boolean(b)"},
};

constexpr std::string_view kKeywords[] = {
    "and",   "or",  "eq",    "ne",     "lt",   "le",   "gt", "ge", "div",       "mod",   "to",     "is",
    "union", "for", "where", "return", "then", "else", "in", "as", "satisfies", "order", "default"};

std::string_view word_at(std::string_view text, std::size_t at) {
    std::size_t end = at;
    while (end < text.size()) {
        const xml::CodePoint c = xml::code_point_at(text, end);
        if (end == at ? !xml::is_name_start(c.value) : !xml::is_name_char(c.value)) break;
        end += c.bytes;
    }
    return text.substr(at, end - at);
}

std::string word_slip(std::string_view word) {
    for (const Slip& row : kWords) {
        if (row.written == word) return std::string(row.hint);
    }
    std::string lower(word);
    for (char& c : lower) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    if (lower != word && std::find(std::begin(kKeywords), std::end(kKeywords), lower) != std::end(kKeywords))
        return "write '" + lower + "'; keywords are in lower case";
    return {};
}

// "not a", "return 1": the slip is the word before, which was taken for an element's name.
std::string slip_before(std::string_view text, std::size_t end) {
    std::size_t start = end;
    while (start > 0 && xml::is_name_char(static_cast<unsigned char>(text[start - 1]))) --start;
    for (const Slip& row : kWords) {
        if (row.written == text.substr(start, end - start)) return std::string(row.hint);
    }
    return {};
}

}  // namespace

std::string near_miss(std::string_view text, std::size_t at) {
    if (at >= text.size()) return {};
    std::size_t before = at;
    while (before > 0 && xml::is_space(text[before - 1])) --before;
    if (std::string slip = slip_before(text, before); !slip.empty()) return slip;
    if (const std::string_view word = word_at(text, at); !word.empty()) {
        if (before == at && at > 0 && (text[at - 1] == '\'' || text[at - 1] == '"'))
            return "a quote inside a string is written twice";
        return word_slip(word);
    }
    if (before > 0) {
        for (const auto& pair : kPairs) {
            if (pair.before == text[before - 1] && pair.at == text[at]) return std::string(pair.hint);
        }
    }
    for (const Slip& row : kSymbols) {
        if (text.substr(at).starts_with(row.written)) return std::string(row.hint);
    }
    return {};
}

}  // namespace clacks::xquery::syntax
