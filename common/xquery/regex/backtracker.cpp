#include "common/xquery/regex/backtracker.hpp"

#include <algorithm>
#include <string>

#include "common/xml/characters.hpp"
#include "common/xquery/values/error.hpp"

namespace clacks::xquery {

namespace {

using regex::Node;
using regex::Tree;
using Op = Backtracker::Instruction::Op;
using Kind = Node::Kind;

constexpr std::size_t kHighest = 1'000'000;  // ways that wait to be tried

class Run {
  public:
    Run(const Tree& tree, const std::vector<Backtracker::Instruction>& program, std::size_t registers,
        std::string_view text, Steps& steps)
        : tree_(tree),
          program_(program),
          text_(text),
          steps_(steps),
          registers_(registers, Captured::kNone) {}

    bool from(std::size_t start) {
        std::fill(registers_.begin(), registers_.end(), Captured::kNone);
        waiting_.clear();
        position_ = start;
        at_ = 0;
        while (program_[at_].op != Op::match) {
            steps_.take();
            if (!move() && !give_way()) return false;
        }
        return true;
    }

    std::size_t position() const { return position_; }
    Captured group(std::size_t n) const {
        if (registers_[2 * n + 1] == Captured::kNone) return {};
        return {registers_[2 * n], registers_[2 * n + 1]};
    }

  private:
    // A way to try, or, with `reg`, an old value to restore on the way back.
    struct Waiting {
        std::uint32_t at;
        std::uint32_t reg;
        std::size_t position;
    };
    static constexpr std::uint32_t kNoRegister = 0xFFFFFFFF;

    void push(const Waiting& waiting) {
        if (waiting_.size() >= kHighest)
            fail(Code::limit_memory, "a regular expression with back-references tries too much at once",
                 "write it so that it can match in fewer ways");
        waiting_.push_back(waiting);
    }

    bool give_way() {
        while (!waiting_.empty()) {
            const Waiting last = waiting_.back();
            waiting_.pop_back();
            if (last.reg != kNoRegister) {
                registers_[last.reg] = last.position;
                continue;
            }
            at_ = last.at;
            position_ = last.position;
            return true;
        }
        return false;
    }

    void save(std::uint32_t reg, std::size_t value) {
        push({0, reg, registers_[reg]});
        registers_[reg] = value;
    }

    bool move() {
        const Backtracker::Instruction& i = program_[at_];
        switch (i.op) {
            case Op::split:
                push({i.b, kNoRegister, position_});
                at_ = i.a;
                return true;
            case Op::jump:
                at_ = i.a;
                return true;
            case Op::save:
                save(i.a, position_);
                break;
            case Op::progress:
                at_ = registers_[i.a] == position_ ? i.b : at_ + 1;
                return true;
            case Op::begin:
                if (!at_begin()) return false;
                break;
            case Op::end:
                if (!at_end()) return false;
                break;
            case Op::back_reference:
                if (!repeat(i.a)) return false;
                break;
            default:
                if (!consume(i)) return false;
        }
        ++at_;
        return true;
    }

    bool consume(const Backtracker::Instruction& i) {
        if (position_ == text_.size()) return false;
        const xml::CodePoint c = xml::code_point_at(text_, position_);
        if (i.op == Op::character ? c.value != i.a : !tree_.classes[i.a].contains(c.value)) return false;
        position_ += c.bytes;
        return true;
    }

    // A line ends before a newline; what follows the last newline of the text is no line.
    bool at_begin() const {
        if (position_ == 0) return true;
        return tree_.flags.lines && position_ < text_.size() && text_[position_ - 1] == '\n';
    }
    bool at_end() const {
        if (!tree_.flags.lines) return position_ == text_.size();
        if (position_ == text_.size()) return position_ == 0 || text_[position_ - 1] != '\n';
        return text_[position_] == '\n';
    }

    // A group that captured nothing is repeated by the empty text.
    bool repeat(std::uint32_t number) {
        const Captured captured = group(number);
        if (!captured.matched()) return true;
        std::string_view wanted = text_.substr(captured.begin, captured.end - captured.begin);
        steps_.take(wanted.size() / 16);
        if (!tree_.flags.ignore_case) {
            if (!text_.substr(position_).starts_with(wanted)) return false;
            position_ += wanted.size();
            return true;
        }
        while (!wanted.empty()) {
            if (position_ == text_.size()) return false;
            const xml::CodePoint a = xml::code_point_at(wanted, 0);
            const xml::CodePoint b = xml::code_point_at(text_, position_);
            if (!regex::same_but_for_case(a.value, b.value)) return false;
            wanted.remove_prefix(a.bytes);
            position_ += b.bytes;
        }
        return true;
    }

    const Tree& tree_;
    const std::vector<Backtracker::Instruction>& program_;
    std::string_view text_;
    Steps& steps_;
    std::vector<std::size_t> registers_;
    std::vector<Waiting> waiting_;
    std::uint32_t at_ = 0;
    std::size_t position_ = 0;
};

}  // namespace

Backtracker::Backtracker(regex::Tree tree) : tree_(std::move(tree)) {
    registers_ = static_cast<std::uint32_t>(2 * tree_.parents.size());
    compile(tree_.root);
    add(Op::match);
}

void Backtracker::fail_as_too_large() {
    fail(Code::limit_memory, "the repetitions of the regular expression make it too large",
         "repeat fewer times");
}

std::uint32_t Backtracker::add(Op op, std::uint32_t a, std::uint32_t b) {
    if (program_.size() >= kLargest) fail_as_too_large();
    program_.push_back({op, a, b});
    return static_cast<std::uint32_t>(program_.size() - 1);
}

void Backtracker::compile(std::uint32_t index) {
    const Node& node = tree_.nodes[index];
    switch (node.kind) {
        case Kind::character:
            add(Op::character, node.value);
            return;
        case Kind::set:
            add(Op::set, node.value);
            return;
        case Kind::sequence:
            for (const std::uint32_t part : node.parts) compile(part);
            return;
        case Kind::choice: {
            std::vector<std::uint32_t> jumps;
            for (std::size_t i = 0; i + 1 < node.parts.size(); ++i) {
                const std::uint32_t split = add(Op::split);
                program_[split].a = split + 1;
                compile(node.parts[i]);
                jumps.push_back(add(Op::jump));
                program_[split].b = static_cast<std::uint32_t>(program_.size());
            }
            compile(node.parts.back());
            for (const std::uint32_t jump : jumps)
                program_[jump].a = static_cast<std::uint32_t>(program_.size());
            return;
        }
        case Kind::repeat:
            return compile_repeat(node);
        case Kind::group:
            add(Op::save, 2 * node.value);
            compile(node.parts[0]);
            add(Op::save, 2 * node.value + 1);
            return;
        case Kind::begin:
            add(Op::begin);
            return;
        case Kind::end:
            add(Op::end);
            return;
        case Kind::back_reference:
            add(Op::back_reference, node.value);
            return;
    }
}

void Backtracker::compile_repeat(const Node& repeat) {
    for (std::uint32_t i = 0; i < repeat.least; ++i) compile(repeat.parts[0]);
    const auto split = [&] { return add(Op::split); };
    const auto aim = [&](std::uint32_t at, std::uint32_t inside, std::uint32_t behind) {
        program_[at].a = repeat.greedy ? inside : behind;
        program_[at].b = repeat.greedy ? behind : inside;
    };
    if (repeat.most == regex::kUnlimited) {
        const std::uint32_t start = split();
        const std::uint32_t moved = registers_++;
        add(Op::save, moved);
        compile(repeat.parts[0]);
        const std::uint32_t progress = add(Op::progress, moved);
        add(Op::jump, start);
        program_[progress].b = static_cast<std::uint32_t>(program_.size());
        aim(start, start + 1, static_cast<std::uint32_t>(program_.size()));
        return;
    }
    std::vector<std::uint32_t> splits;
    for (std::uint32_t i = repeat.least; i < repeat.most; ++i) {
        splits.push_back(split());
        compile(repeat.parts[0]);
    }
    for (const std::uint32_t at : splits) aim(at, at + 1, static_cast<std::uint32_t>(program_.size()));
}

bool Backtracker::find(std::string_view text, std::size_t from, std::span<Captured> groups,
                       Steps& steps) const {
    Run run(tree_, program_, registers_, text, steps);
    for (std::size_t start = from; start <= text.size();) {
        if (run.from(start)) {
            if (!groups.empty()) groups[0] = {start, run.position()};
            for (std::size_t i = 1; i < groups.size(); ++i) groups[i] = run.group(i);
            return true;
        }
        if (start == text.size()) return false;
        start += xml::code_point_at(text, start).bytes;
    }
    return false;
}

}  // namespace clacks::xquery
