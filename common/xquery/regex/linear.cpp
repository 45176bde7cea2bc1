#include "common/xquery/regex/linear.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "common/xml/characters.hpp"
#include "common/xquery/values/error.hpp"

namespace clacks::xquery {

namespace {

using regex::Node;
using regex::Tree;
using Kind = Node::Kind;

constexpr std::size_t kMemory = 2 * 1024 * 1024;  // of one expression and the states it visits
constexpr std::uint32_t kMostRepeated = 1000;     // by RE2
// RE2 refuses what does not fit its memory, but takes seconds to find out where there is far too much.
constexpr std::uint64_t kMostInstructions = 20'000;
// What has no more of them RE2 accepts: it fits the memory many times, and repetitions within each other
// multiply to no more than RE2 counts.
constexpr std::uint64_t kSureInstructions = 1000;
constexpr std::uint64_t kInstructionsOfRange = 32;  // at most, as it goes by the bytes of UTF-8

// Writes the tree in RE2's syntax. Classes are written out, since RE2 knows other ones and other tables.
class Writer {
  public:
    explicit Writer(const Tree& tree) : tree_(tree) {}

    std::string write() {
        out_.reserve(16 * tree_.nodes.size());
        node(tree_.root);
        return std::move(out_);
    }

  private:
    void code_point(char32_t c) {
        std::array<char, 8> digits{};
        const auto [end, error] =
            std::to_chars(digits.begin(), digits.end(), static_cast<std::uint32_t>(c), 16);
        (void)error;
        out_ += "\\x{";
        out_.append(digits.data(), end);
        out_ += '}';
    }

    void character(char32_t c) {
        const bool plain =
            c >= 0x80 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (plain)
            xml::append_utf8(out_, c);
        else
            code_point(c);
    }

    void set(const regex::CharacterClass& set) {
        out_ += set.ranges().empty() ? "[^\\x{0}-\\x{10FFFF}" : "[";
        for (const auto& [first, last] : set.ranges()) {
            code_point(first);
            if (first == last) continue;
            out_ += '-';
            code_point(last);
        }
        out_ += ']';
    }

    // RE2 takes the usual ones in less time when they have their short form.
    void quantifier(std::uint32_t least, std::uint32_t most) {
        if (least < 2 && most == regex::kUnlimited) {
            out_ += least == 0 ? '*' : '+';
        } else if (least == 0 && most == 1) {
            out_ += '?';
        } else {
            out_ += "{" + std::to_string(least) + ",";
            if (most != regex::kUnlimited) out_ += std::to_string(most);
            out_ += '}';
        }
    }

    void repeat(const Node& repeat) {
        const auto piece = [&](std::uint32_t least, std::uint32_t most) {
            out_ += "(?:";
            node(repeat.parts[0]);
            out_ += ')';
            quantifier(least, most);
            if (!repeat.greedy) out_ += '?';
        };
        // What is more than RE2 counts is written as several repetitions, if they are not far too many.
        std::uint32_t least = repeat.least, most = repeat.most;
        for (int n = 0; n < 100 && std::max(least, most == regex::kUnlimited ? 0 : most) > kMostRepeated;
             ++n) {
            const std::uint32_t now = std::min(least, kMostRepeated);
            const std::uint32_t at_most = now == kMostRepeated ? now : std::min(most, kMostRepeated);
            piece(now, at_most);
            least -= now;
            if (most != regex::kUnlimited) most -= at_most;
        }
        piece(least, most);
    }

    void node(std::uint32_t index) {
        const Node& node = tree_.nodes[index];
        switch (node.kind) {
            case Kind::character:
                return character(node.value);
            case Kind::set:
                return set(tree_.classes[node.value]);
            case Kind::sequence:
                for (const std::uint32_t part : node.parts) this->node(part);
                return;
            case Kind::choice:
                out_ += "(?:";
                for (std::size_t i = 0; i < node.parts.size(); ++i) {
                    if (i > 0) out_ += '|';
                    this->node(node.parts[i]);
                }
                out_ += ')';
                return;
            case Kind::repeat:
                return repeat(node);
            case Kind::group:
                out_ += '(';
                this->node(node.parts[0]);
                out_ += ')';
                return;
            case Kind::begin:
                out_ += tree_.flags.lines ? "(?m:^)" : "\\A";
                return;
            case Kind::end:
                out_ += tree_.flags.lines ? "(?m:$)" : "\\z";
                return;
            case Kind::back_reference:
                return;  // never asked for
        }
    }

    const Tree& tree_;
    std::string out_;
};

// Whether a repetition of more than RE2 counts has groups in it, which cannot be written twice.
bool repeats_groups(const Tree& tree, std::uint32_t index, bool repeated) {
    const Node& node = tree.nodes[index];
    if (node.kind == Kind::group && repeated) return true;
    const bool often =
        node.kind == Kind::repeat &&
        (node.least > kMostRepeated || (node.most > kMostRepeated && node.most != regex::kUnlimited));
    return std::any_of(node.parts.begin(), node.parts.end(),
                       [&](std::uint32_t part) { return repeats_groups(tree, part, repeated || often); });
}

// About how many instructions RE2 makes of a node, where a class takes one and so many for each of its
// ranges; no more than kMostInstructions + 1 are told apart.
std::uint64_t instructions(const Tree& tree, std::uint32_t index, std::uint64_t of_range) {
    const Node& node = tree.nodes[index];
    std::uint64_t inside = 0;
    for (const std::uint32_t part : node.parts) inside += instructions(tree, part, of_range);
    if (node.kind == Kind::set) inside = of_range * tree.classes[node.value].ranges().size();
    if (node.kind == Kind::repeat) {
        const std::uint64_t times = node.most == regex::kUnlimited ? node.least + 1 : node.most;
        inside = times * (inside + (node.most == node.least ? 0 : 1));
    }
    return std::min(inside + 1, kMostInstructions + 1);
}

}  // namespace

std::unique_ptr<const LinearMatcher> LinearMatcher::make(const Tree& tree) {
    if (tree.back_references || repeats_groups(tree, tree.root, false)) return nullptr;
    if (instructions(tree, tree.root, 0) > kMostInstructions) return nullptr;
    std::unique_ptr<const LinearMatcher> made(new LinearMatcher(Writer(tree).write()));
    const bool sure = instructions(tree, tree.root, kInstructionsOfRange) <= kSureInstructions;
    return sure || made->compiled().ok() ? std::move(made) : nullptr;
}

LinearMatcher::~LinearMatcher() {
    delete compiled_.load(std::memory_order_relaxed);
}

const re2::RE2& LinearMatcher::compiled() const {
    if (const re2::RE2* known = compiled_.load(std::memory_order_acquire)) return *known;
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(kMemory);
    auto made = std::make_unique<const re2::RE2>(expression_, options);
    const re2::RE2* known = nullptr;
    if (!compiled_.compare_exchange_strong(known, made.get(), std::memory_order_acq_rel)) return *known;
    return *made.release();
}

bool LinearMatcher::find(std::string_view text, std::size_t from, std::span<Captured> groups) const {
    std::array<re2::StringPiece, 10> few;
    std::vector<re2::StringPiece> many;
    if (groups.size() > few.size()) many.resize(groups.size());
    re2::StringPiece* found = many.empty() ? few.data() : many.data();
    // An empty view may point nowhere, and RE2 tells what took no part by that.
    const re2::StringPiece whole = text.data() == nullptr ? re2::StringPiece("") : re2::StringPiece(text);
    const re2::RE2& expression = compiled();
    if (!expression.ok())  // cannot be; but "no match" would be a wrong answer
        fail(Code::limit_memory, "RE2 does not take the regular expression: " + expression.error());
    if (!expression.Match(whole, from, whole.size(), re2::RE2::UNANCHORED, found,
                          static_cast<int>(groups.size())))
        return false;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        groups[i] = Captured();
        if (found[i].data() == nullptr) continue;
        groups[i].begin = static_cast<std::size_t>(found[i].data() - whole.data());
        groups[i].end = groups[i].begin + found[i].size();
    }
    return true;
}

}  // namespace clacks::xquery
