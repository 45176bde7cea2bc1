#include "common/xquery/plan/path.hpp"

#include <algorithm>
#include <string>

#include "common/xquery/plan/basic.hpp"
#include "common/xquery/plan/order.hpp"

namespace clacks::xquery::plan {

namespace {

// Whether all nodes of an axis lie apart from each other (none holds another one).
bool is_disjoint(Axis axis) {
    switch (axis) {
        case Axis::child:
        case Axis::attribute:
        case Axis::self:
        case Axis::following_sibling:
        case Axis::preceding_sibling:
        case Axis::parent:
            return true;
        default:
            return false;
    }
}

// Whether steps from nodes in document order, and lying apart if `disjoint`, meet each node once and
// in document order.
bool keeps_order(Axis axis, bool disjoint) {
    switch (axis) {
        case Axis::self:
        case Axis::attribute:
            return true;
        case Axis::child:
        case Axis::descendant:
        case Axis::descendant_or_self:
            return disjoint;
        default:
            return false;
    }
}

Traits step_traits(Axis axis, std::span<const Predicate> predicates) {
    Traits t;
    t.kinds = kNodes;
    t.effects = kContextItem;
    t.ordered = true;
    t.disjoint = is_disjoint(axis);
    t.at_most_one = axis == Axis::self || axis == Axis::parent;
    for (const Predicate& p : predicates) t.at_most_one |= p.form == Predicate::Form::position;
    return t;
}

Traits path_traits(const Traits& left, const Step& step) {
    Traits t = step.traits;
    t.effects = left.effects;
    if (left.at_most_one) return t;
    t.at_most_one = false;
    t.ordered = left.ordered && keeps_order(step.axis(), left.disjoint);
    // Only downwards: the parents of two nodes may hold one another.
    const bool downwards =
        step.axis() == Axis::child || step.axis() == Axis::attribute || step.axis() == Axis::self;
    t.disjoint = t.ordered && downwards && (left.disjoint || step.axis() == Axis::attribute);
    return t;
}

// A truth of each node by itself, wherever it stands.
bool is_plain(const Predicate& predicate) {
    return predicate.form == Predicate::Form::truth &&
           (predicate.condition->traits.effects & (kPosition | kLast)) == 0;
}

std::string kind_of(const Item& item) {
    return "a value of type " + std::string(type_name(item.type));
}

[[noreturn]] void not_a_node(const Item& item) {
    fail(Code::XPTY0019, "a step needs nodes to start from, and got " + kind_of(item),
         "use the simple map operator ! for values that are not nodes");
}

struct ChildSearch {
    xml::NodeIndex at;      // `end` where there is none
    std::uint32_t visited;  // nodes, that one with them
};
// Looks for an element of the tree's `name` among children that begin with `at`. Not inlined: in what filters
// spend most of their time, each register counts.
[[gnu::noinline]] ChildSearch find_child(const xml::Node* nodes, xml::NodeIndex at, xml::NodeIndex end,
                                         std::uint32_t name) {
    std::uint32_t visited = 1;
    for (; at < end; at = nodes[at].end, ++visited) {
        if (nodes[at].name == name && nodes[at].kind == xml::NodeKind::element) break;
    }
    return {at, visited};
}

// The children of a node whose name is the tree's `name`.
template <class Visit>
bool each_child(std::uint32_t name, const xml::Tree& tree, xml::NodeIndex parent, Frame& frame,
                Visit&& visit) {
    const xml::Node* const nodes = &tree[0];
    const xml::NodeIndex end = nodes[parent].end;
    for (xml::NodeIndex next = tree.first_child(parent);;) {
        const ChildSearch found = find_child(nodes, next, end, name);
        frame.steps.take(found.visited);
        if (found.at >= end) return true;
        if (!visit(Item::of_node(tree, found.at))) return false;
        if (!nodes[parent].repeats) return true;
        next = nodes[found.at].end;
    }
}

// The nodes of one axis from one node that pass the test, in the order of the axis.
class AxisSource final : public Source {
  public:
    AxisSource(Axis axis, const NodeTest& test, const Item& from) : axis_(axis), test_(test), from_(from) {}
    bool produce(Frame& frame, Sink& sink) const override {
        const xml::Tree& tree = *from_.tree;
        if (axis_ == Axis::child && test_.form == NodeTest::Form::name) {
            const std::uint32_t name = test_.name_in(tree, frame);
            if (name != NameMemo::kMany)
                return each_child(name, tree, from_.node(), frame,
                                  [&](const Item& child) { return sink.take(child); });
        }
        return walk(axis_, tree, from_.node(), [&](xml::NodeIndex i) {
            frame.steps.take();
            return !test_.holds(tree, i, frame) || sink.take(Item::of_node(tree, i));
        });
    }

  private:
    Axis axis_;
    const NodeTest& test_;
    const Item& from_;
};

template <class Visit>
class VisitSink final : public Sink {
  public:
    explicit VisitSink(const Visit& visit) : visit_(visit) {}
    bool take(const Item& item) override { return visit_(item); }

  private:
    const Visit& visit_;
};

// Visits no more nodes than tell one from several.
auto first_two(Single& result) {
    return [&result](const Item& node) {
        if (result.count == 0) result.item = node;
        return ++result.count < 2;
    };
}

// Visits what one step after the other reaches from a node. Children by name need no sink between two steps.
template <class Visit>
bool walk_steps(std::span<const Step* const> steps, const Item& from, Frame& frame, const Visit& visit) {
    const Step& step = *steps.front();
    const auto reached = [&](const Item& node) {
        return steps.size() == 1 ? visit(node) : walk_steps(steps.subspan(1), node, frame, visit);
    };
    if (const auto name = step.child_name_in(*from.tree, frame)) {
        if (step.predicates().empty()) {
            return steps.size() == 1 ? each_child(*name, *from.tree, from.node(), frame, visit)
                                     : each_child(*name, *from.tree, from.node(), frame, reached);
        }
        return each_child(*name, *from.tree, from.node(), frame,
                          [&](const Item& child) { return !step.admits(child, frame) || reached(child); });
    }
    VisitSink sink(reached);
    return step.push_from(from, frame, sink);
}

// The only child that the step reaches; kNoNode where there is none, kManyWays where walk_steps must tell.
// Inlined, as is slice_reached: what a filter compares is mostly reached so, and the calls would take a tenth
// of its instructions.
constexpr xml::NodeIndex kManyWays = xml::kNoNode - 1;
[[gnu::always_inline]] inline xml::NodeIndex only_child(const Step& step, const Item& from, Frame& frame) {
    const auto name = step.child_name_in(*from.tree, frame);
    if (!name || !step.predicates().empty()) return kManyWays;
    const xml::Node* const nodes = &(*from.tree)[0];
    const xml::Node& parent = nodes[from.node()];
    const ChildSearch found = find_child(nodes, from.tree->first_child(from.node()), parent.end, *name);
    frame.steps.take(found.visited);
    if (found.at == parent.end) return xml::kNoNode;
    if (!parent.repeats) return found.at;
    const ChildSearch second = find_child(nodes, nodes[found.at].end, parent.end, *name);
    frame.steps.take(second.visited);
    return second.at == parent.end ? found.at : kManyWays;
}

[[gnu::noinline]] Single only_reached(const Step& step, const Item& from, Frame& frame) {
    const xml::NodeIndex child = only_child(step, from, frame);
    if (child < kManyWays) return {Item::of_node(*from.tree, child), 1};
    Single result;
    if (child == xml::kNoNode) return result;
    const Step* const only = &step;
    walk_steps({&only, 1}, from, frame, first_two(result));
    return result;
}

[[gnu::always_inline]] inline std::string_view slice_reached(const Step& step, const Item& from,
                                                             Frame& frame) {
    const xml::NodeIndex child = only_child(step, from, frame);
    if (child < kManyWays) return from.tree->string_value(child);
    return slice_of(only_reached(step, from, frame));
}

class FocusSink final : public Sink {
  public:
    FocusSink(Plan right, bool nodes_only, std::uint64_t size, Frame& frame, Sink& next)
        : right_(right), nodes_only_(nodes_only), size_(size), frame_(frame), next_(next) {}
    bool take(const Item& item) override {
        if (nodes_only_ && !item.is_node()) {
            frame_.where = right_->offset;
            not_a_node(item);
        }
        const FocusScope scope(frame_, {item, ++position_, size_, true});
        return right_->push(frame_, next_);
    }

  private:
    Plan right_;
    bool nodes_only_;
    std::uint64_t position_ = 0;
    std::uint64_t size_;
    Frame& frame_;
    Sink& next_;
};

bool push_backwards(const Value& value, Sink& sink) {
    for (std::uint64_t i = value.size(); i-- > 0;) {
        if (!sink.take(value[i])) return false;
    }
    return true;
}

}  // namespace

const Item& context_item(Frame& frame, std::size_t offset) {
    if (frame.focus.present) return frame.focus.item;
    frame.where = offset;
    fail(Code::XPDY0002, "there is no context item here", "begin the path with a variable");
}

Step::Step(Axis axis, const NodeTest& test, std::span<const Predicate> predicates)
    : axis_(axis), test_(test), predicates_(predicates) {
    traits = step_traits(axis, predicates);
    child_by_name_ = axis == Axis::child && test.form == NodeTest::Form::name &&
                     std::all_of(predicates.begin(), predicates.end(), is_plain);
}

Item Step::start(Frame& frame) const {
    const Item from = context_item(frame, offset);
    if (!from.is_node()) {
        here(frame);
        fail(Code::XPTY0020, "an axis step needs a node as its context item, and this is " + kind_of(from));
    }
    return from;
}

bool Step::push(Frame& frame, Sink& sink) const {
    return push_from(start(frame), frame, sink);
}

Single Step::single(Frame& frame) const {
    return only_reached(*this, start(frame), frame);
}

std::string_view Step::slice(Frame& frame) const {
    return slice_reached(*this, start(frame), frame);
}

bool Step::push_from(const Item& node, Frame& frame, Sink& sink) const {
    const AxisSource source(axis_, test_, node);
    if (!is_reverse(axis_) || traits.at_most_one) {
        if (predicates_.empty()) return source.produce(frame, sink);
        return push_filtered(source, predicates_, frame, sink);
    }
    Collector collector(frame);
    push_filtered(source, predicates_, frame, collector);
    return push_backwards(collector.value(), sink);
}

StepPath::StepPath(Plan left, const Step* step, Arena& arena) : left_(left) {
    traits = path_traits(left->traits, *step);
    // Where no node comes twice, the steps of the path before can be walked together with this one.
    const auto* before = dynamic_cast<const StepPath*>(left);
    const bool joins = before != nullptr && before->traits.ordered && before->steps_.size() < kTogether;
    const std::size_t first = joins ? before->steps_.size() : 0;
    const std::span<const Step*> steps = arena.take_array<const Step*>(first + 1);
    if (joins) {
        left_ = before->left_;
        std::copy(before->steps_.begin(), before->steps_.end(), steps.begin());
    }
    steps[first] = step;
    steps_ = steps;
    if (const auto* variable = dynamic_cast<const LocalVariable*>(left_)) slot_ = variable->slot();
}

const Item& StepPath::node_of(const Item& item, Frame& frame) const {
    if (item.is_node()) return item;
    frame.where = steps_.front()->offset;
    not_a_node(item);
}

inline Single StepPath::start(Frame& frame) const {
    return slot_ ? single_of(frame.slots[*slot_]) : left_->single(frame);
}

template <class Visit>
bool StepPath::each(Frame& frame, const Visit& visit) const {
    const auto from = [&](const Item& item) {
        return walk_steps(steps_, node_of(item, frame), frame, visit);
    };
    if (left_->traits.at_most_one) {
        const Single only = start(frame);
        return only.empty() || from(only.item);
    }
    if (const Value* held = left_->held(frame)) {
        const Value starts = *held;
        for (const Item start : starts) {
            frame.steps.take();
            if (!from(start)) return false;
        }
        return true;
    }
    VisitSink sink(from);
    return left_->push(frame, sink);
}

bool StepPath::push(Frame& frame, Sink& sink) const {
    if (!traits.ordered) return push_value(all(frame), frame, sink);
    return each(frame, [&](const Item& node) { return sink.take(node); });
}

Value StepPath::all(Frame& frame) const {
    Collector collector(frame);
    each(frame, [&](const Item& node) { return collector.take(node); });
    return traits.ordered ? collector.value() : in_document_order(collector);
}

Single StepPath::single(Frame& frame) const {
    if (!traits.ordered) return Operator::single(frame);
    if (is_one_step()) {
        const Single from = start(frame);
        return from.empty() ? from : only_reached(*steps_.front(), node_of(from.item, frame), frame);
    }
    Single result;
    each(frame, first_two(result));
    return result;
}

std::string_view StepPath::slice(Frame& frame) const {
    if (!is_one_step()) return slice_of(single(frame));
    const Single from = start(frame);
    return from.empty() ? "" : slice_reached(*steps_.front(), node_of(from.item, frame), frame);
}

bool StepPath::exists(Frame& frame) const {
    return !each(frame, [](const Item&) { return false; });
}

std::uint64_t StepPath::count(Frame& frame, std::uint64_t stop_at) const {
    if (!traits.ordered) return Operator::count(frame, stop_at);
    std::uint64_t n = 0;
    each(frame, [&](const Item&) { return ++n < stop_at; });
    return n;
}

FocusPath::FocusPath(Plan left, Plan right, Form form) : left_(left), right_(right), form_(form) {
    traits.kinds = right->traits.kinds;
    traits.effects = left->traits.effects | (right->traits.effects & ~kFocus);
    traits.at_most_one = left->traits.at_most_one && right->traits.at_most_one;
    traits.at_least_one = left->traits.at_least_one && right->traits.at_least_one;
    const bool no_nodes = (right->traits.kinds & kNodes) == 0;
    traits.ordered = traits.at_most_one || (left->traits.at_most_one && right->traits.ordered) ||
                     (form == Form::path && !no_nodes && right->traits.kinds == kNodes);
}

bool FocusPath::push_unordered(Frame& frame, Sink& sink) const {
    const bool nodes_only = form_ == Form::path;
    if ((right_->traits.effects & kLast) != 0) {
        const Value left = left_->all(frame);
        FocusSink link(right_, nodes_only, left.size(), frame, sink);
        return push_value(left, frame, link);
    }
    FocusSink link(right_, nodes_only, 0, frame, sink);
    return left_->push(frame, link);
}

bool FocusPath::push(Frame& frame, Sink& sink) const {
    const bool streams =
        form_ == Form::simple_map || (right_->traits.kinds & kNodes) == 0 ||
        (left_->traits.at_most_one && right_->traits.kinds == kNodes && right_->traits.ordered);
    if (streams) return push_unordered(frame, sink);
    Collector collector(frame);
    push_unordered(frame, collector);
    here(frame);
    const Code mixed = form_ == Form::inner_path ? Code::XPTY0019 : Code::XPTY0018;
    return push_value(in_document_order(collector, mixed), frame, sink);
}

ContextItem::ContextItem() {
    traits.at_least_one = true;
    traits.effects = kContextItem;
    traits.ordered = true;
    traits.disjoint = true;
}

Single ContextItem::single(Frame& frame) const {
    return {context_item(frame, offset), 1};
}

Root::Root() {
    traits.at_least_one = true;
    traits.kinds = kNodes;
    traits.effects = kContextItem;
    traits.ordered = true;
    traits.disjoint = true;
}

Single Root::single(Frame& frame) const {
    Item item = context_item(frame, offset);
    here(frame);
    if (!item.is_node()) {
        fail(Code::XPTY0020,
             "a path that begins with / needs a node as its context item, and this is " + kind_of(item));
    }
    while (item.tree->parent(item.aux) != xml::kNoNode) item.aux = item.tree->parent(item.aux);
    if (item.node_kind() != xml::NodeKind::document) {
        fail(Code::XPDY0050, "a path that begins with / needs a tree whose root is a document node");
    }
    return {item, 1};
}

}  // namespace clacks::xquery::plan
