// Constants, variables, sequences, conditions and logic.
#pragma once

#include <span>
#include <string_view>

#include "common/xquery/plan/operator.hpp"
#include "common/xquery/values/sequence_type.hpp"

namespace clacks::xquery::plan {

// What a bound of `to` is.
SequenceType optional_integer();
// What is known of values of a type.
Traits traits_of(const SequenceType& type);

class Constant final : public Operator {
  public:
    explicit Constant(const Value& value);
    bool push(Frame& frame, Sink& sink) const override { return push_value(value_, frame, sink); }
    Value all(Frame&) const override { return value_; }
    Single single(Frame&) const override { return single_of(value_); }
    const Value* constant() const override { return &value_; }
    const Value* held(Frame&) const override { return &value_; }

  private:
    Value value_;
};

// A number of more digits than are held: FOAR0002, which a query may catch.
class LiteralTooLarge final : public Computed {
  public:
    Value all(Frame& frame) const override;
};

// A variable bound by an expression around it.
class LocalVariable final : public Operator {
  public:
    LocalVariable(std::uint32_t slot, const Traits& known);
    bool push(Frame& frame, Sink& sink) const override { return push_value(frame.slots[slot_], frame, sink); }
    Value all(Frame& frame) const override { return frame.slots[slot_]; }
    const Value* held(Frame& frame) const override { return &frame.slots[slot_]; }
    Single single(Frame& frame) const override { return single_of(frame.slots[slot_]); }
    bool ebv(Frame& frame) const override;
    bool exists(Frame& frame) const override { return !frame.slots[slot_].empty(); }
    std::uint64_t count(Frame& frame, std::uint64_t) const override { return frame.slots[slot_].size(); }
    std::uint32_t slot() const { return slot_; }

  private:
    std::uint32_t slot_;
};

// One variable of the prolog; its value is made when first asked for.
struct GlobalVariable {
    std::string_view name;  // as shown, with the dollar sign
    const StaticInfo* module = nullptr;
    bool is_private = false;  // not seen by other modules
    std::uint32_t slot = 0;   // of its value
    Plan init = nullptr;      // its value or default, or null
    bool external = false;
    std::uint32_t binding = 0;  // external: index into Frame::external
    bool typed = false;
    SequenceType type;
    std::size_t levels = 0;  // of `init`
    std::size_t offset = 0;  // of its name where it is declared
};

// XQDY0054
Error depends_on_itself(const GlobalVariable& variable);

class GlobalReference final : public Computed {
  public:
    explicit GlobalReference(const GlobalVariable& variable);
    Value all(Frame& frame) const override;

  private:
    Value make(Frame& frame) const;
    const GlobalVariable& variable_;
};

// a, b, c
class Comma final : public Operator {
  public:
    explicit Comma(std::span<const Plan> parts);
    bool push(Frame& frame, Sink& sink) const override;

  private:
    std::span<const Plan> parts_;
};

// a to b
// from to to: not written out where its integers fit into 64 bits.
class Range final : public Operator {
  public:
    Range(Plan from, Plan to);
    bool push(Frame& frame, Sink& sink) const override;
    Value all(Frame& frame) const override;
    bool exists(Frame& frame) const override;
    std::uint64_t count(Frame& frame, std::uint64_t stop_at) const override;

  private:
    struct Bounds {
        Int128 from = 1;
        Int128 to = 0;
        bool fits() const;
        Value value() const;
    };
    Bounds bounds(Frame& frame) const;
    static bool push(const Bounds& of, Frame& frame, Sink& sink);
    Single bound(Plan end, Frame& frame) const;
    Plan from_;
    Plan to_;
};

class If final : public Operator {
  public:
    If(Plan condition, Plan then, Plan otherwise);
    bool push(Frame& frame, Sink& sink) const override { return chosen(frame)->push(frame, sink); }
    Value all(Frame& frame) const override { return chosen(frame)->all(frame); }
    Single single(Frame& frame) const override { return chosen(frame)->single(frame); }
    bool ebv(Frame& frame) const override { return chosen(frame)->ebv(frame); }

  private:
    Plan chosen(Frame& frame) const { return condition_->ebv(frame) ? then_ : otherwise_; }
    Plan condition_;
    Plan then_;
    Plan otherwise_;
};

// All of a, b, c … or any of them; stops at the first that decides.
class Logic final : public Truth {
  public:
    enum class Form : std::uint8_t { all, any };
    Logic(Form form, std::span<const Plan> parts);
    bool ebv(Frame& frame) const override;

  private:
    Form form_;
    std::span<const Plan> parts_;
};

// union, intersect, except
class NodeSet final : public Computed {
  public:
    enum class Form : std::uint8_t { unite, intersect, except };
    NodeSet(Form form, Plan left, Plan right);
    Value all(Frame& frame) const override;
    bool ebv(Frame& frame) const override { return exists(frame); }

  private:
    std::span<Item> nodes(Plan plan, Frame& frame) const;
    Item* combine(std::span<const Item> a, std::span<const Item> b, Item* out) const;
    Form form_;
    Plan left_;
    Plan right_;
};

// fn:true, false, boolean, not, exists, empty, count: without a sequence in memory.
class NotOf final : public Truth {
  public:
    explicit NotOf(Plan operand);
    bool ebv(Frame& frame) const override { return !operand_->ebv(frame); }

  private:
    Plan operand_;
};

class BooleanOf final : public Truth {
  public:
    explicit BooleanOf(Plan operand);
    bool ebv(Frame& frame) const override { return operand_->ebv(frame); }

  private:
    Plan operand_;
};

class ExistsOf final : public Truth {
  public:
    ExistsOf(Plan operand, bool wanted);
    bool ebv(Frame& frame) const override { return operand_->exists(frame) == wanted_; }

  private:
    Plan operand_;
    bool wanted_;  // false: fn:empty
};

class CountOf final : public Scalar {
  public:
    explicit CountOf(Plan operand);
    Single single(Frame& frame) const override;
    Plan operand() const { return operand_; }

  private:
    Plan operand_;
};

// fn:position and fn:last
class FocusNumber final : public Scalar {
  public:
    explicit FocusNumber(Effect which);
    Single single(Frame& frame) const override;

  private:
    Effect which_;
};

}  // namespace clacks::xquery::plan
