// Paths (XQuery 3.1, 3.3): steps along axes, E1/E2, and document order.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "common/xquery/plan/axis.hpp"
#include "common/xquery/plan/operator.hpp"
#include "common/xquery/plan/predicate.hpp"

namespace clacks::xquery::plan {

// axis::test[predicate]… from the context item.
class Step final : public Operator {
  public:
    Step(Axis axis, const NodeTest& test, std::span<const Predicate> predicates);
    bool push(Frame& frame, Sink& sink) const override;
    Single single(Frame& frame) const override;
    std::string_view slice(Frame& frame) const override;
    // push from a given node, whatever the focus.
    bool push_from(const Item& node, Frame& frame, Sink& sink) const;
    Axis axis() const { return axis_; }
    const NodeTest& test() const { return test_; }
    std::span<const Predicate> predicates() const { return predicates_; }
    // Of child::name, perhaps with predicates for which no position counts: the tree's name. The step's nodes
    // are the children of that name of which `admits` is true. None where it is another step, or where
    // names must be compared.
    std::optional<std::uint32_t> child_name_in(const xml::Tree& tree, Frame& frame) const {
        if (!child_by_name_) return std::nullopt;
        const std::uint32_t name = test_.name_in(tree, frame);
        return name == NameMemo::kMany ? std::nullopt : std::optional(name);
    }
    bool admits(const Item& child, Frame& frame) const {
        for (const Predicate& predicate : predicates_) {
            if (!predicate.holds(frame, {child, 1, 0, true})) return false;
        }
        return true;
    }

  private:
    // The context item, which must be a node.
    Item start(Frame& frame) const;
    Axis axis_;
    NodeTest test_;
    std::span<const Predicate> predicates_;
    bool child_by_name_;
};

// left/step/step…: the common case.
class StepPath final : public Operator {
  public:
    StepPath(Plan left, const Step* step, Arena& arena);
    bool push(Frame& frame, Sink& sink) const override;
    Value all(Frame& frame) const override;
    Single single(Frame& frame) const override;
    std::string_view slice(Frame& frame) const override;
    bool ebv(Frame& frame) const override { return exists(frame); }
    bool exists(Frame& frame) const override;
    std::uint64_t count(Frame& frame, std::uint64_t stop_at) const override;

  private:
    static constexpr std::size_t kTogether = 8;  // steps; they are walked by recursion
    // Calls visit with every node, in any order, until it returns false; false then.
    template <class Visit>
    bool each(Frame& frame, const Visit& visit) const;
    // A node that the first step starts from, or XPTY0019.
    const Item& node_of(const Item& item, Frame& frame) const;
    bool is_one_step() const { return traits.ordered && steps_.size() == 1 && left_->traits.at_most_one; }
    // The only item of left_, where it is at most one.
    Single start(Frame& frame) const;
    Plan left_;
    std::optional<std::uint32_t> slot_;  // of the variable that left_ is, as most paths begin with one
    std::span<const Step* const> steps_;
};

// left/right for any right; also left ! right, which neither asks for nodes nor orders them.
class FocusPath final : public Operator {
  public:
    enum class Form : std::uint8_t { path, inner_path, simple_map };  // inner: another step follows
    FocusPath(Plan left, Plan right, Form form);
    bool push(Frame& frame, Sink& sink) const override;

  private:
    bool push_unordered(Frame& frame, Sink& sink) const;
    Plan left_;
    Plan right_;
    Form form_;
};

class ContextItem final : public Scalar {
  public:
    ContextItem();
    Single single(Frame& frame) const override;
};

// "/": the root of the tree that holds the context item, a document node.
class Root final : public Scalar {
  public:
    Root();
    Single single(Frame& frame) const override;
};

// The context item, or XPDY0002.
const Item& context_item(Frame& frame, std::size_t offset);

}  // namespace clacks::xquery::plan
