#include "common/xquery/plan/predicate.hpp"

#include <cmath>

#include "common/xquery/values/atomize.hpp"
#include "common/xquery/values/number.hpp"

namespace clacks::xquery::plan {

namespace {

bool is_position(const Item& number, std::uint64_t position) {
    if (is_integer(number.type) && !number.wide())
        return number.integer == static_cast<std::int64_t>(position);
    return double_of(number) == static_cast<double>(position);
}

class PredicateSink final : public Sink {
  public:
    PredicateSink(Frame& frame, const Predicate& predicate, Sink& next)
        : frame_(frame), predicate_(predicate), next_(next) {}
    bool take(const Item& item) override {
        ++position_;
        if (predicate_.form == Predicate::Form::position) {
            if (position_ != predicate_.position) return position_ < predicate_.position;
            stopped_ = !next_.take(item);
            return false;
        }
        if (predicate_.holds(frame_, {item, position_, 0, true})) stopped_ = !next_.take(item);
        return !stopped_;
    }
    bool stopped() const { return stopped_; }

  private:
    Frame& frame_;
    const Predicate& predicate_;
    Sink& next_;
    std::uint64_t position_ = 0;
    bool stopped_ = false;
};

bool push_sized(const Value& value, const Predicate& predicate, Frame& frame, Sink& sink) {
    for (std::uint64_t i = 0; i < value.size(); ++i) {
        frame.steps.take();
        const Item item = value[i];
        if (predicate.holds(frame, {item, i + 1, value.size(), true}) && !sink.take(item)) return false;
    }
    return true;
}

class Input final : public Source {
  public:
    explicit Input(Plan input) : input_(input) {}
    bool produce(Frame& frame, Sink& sink) const override { return input_->push(frame, sink); }

  private:
    Plan input_;
};

}  // namespace

Predicate Predicate::of(Plan condition, bool known_position) {
    Predicate p;
    p.condition = condition;
    p.needs_size = (condition->traits.effects & kLast) != 0;
    const Value* known = known_position ? condition->constant() : nullptr;
    if (known != nullptr && known->size() == 1 && is_numeric(known->front().type)) {
        const double at = double_of(known->front());
        p.form = Form::position;
        p.position = at >= 1 && at < 9e15 && at == std::floor(at) ? static_cast<std::uint64_t>(at) : 0;
    } else if ((condition->traits.kinds & kNumbers) == 0) {
        p.form = Form::truth;
    }
    return p;
}

bool Predicate::holds(Frame& frame, const Focus& focus) const {
    if (form == Form::position) return focus.position == position;
    const FocusScope scope(frame, focus);
    if (form == Form::truth) return condition->ebv(frame);
    const Value value = condition->all(frame);
    if (value.size() == 1 && is_numeric(value.front().type))
        return is_position(value.front(), focus.position);
    frame.where = condition->offset;
    return effective_boolean_value(value);
}

bool push_filtered(const Source& source, std::span<const Predicate> predicates, Frame& frame, Sink& sink) {
    if (predicates.empty()) return source.produce(frame, sink);
    const Predicate& last = predicates.back();
    const auto before = predicates.first(predicates.size() - 1);
    if (last.form == Predicate::Form::position && last.position == 0) return true;
    if (last.needs_size) {
        Collector collector(frame);
        push_filtered(source, before, frame, collector);
        return push_sized(collector.value(), last, frame, sink);
    }
    PredicateSink filter(frame, last, sink);
    push_filtered(source, before, frame, filter);
    return !filter.stopped();
}

Filter::Filter(Plan input, std::span<const Predicate> predicates) : input_(input), predicates_(predicates) {
    traits = input->traits;
    traits.at_least_one = traits.at_least_two = false;
    for (const Predicate& p : predicates) {
        traits.at_most_one = traits.at_most_one || p.form == Predicate::Form::position;
    }
}

bool Filter::push(Frame& frame, Sink& sink) const {
    return push_filtered(Input(input_), predicates_, frame, sink);
}

}  // namespace clacks::xquery::plan
