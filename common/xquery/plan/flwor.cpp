#include "common/xquery/plan/flwor.hpp"

#include <algorithm>

#include "common/xquery/plan/grouping.hpp"
#include "common/xquery/plan/joining.hpp"
#include "common/xquery/plan/sorting.hpp"
#include "common/xquery/plan/windows.hpp"

namespace clacks::xquery::plan {

namespace {

class ForSink final : public Sink {
  public:
    ForSink(const Tuples& tuples, Tuples::Run& run, const Clause& clause, std::size_t next)
        : tuples_(tuples), run_(run), clause_(clause), next_(next) {}
    bool take(const Item& item) override { return bind(item, ++position_); }
    bool bind(const Value& value, std::uint64_t position) {
        Frame& frame = run_.frame;
        frame.steps.take();
        frame.slots[clause_.slot] = value;
        if (clause_.position != kNoSlot) {
            frame.slots[clause_.position] = Item::of_integer(static_cast<std::int64_t>(position));
        }
        if (!tuples_.uses_focus()) return go_on();
        const FocusScope scope(frame, run_.focus);
        return go_on();
    }
    std::uint64_t position() const { return position_; }

  private:
    bool go_on() { return next_ == run_.end ? run_.sink.tuple() : tuples_.step(run_, next_); }
    const Tuples& tuples_;
    Tuples::Run& run_;
    const Clause& clause_;
    std::size_t next_;
    std::uint64_t position_ = 0;
};

class ResultTuples final : public TupleSink {
  public:
    ResultTuples(Plan result, Frame& frame, Sink& sink) : result_(result), frame_(frame), sink_(sink) {}
    bool tuple() override { return result_->push(frame_, sink_); }

  private:
    Plan result_;
    Frame& frame_;
    Sink& sink_;
};

// Calls something with each tuple.
template <class Action>
class Each final : public TupleSink {
  public:
    explicit Each(Action action) : action_(std::move(action)) {}
    bool tuple() override { return action_(); }

  private:
    Action action_;
};

// Tests the items of the only clause, until one of them decides: without the tuples' own calls, as this is
// most of what a quantified filter does.
class QuantifiedSink final : public Sink {
  public:
    QuantifiedSink(std::uint32_t slot, Plan condition, bool decides, bool uses_focus, Frame& frame)
        : slot_(slot),
          condition_(condition),
          decides_(decides),
          uses_focus_(uses_focus),
          frame_(frame),
          focus_(frame.focus) {}
    bool take(const Item& item) override {
        frame_.steps.take();
        frame_.slots[slot_] = item;
        found = holds() == decides_;
        return !found;
    }
    bool found = false;

  private:
    bool holds() {
        if (!uses_focus_) return condition_->ebv(frame_);
        const FocusScope scope(frame_, focus_);
        return condition_->ebv(frame_);
    }
    std::uint32_t slot_;
    Plan condition_;
    bool decides_;
    bool uses_focus_;
    Frame& frame_;
    Focus focus_;  // of the whole expression
};

Traits flwor_traits(const Tuples& tuples, const Traits& result) {
    Traits t = result;
    t.effects = tuples.effects() | result.effects;
    if (tuples.at_most_one()) return t;
    t.at_most_one = t.at_least_one = t.at_least_two = t.ordered = t.disjoint = false;
    return t;
}

std::uint16_t effects_of(const Clause& clause) {
    std::uint16_t effects = 0;
    if (clause.expr != nullptr) effects |= clause.expr->traits.effects;
    if (clause.window != nullptr) effects |= clause.window->effects();
    for (const OrderKey& k : clause.keys) effects |= k.key->traits.effects;
    for (const GroupingKey& k : clause.groups) effects |= k.key->traits.effects;
    return effects;
}

}  // namespace

Tuples::Tuples(std::span<const Clause> clauses, Plan result)
    : clauses_(clauses), uses_focus_(result->traits.uses_focus()) {
    for (const Clause& c : clauses) {
        counts_ |= c.form == Clause::Form::count;
        joins_ |= c.form == Clause::Form::join;
        const std::uint16_t effects = effects_of(c);
        effects_ |= effects;
        if (&c != &clauses.front()) uses_focus_ |= (effects & kFocus) != 0;
    }
}

bool Tuples::at_most_one() const {
    return std::all_of(clauses_.begin(), clauses_.end(),
                       [](const Clause& c) { return c.form == Clause::Form::let; });
}

void Tuples::bind(Frame& frame) const {
    for (const Clause& clause : clauses_) frame.slots[clause.slot] = clause.expr->all(frame);
}

bool Tuples::step_for(Run& run, std::size_t at) const {
    const Clause& clause = clauses_[at];
    ForSink each(*this, run, clause, at + 1);
    if (!clause.expr->push(run.frame, each)) return false;
    if (each.position() == 0 && clause.allowing_empty) return each.bind(Value(), 0);
    return true;
}

bool Tuples::step_window(Run& run, std::size_t at) const {
    const Clause& clause = clauses_[at];
    WindowWalk walk(*clause.window, clause.expr->all(run.frame), run.frame);
    while (const auto window = walk.next()) {
        run.frame.slots[clause.slot] = *window;
        if (!step(run, at + 1)) return false;
    }
    return true;
}

// Behind the join clause stand the clauses that it is made of, for a table that cannot be used.
bool Tuples::step_join(Run& run, std::size_t at) const {
    const JoinPlan& plan = *clauses_[at].join;
    Frame& frame = run.frame;
    JoinTable*& table = run.tables[at];
    if (table == nullptr) table = frame.arena.make(JoinTable(plan, frame));
    if (!table->usable()) return step(run, at + 1);
    for (const std::uint32_t number : table->matches(plan, frame)) {
        frame.steps.take();
        frame.slots[plan.slot] = table->item(number);
        const FocusScope scope(frame, run.focus);
        if (!step(run, at + 3)) return false;
    }
    return true;
}

bool Tuples::step(Run& run, std::size_t at) const {
    for (; at < run.end; ++at) {
        const Clause& clause = clauses_[at];
        switch (clause.form) {
            case Clause::Form::for_:
                return step_for(run, at);
            case Clause::Form::window:
                return step_window(run, at);
            case Clause::Form::join:
                return step_join(run, at);
            case Clause::Form::let:
                run.frame.slots[clause.slot] = clause.expr->all(run.frame);
                break;
            case Clause::Form::where:
                if (!clause.expr->ebv(run.frame)) return true;
                break;
            case Clause::Form::count:
                run.frame.slots[clause.slot] =
                    Item::of_integer(static_cast<std::int64_t>(++run.counters[at]));
                break;
            case Clause::Form::group_by:  // never within a run
            case Clause::Form::order_by:
                break;  // where order does not matter
        }
    }
    return run.sink.tuple();
}

bool Tuples::stream(std::size_t from, std::size_t end, Frame& frame, TupleSink& sink) const {
    Run run = run_of(frame, sink, end);
    return step(run, from);
}

Tuples::Run Tuples::run_of(Frame& frame, TupleSink& sink, std::size_t end) const {
    Run run{frame, sink, end, frame.focus, {}, {}};
    if (counts_) {
        run.counters = frame.arena.take_array<std::uint64_t>(clauses_.size());
        std::fill(run.counters.begin(), run.counters.end(), 0);
    }
    if (joins_) {
        run.tables = frame.arena.take_array<JoinTable*>(clauses_.size());
        std::fill(run.tables.begin(), run.tables.end(), nullptr);
    }
    return run;
}

// What is left of the clauses, for the tuples that the store gives.
bool Tuples::resume(std::size_t from, std::size_t end, Frame& frame, TupleStore& store,
                    TupleSink& sink) const {
    store.settle();
    if (from == end) return store.replay(sink);
    // A count clause counts over all tuples, so they share one run.
    Run run = run_of(frame, sink, end);
    Each rest([&] { return step(run, from); });
    return store.replay(rest);
}

bool Tuples::push_until(std::size_t end, bool ordered, Frame& frame, TupleSink& sink) const {
    using Form = Clause::Form;
    std::size_t barrier = end;
    while (barrier > 0 && clauses_[barrier - 1].form != Form::group_by &&
           !((ordered || counts_) && clauses_[barrier - 1].form == Form::order_by))
        --barrier;
    if (barrier == 0) return stream(0, end, frame, sink);
    const Clause& clause = clauses_[barrier - 1];
    if (clause.form == Form::group_by) {
        TupleGrouper grouper(clause, frame);
        push_until(barrier - 1, true, frame, grouper);
        return resume(barrier, end, frame, grouper, sink);
    }
    TupleSorter sorter(clause, frame);
    push_until(barrier - 1, true, frame, sorter);
    return resume(barrier, end, frame, sorter, sink);
}

Flwor::Flwor(std::span<const Clause> clauses, Plan result)
    : tuples_(clauses, result), result_(result), single_tuple_(tuples_.at_most_one()) {
    traits = flwor_traits(tuples_, result->traits);
}

bool Flwor::push(Frame& frame, Sink& sink) const {
    ResultTuples results(result_, frame, sink);
    return tuples_.push(frame, results);
}

Value Flwor::all(Frame& frame) const {
    if (!single_tuple_) return Operator::all(frame);
    tuples_.bind(frame);
    return result_->all(frame);
}

bool Flwor::ebv(Frame& frame) const {
    if (!single_tuple_) return Operator::ebv(frame);
    tuples_.bind(frame);
    return result_->ebv(frame);
}

bool Flwor::exists(Frame& frame) const {
    if (single_tuple_) {
        tuples_.bind(frame);
        return result_->exists(frame);
    }
    bool found = false;
    Each take([&] {
        found = result_->exists(frame);
        return !found;
    });
    tuples_.push_unordered(frame, take);
    return found;
}

std::uint64_t Flwor::count(Frame& frame, std::uint64_t stop_at) const {
    std::uint64_t n = 0;
    Each take([&] {
        n += result_->traits.exactly_one() ? 1 : result_->count(frame, stop_at - n);
        return n < stop_at;
    });
    tuples_.push_unordered(frame, take);
    return n;
}

Quantified::Quantified(Form form, std::span<const Clause> clauses, Plan condition)
    : form_(form), tuples_(clauses, condition), condition_(condition) {
    traits.effects = tuples_.effects() | condition->traits.effects;
}

bool Quantified::ebv(Frame& frame) const {
    const bool decides = form_ == Form::some;
    if (const Clause* only = tuples_.only_for()) {
        QuantifiedSink test(only->slot, condition_, decides, tuples_.uses_focus(), frame);
        only->expr->push(frame, test);
        return test.found == decides;
    }
    bool verdict = !decides;
    Each test([&] {
        if (condition_->ebv(frame) == decides) verdict = decides;
        return verdict != decides;
    });
    tuples_.push(frame, test);
    return verdict;
}

}  // namespace clacks::xquery::plan
