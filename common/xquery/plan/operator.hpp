// A compiled query is a tree of operators. Evaluation pushes: an operator hands its items one by one
// to a sink, and stops as soon as the sink wants no more, so that nothing is held that need not be.
//
// An operator is immutable and lives, as all it points to, in the arena of its program; it is never
// destroyed by itself. A sink that evaluates something does so under its own focus and leaves the
// frame as it found it, so that producers may change the focus freely while they push.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "common/xquery/functions/library.hpp"
#include "common/xquery/plan/static_type.hpp"
#include "common/xquery/values/atomize.hpp"
#include "common/xquery/values/sequence.hpp"

namespace clacks::xquery::detail {
struct Program;
}  // namespace clacks::xquery::detail

namespace clacks::xquery::plan {

// For name tests: what they look for in the tree that was seen last.
struct NameMemo {
    static constexpr std::uint32_t kMany = 0xFFFFFFFE;  // the name with several prefixes, or too many names
    std::uint64_t tree = 0;                             // its order, which no other tree ever has
    std::uint32_t name = 0;
};

// A variable of the prolog gets its value when it is first asked for.
enum class Making : std::uint8_t { not_begun, begun, done };

class Watcher;  // plan/watch.hpp

// One evaluation: what functions see, and the variables.
struct Frame : CallContext {
    std::span<Value> slots;
    std::span<NameMemo> memos;
    std::size_t where = 0;            // offset of the operator that ran last something that can fail
    std::span<Making> made;           // of the variables of the prolog, by slot
    std::span<const Value> external;  // values given to external variables
    std::span<const bool> bound;      // which of them have one
    Focus initial_focus;
    const xquery::detail::Program* program = nullptr;  // whose slots these are
    std::size_t calls = 0;                             // of declared functions, nested
    std::size_t recursion = 0;                         // the limit of that
    std::size_t levels = 0;      // operators nested by those calls and by variables of the prolog
    bool on_deep_stack = false;  // plan/deep_stack.hpp
    Watcher* watcher = nullptr;  // of an evaluation that is explained
};

class Construction;

class Sink {
  public:
    // False: no more items are wanted.
    virtual bool take(const Item& item) = 0;
    // Where the items become content of a node that is being made: a constructor then builds there and
    // hands over nothing, so that nested constructors copy nothing.
    virtual Construction* construction() { return nullptr; }

  protected:
    ~Sink() = default;
};

// What is known of an operator's result before it runs: its static type, and how it comes about.
struct Traits : StaticType {
    bool ordered = false;              // nodes in document order, none twice
    bool disjoint = false;             // no node holds another one
    bool streams = true;               // false: writes its result out anyway
    std::uint16_t effects = 0;         // Effect: kContextItem, kPosition, kLast …
    std::uint16_t calling = kAnyCall;  // the effects of calling the functions that it gives

    StaticType& type() { return *this; }
    const StaticType& type() const { return *this; }
    bool uses_focus() const { return (effects & kFocus) != 0; }
    // It is the same to evaluate it once or often, as long as its variables and its focus are the same.
    bool repeatable() const { return (effects & (kAnyCall | kUnsettled)) == 0; }
};

// Up to one item, told from more.
struct Single {
    Item item;
    std::uint8_t count = 0;  // 0, 1 or 2: more than one
    bool empty() const { return count == 0; }
};

inline Single single_of(const Value& value) {
    return {value.single, static_cast<std::uint8_t>(value.count < 2 ? value.count : 2)};
}

// As Operator::slice tells it.
std::string_view slice_of(const Single& value);

class Operator {
  public:
    // Hands every item to the sink; false when the sink stopped it.
    virtual bool push(Frame& frame, Sink& sink) const = 0;
    // The defaults are made of push.
    virtual Value all(Frame& frame) const;
    virtual Single single(Frame& frame) const;
    // The text of its only item, where that lies there already: of a node, or a text; "" where there is no
    // item. With a null data() where it takes the general way, by `single` or `all`.
    virtual std::string_view slice(Frame& frame) const;
    virtual bool ebv(Frame& frame) const;
    virtual bool exists(Frame& frame) const;
    virtual std::uint64_t count(Frame& frame, std::uint64_t stop_at) const;  // may stop counting at stop_at
    // The value, when it is known already.
    virtual const Value* constant() const { return nullptr; }
    // The value, when it lies in the frame or the plan already.
    virtual const Value* held(Frame&) const { return nullptr; }

    Traits traits;
    std::size_t offset = 0;  // into the query text

  protected:
    ~Operator() = default;
    // To be called before whatever can fail, so that the error knows its place.
    void here(Frame& frame) const { frame.where = offset; }
};

using Plan = const Operator*;

// How deep operators may nest within one body, on the stack that a thread has usually, and over all bodies
// that are being evaluated. What nests takes room on a stack, so this is bounded where the query is not.
inline constexpr std::size_t kBodyLevels = 1000;
inline constexpr std::size_t kStackLevels = 3000;
#ifdef __SANITIZE_THREAD__  // which keeps at most 65,536 calls in its own stack, and crashes beyond
inline constexpr std::size_t kAllLevels = 40'000;
#else
inline constexpr std::size_t kAllLevels = 60'000;
#endif

// Enters another body: a function's, or that of a variable of the prolog. Fails with limit-recursion.
class Descent {
  public:
    Descent(Frame& frame, std::size_t levels);
    ~Descent() { frame_.levels -= levels_; }
    Descent(const Descent&) = delete;
    Descent& operator=(const Descent&) = delete;

  private:
    Frame& frame_;
    std::size_t levels_;
};

// Runs code of another module for a scope: `statics` are that module's.
class ModuleScope {
  public:
    ModuleScope(Frame& frame, const StaticInfo* module) : frame_(frame), saved_(frame.statics) {
        frame.statics = module;
    }
    ~ModuleScope() { frame_.statics = saved_; }
    ModuleScope(const ModuleScope&) = delete;
    ModuleScope& operator=(const ModuleScope&) = delete;

  private:
    Frame& frame_;
    const StaticInfo* saved_;
};

// Sets a focus for a scope.
class FocusScope {
  public:
    FocusScope(Frame& frame, const Focus& focus) : frame_(frame), saved_(frame.focus) { frame.focus = focus; }
    ~FocusScope() { frame_.focus = saved_; }
    FocusScope(const FocusScope&) = delete;
    FocusScope& operator=(const FocusScope&) = delete;

  private:
    Frame& frame_;
    Focus saved_;
};

// The value of the operand, atomized: one item where it has at most one.
Single atomized(Plan operand, Frame& frame);
// Calls action(atom) for what an item is atomized to, until it returns false; false then.
template <class Action>
bool each_atom(const Item& item, Frame& frame, Action&& action) {
    if (item.type != Type::array) return action(item);
    const Value atoms = atomize(Value(item), frame.arena, frame.steps);
    for (const Item atom : atoms) {
        if (!action(atom)) return false;
    }
    return true;
}

// Pushes the items of a value.
bool push_value(const Value& value, Frame& frame, Sink& sink);

// Collects; one item needs no memory.
class Collector final : public Sink {
  public:
    explicit Collector(Frame& frame) : builder_(frame.arena) {}
    bool take(const Item& item) override {
        if (count_++ == 0) {
            first_ = item;
            return true;
        }
        if (count_ == 2) builder_.add(first_);
        builder_.add(item);
        return true;
    }
    Value value() const { return count_ == 0 ? Value() : count_ == 1 ? Value(first_) : builder_.value(); }
    // Only when there is more than one item.
    std::span<Item> items() { return builder_.items(); }
    std::uint64_t size() const { return count_; }

  private:
    SequenceBuilder builder_;
    Item first_;
    std::uint64_t count_ = 0;
};

// An operator whose result is computed at once: defines all, the rest follows.
class Computed : public Operator {
  public:
    bool push(Frame& frame, Sink& sink) const final;
    Single single(Frame& frame) const override;
    bool ebv(Frame& frame) const override;
    bool exists(Frame& frame) const override;
    std::uint64_t count(Frame& frame, std::uint64_t stop_at) const override;
    Value all(Frame& frame) const override = 0;

  protected:
    ~Computed() = default;
};

// An operator that gives at most one item: defines single, the rest follows.
class Scalar : public Operator {
  public:
    Scalar() { traits.at_most_one = true; }
    bool push(Frame& frame, Sink& sink) const final;
    Value all(Frame& frame) const final;
    bool ebv(Frame& frame) const override;
    bool exists(Frame& frame) const final;
    std::uint64_t count(Frame& frame, std::uint64_t stop_at) const final;
    Single single(Frame& frame) const override = 0;

  protected:
    ~Scalar() = default;
};

// An operator that gives exactly one boolean: defines ebv, the rest follows.
class Truth : public Scalar {
  public:
    Truth() {
        traits.at_least_one = true;
        traits.kinds = kBooleans;
    }
    Single single(Frame& frame) const final;
    bool ebv(Frame& frame) const override = 0;

  protected:
    ~Truth() = default;
};

}  // namespace clacks::xquery::plan
