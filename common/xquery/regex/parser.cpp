#include <algorithm>
#include <string>

#include "common/base/text.hpp"
#include "common/xml/characters.hpp"
#include "common/xquery/regex/syntax.hpp"
#include "common/xquery/values/error.hpp"

namespace clacks::xquery::regex {

namespace {

constexpr std::size_t kDeepest = 200;
constexpr std::size_t kLongest = 100'000;  // characters; a tree needs some fifty times as much

bool is_digit(char32_t c) {
    return c >= '0' && c <= '9';
}

bool is_one_of(char32_t c, std::string_view characters) {
    return c < 128 && characters.find(static_cast<char>(c)) != std::string_view::npos;
}

using Kind = Node::Kind;

class Parser {
  public:
    Parser(std::string_view pattern, const Flags& flags) : pattern_(pattern) {
        tree_.flags = flags;
        read_characters();
        tree_.nodes.reserve(characters_.size());
    }

    Tree parse() {
        tree_.root = tree_.flags.literal ? literal() : choice();
        if (!at_end()) bad("')' has no '(' before it");
        return std::move(tree_);
    }

  private:
    struct Character {
        char32_t value;
        std::size_t position;  // in the pattern as written, from 1
    };

    // Under the flag x without the white space outside of classes.
    void read_characters() {
        characters_.reserve(pattern_.size());
        int brackets = 0;
        bool escaped = false;
        std::size_t position = 0;
        for (std::size_t at = 0; at < pattern_.size();) {
            const xml::CodePoint c = xml::code_point_at(pattern_, at);
            at += c.bytes;
            ++position;
            if (!escaped && c.value == '[') ++brackets;
            if (!escaped && c.value == ']') --brackets;
            const bool space = c.value < 128 && xml::is_space(static_cast<char>(c.value));
            if (tree_.flags.spaced && space && brackets <= 0) continue;
            escaped = !escaped && c.value == '\\';
            characters_.push_back({c.value, position});
        }
        if (characters_.size() > kLongest)
            fail(Code::limit_memory,
                 "the regular expression has more than " + std::to_string(kLongest) + " characters");
    }

    [[noreturn]] void bad(const std::string& why, std::size_t back = 0) const {
        const std::size_t at = at_ - std::min(back, at_);
        const std::string place = at < characters_.size()
                                      ? "at character " + std::to_string(characters_[at].position)
                                      : "at its end";
        fail(Code::FORX0002,
             "the regular expression '" + one_line(pattern_, 100) + "' is not valid " + place + ": " + why,
             "see the syntax in Functions and Operators 3.1, section 5.6.1");
    }

    bool at_end() const { return at_ == characters_.size(); }
    // 0 at the end, which no pattern holds.
    char32_t peek(std::size_t ahead = 0) const {
        return at_ + ahead < characters_.size() ? characters_[at_ + ahead].value : 0;
    }
    bool take(char32_t c) {
        if (at_end() || peek() != c) return false;
        ++at_;
        return true;
    }

    std::uint32_t add(Node node) {
        tree_.nodes.push_back(std::move(node));
        return static_cast<std::uint32_t>(tree_.nodes.size() - 1);
    }
    std::uint32_t add(Kind kind, std::uint32_t value = 0, std::vector<std::uint32_t> parts = {}) {
        Node node;
        node.kind = kind;
        node.value = value;
        node.parts = std::move(parts);
        return add(std::move(node));
    }
    std::uint32_t add_class(CharacterClass set) {
        tree_.classes.push_back(std::move(set));
        return add(Kind::set, static_cast<std::uint32_t>(tree_.classes.size() - 1));
    }
    std::uint32_t add_character(char32_t c) {
        if (!tree_.flags.ignore_case) return add(Kind::character, c);
        std::vector<CharacterClass::Range> ranges{{c, c}};
        add_case_variants(ranges);
        if (ranges.size() == 1) return add(Kind::character, c);
        return add_class(CharacterClass(std::move(ranges)));
    }

    std::uint32_t literal() {
        std::vector<std::uint32_t> parts;
        for (; !at_end(); ++at_) parts.push_back(add_character(peek()));
        return add(Kind::sequence, 0, std::move(parts));
    }

    std::uint32_t choice() {
        if (++depth_ > kDeepest)
            fail(Code::limit_nesting,
                 "the regular expression nests more than " + std::to_string(kDeepest) + " deep");
        std::vector<std::uint32_t> branches{branch()};
        while (take('|')) branches.push_back(branch());
        --depth_;
        return branches.size() == 1 ? branches[0] : add(Kind::choice, 0, std::move(branches));
    }

    std::uint32_t branch() {
        std::vector<std::uint32_t> pieces;
        pieces.reserve(8);
        while (!at_end() && peek() != '|' && peek() != ')') pieces.push_back(quantified(atom()));
        return pieces.size() == 1 ? pieces[0] : add(Kind::sequence, 0, std::move(pieces));
    }

    std::uint32_t quantified(std::uint32_t operand) {
        Node node;
        node.kind = Kind::repeat;
        if (take('?')) {
            node.most = 1;
        } else if (take('*')) {
            node.most = kUnlimited;
        } else if (take('+')) {
            node.least = 1;
            node.most = kUnlimited;
        } else if (take('{')) {
            quantity(node);
        } else {
            return operand;
        }
        node.greedy = !take('?');
        node.parts = {operand};
        return add(std::move(node));
    }

    void quantity(Node& node) {
        const std::size_t start = at_;
        node.least = node.most = number();
        if (take(',')) node.most = is_digit(peek()) ? number() : kUnlimited;
        if (!take('}')) bad("a quantity is written {n}, {n,} or {n,m}");
        if (node.most < node.least) bad("the quantity's second number is less than the first", at_ - start);
    }

    std::uint32_t number() {
        if (!is_digit(peek())) bad("a quantity needs a number");
        std::uint64_t value = 0;
        for (; is_digit(peek()); ++at_)
            value = std::min<std::uint64_t>(value * 10 + (peek() - '0'), kUnlimited - 1);
        return static_cast<std::uint32_t>(value);
    }

    std::uint32_t atom() {
        const char32_t c = peek();
        if (is_one_of(c, "?*+{")) bad("there is nothing before the quantifier to repeat");
        if (is_one_of(c, "}]")) bad("an unmatched bracket must be written with a backslash");
        ++at_;
        switch (c) {
            case '(':
                return group();
            case '[':
                return add_class(class_expression());
            case '\\':
                return escape();
            case '.':
                return wildcard();
            case '^':
                tree_.anchors = true;
                return add(Kind::begin);
            case '$':
                tree_.anchors = true;
                return add(Kind::end);
            default:
                return add_character(c);
        }
    }

    std::uint32_t wildcard() {
        if (tree_.flags.dot_all) return add_class(CharacterClass({{0, 0x10FFFF}}));
        return add_class(CharacterClass({{'\n', '\n'}, {'\r', '\r'}}).inverted());
    }

    std::uint32_t group() {
        const std::size_t start = at_;
        const bool captures = !take('?');
        if (!captures && !take(':')) bad("only '(?:' may follow '(?'");
        const std::size_t number = tree_.parents.size();
        const std::size_t around = open_.empty() ? 0 : open_.back();
        if (captures) {
            tree_.parents.push_back(around);
            open_.push_back(number);
        }
        const std::uint32_t inner = choice();
        if (!take(')')) bad("'(' has no ')' behind it", at_ - start + 1);
        if (!captures) return inner;
        open_.pop_back();
        return add(Kind::group, static_cast<std::uint32_t>(number), {inner});
    }

    bool is_closed(std::size_t group) const {
        return group < tree_.parents.size() && std::find(open_.begin(), open_.end(), group) == open_.end();
    }

    std::uint32_t back_reference() {
        std::size_t number = peek() - '0';
        if (number == 0) bad("\\0 is no back-reference");
        ++at_;
        // More digits belong to it as long as there are so many groups.
        while (is_digit(peek()) && number * 10 + (peek() - '0') < tree_.parents.size())
            number = number * 10 + (characters_[at_++].value - '0');
        if (!is_closed(number))
            bad("no group " + std::to_string(number) + " ends before the back-reference to it", 1);
        tree_.back_references = true;
        return add(Kind::back_reference, static_cast<std::uint32_t>(number));
    }

    std::uint32_t escape() {
        if (is_digit(peek())) return back_reference();
        CharacterClass set;
        if (class_escape(set)) return add_class(std::move(set));
        return add_character(single_escape());
    }

    // Behind the backslash: a letter for a class.
    bool class_escape(CharacterClass& out) {
        const char32_t c = peek();
        if (c == 'p' || c == 'P') {
            ++at_;
            property(out);
            if (c == 'P') out = out.inverted();
            return true;
        }
        if (c >= 128 || c == 0) return false;
        const auto lower = static_cast<char>(c | 0x20);
        const CharacterClass* known = is_one_of(c, "sSiIcCdDwW") ? class_of_escape(lower) : nullptr;
        if (known == nullptr) return false;
        ++at_;
        out = static_cast<char>(c) == lower ? *known : known->inverted();
        return true;
    }

    void property(CharacterClass& out) {
        const std::size_t start = at_;
        if (!take('{')) bad("'{' must follow \\p and \\P");
        std::string name;
        while (!at_end() && peek() != '}') xml::append_utf8(name, characters_[at_++].value);
        if (!take('}')) bad("'{' has no '}' behind it");
        if (!class_of_property(name, out))
            bad("there is no category or block '" + one_line(name, 40) + "'", at_ - start);
    }

    char32_t single_escape() {
        if (at_end()) bad("nothing follows the backslash");
        const char32_t c = characters_[at_++].value;
        if (c == 'n') return '\n';
        if (c == 'r') return '\r';
        if (c == 't') return '\t';
        if (is_one_of(c, "\\|.?*+(){}-[]^$")) return c;
        std::string shown;
        xml::append_utf8(shown, c);
        bad("there is no escape '\\" + one_line(shown, 10) + "'", 1);
    }

    // Behind '['.
    CharacterClass class_expression() {
        if (++depth_ > kDeepest)
            fail(Code::limit_nesting,
                 "the regular expression nests more than " + std::to_string(kDeepest) + " deep");
        const std::size_t start = at_;
        const bool negated = take('^');
        std::vector<CharacterClass::Range> ranges;  // what the flag i widens
        std::vector<CharacterClass::Range> others;
        bool subtracts = false;
        while (!subtracts && peek() != ']') {
            if (at_end()) bad("'[' has no ']' behind it", at_ - start + 1);
            subtracts = peek() == '-' && peek(1) == '[';
            if (subtracts && ranges.empty() && others.empty()) bad("there is nothing to subtract from");
            if (!subtracts) class_part(ranges, others);
        }
        if (ranges.empty() && others.empty()) bad("a class cannot be empty");
        if (tree_.flags.ignore_case) add_case_variants(ranges);
        ranges.insert(ranges.end(), others.begin(), others.end());
        CharacterClass out(std::move(ranges));
        if (negated) out = out.inverted();
        if (subtracts) {
            at_ += 2;
            out = out.without(class_expression());
        }
        if (!take(']')) bad("']' must follow");
        --depth_;
        return out;
    }

    // One character, range or escape of a class.
    void class_part(std::vector<CharacterClass::Range>& ranges, std::vector<CharacterClass::Range>& others) {
        CharacterClass set;
        if (peek() == '\\') {
            ++at_;
            if (class_escape(set)) {
                others.insert(others.end(), set.ranges().begin(), set.ranges().end());
                return;
            }
            --at_;
        }
        const std::size_t start = at_;
        const bool hyphen = peek() == '-';
        const char32_t first = class_character();
        if (peek() != '-' || peek(1) == ']' || peek(1) == '[' || (peek(1) == '-' && peek(2) == '[')) {
            ranges.emplace_back(first, first);
            return;
        }
        ++at_;
        if (hyphen || peek() == '-') bad("a hyphen at the end of a range must be written \\-");
        const char32_t last = class_character();
        if (last < first) bad("the range ends before it begins", at_ - start);
        ranges.emplace_back(first, last);
    }

    char32_t class_character() {
        if (at_end()) bad("']' is missing");
        if (peek() == '[' || peek() == ']') bad("a bracket in a class must be written with a backslash");
        const char32_t c = characters_[at_++].value;
        return c == '\\' ? single_escape() : c;
    }

    std::string_view pattern_;
    std::vector<Character> characters_;
    std::size_t at_ = 0;
    std::size_t depth_ = 0;
    std::vector<std::size_t> open_;  // groups that have not ended yet
    Tree tree_;
};

}  // namespace

Flags read_flags(std::string_view flags) {
    Flags out;
    for (const char c : flags) {
        if (c == 's')
            out.dot_all = true;
        else if (c == 'm')
            out.lines = true;
        else if (c == 'i')
            out.ignore_case = true;
        else if (c == 'x')
            out.spaced = true;
        else if (c == 'q')
            out.literal = true;
        else
            fail(Code::FORX0001, "'" + one_line(flags, 40) + "' are not flags of a regular expression",
                 "there are s, m, i, x and q");
    }
    if (out.literal) out.spaced = false;
    return out;
}

Tree parse(std::string_view pattern, const Flags& flags) {
    return Parser(pattern, flags).parse();
}

}  // namespace clacks::xquery::regex
