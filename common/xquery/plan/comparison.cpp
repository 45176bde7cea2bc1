#include "common/xquery/plan/comparison.hpp"

#include <string>

#include "common/xquery/values/atomize.hpp"

namespace clacks::xquery::plan {

namespace {

// Against strings known beforehand: a node's text is compared where it lies.
class TextSink final : public Sink {
  public:
    TextSink(Comparison op, const Value& texts, std::size_t where, Frame& frame)
        : op_(op), texts_(texts), where_(where), frame_(frame) {}
    bool take(const Item& item) override {
        if (item.is_node()) {
            found = any_text(item.tree->string_value(item.aux));
        } else {
            frame_.where = where_;
            each_atom(item, frame_, [&](const Item& atom) {
                for (std::uint64_t i = 0; i < texts_.size() && !found; ++i)
                    found = compare_general(op_, atom, texts_[i], frame_.comparing(), frame_.arena);
                return !found;
            });
        }
        return !found;
    }
    bool found = false;

  private:
    bool any_text(std::string_view text) const {
        for (std::uint64_t i = 0; i < texts_.size(); ++i) {
            if (same_text(text, texts_[i].text(), frame_.statics->collation) == (op_ == Comparison::eq))
                return true;
        }
        return false;
    }
    Comparison op_;
    const Value& texts_;
    std::size_t where_;
    Frame& frame_;
};

// Against all items of the other side, which is the right one unless it is told otherwise.
class PairSink final : public Sink {
  public:
    PairSink(Comparison op, const Value& other, std::size_t where, Frame& frame, bool other_is_left = false)
        : op_(op), other_(other), where_(where), frame_(frame), other_is_left_(other_is_left) {}
    bool take(const Item& item) override {
        frame_.where = where_;
        return each_atom(item, frame_, [&](const Item& atom) {
            const Item one = atomize(atom);
            for (std::uint64_t i = 0; i < other_.size() && !found; ++i) {
                frame_.steps.take();
                const Item other = other_[i];
                found = other_is_left_ ? compare_general(op_, other, one, frame_.comparing(), frame_.arena)
                                       : compare_general(op_, one, other, frame_.comparing(), frame_.arena);
            }
            return !found;
        });
    }
    bool found = false;

  private:
    Comparison op_;
    const Value& other_;
    std::size_t where_;
    Frame& frame_;
    bool other_is_left_;
};

[[noreturn]] void too_many(std::string_view what) {
    fail(Code::XPTY0004, "an operand of " + std::string(what) + " is a sequence of more than one item",
         "select one of them, or use = < > … to compare any of several");
}

bool are_strings(const Value& known) {
    for (std::uint64_t i = 0; i < known.size(); ++i) {
        if (!is_string(known[i].type)) return false;
    }
    return !known.empty();
}

constexpr std::string_view kNodeSymbols[] = {"is", "<<", ">>"};

}  // namespace

GeneralComparison::GeneralComparison(Comparison op, Plan left, Plan right)
    : op_(op), left_(left), right_(right) {
    traits.effects = left->traits.effects | right->traits.effects;
    const Value* known = right->constant();
    if (known == nullptr) return;
    if ((op == Comparison::eq || op == Comparison::ne) && are_strings(*known)) form_ = Form::texts;
    if (known->size() == 1 && is_numeric(known->front().type) && left->traits.at_most_one &&
        (left->traits.kinds & ~kNumbers) == 0)
        form_ = Form::number;
}

bool GeneralComparison::ebv(Frame& frame) const {
    if (form_ == Form::texts) {
        TextSink sink(op_, *right_->constant(), offset, frame);
        left_->push(frame, sink);
        return sink.found;
    }
    if (form_ == Form::number) {
        const Single left = left_->single(frame);
        return !left.empty() && compare_value(op_, left.item, right_->constant()->front(), frame.comparing());
    }
    // The side that may be long is streamed.
    const bool streams_right = left_->traits.at_most_one && !right_->traits.at_most_one;
    const Value raw = (streams_right ? left_ : right_)->all(frame);
    here(frame);
    const Value one = atomize(raw, frame.arena, frame.steps);
    if (one.empty()) return false;
    PairSink sink(op_, one, offset, frame, streams_right);
    (streams_right ? right_ : left_)->push(frame, sink);
    return sink.found;
}

CountComparison::CountComparison(Comparison op, Plan counted, std::uint64_t bound)
    : op_(op), counted_(counted), bound_(bound) {
    traits.effects = counted->traits.effects;
}

bool CountComparison::ebv(Frame& frame) const {
    const std::uint64_t n = counted_->count(frame, bound_ + 1);
    switch (op_) {
        case Comparison::eq:
            return n == bound_;
        case Comparison::ne:
            return n != bound_;
        case Comparison::lt:
            return n < bound_;
        case Comparison::le:
            return n <= bound_;
        case Comparison::gt:
            return n > bound_;
        case Comparison::ge:
            return n >= bound_;
    }
    return false;
}

ValueComparison::ValueComparison(Comparison op, Plan left, Plan right) : op_(op), left_(left), right_(right) {
    traits.kinds = kBooleans;
    traits.at_least_one = left->traits.at_least_one && right->traits.at_least_one;
    traits.effects = left->traits.effects | right->traits.effects;
}

Single ValueComparison::operand(Plan plan, Frame& frame) const {
    const Single result = atomized(plan, frame);
    here(frame);
    if (result.count > 1) too_many(value_symbol(op_));
    return result;
}

Single ValueComparison::single(Frame& frame) const {
    const Single a = operand(left_, frame);
    if (a.empty()) return {};
    const Single b = operand(right_, frame);
    if (b.empty()) return {};
    here(frame);
    return {Item::of_bool(compare_value(op_, a.item, b.item, frame.comparing())), 1};
}

NodeComparison::NodeComparison(Form form, Plan left, Plan right) : form_(form), left_(left), right_(right) {
    traits.kinds = kBooleans;
    traits.effects = left->traits.effects | right->traits.effects;
}

Single NodeComparison::operand(Plan plan, Frame& frame) const {
    const Single result = plan->single(frame);
    here(frame);
    const std::string symbol(kNodeSymbols[static_cast<std::size_t>(form_)]);
    if (result.count > 1)
        fail(Code::XPTY0004, "an operand of " + symbol + " is a sequence of more than one node");
    if (result.count == 1 && !result.item.is_node()) {
        fail(Code::XPTY0004,
             symbol + " compares nodes, and got a value of type " + std::string(type_name(result.item.type)),
             "use eq or = to compare values");
    }
    return result;
}

Single NodeComparison::single(Frame& frame) const {
    const Single a = operand(left_, frame);
    const Single b = operand(right_, frame);
    if (a.empty() || b.empty()) return {};
    bool verdict = false;
    switch (form_) {
        case Form::is:
            verdict = same_node(a.item, b.item);
            break;
        case Form::before:
            verdict = precedes(a.item, b.item);
            break;
        case Form::after:
            verdict = precedes(b.item, a.item);
            break;
    }
    return {Item::of_bool(verdict), 1};
}

}  // namespace clacks::xquery::plan
