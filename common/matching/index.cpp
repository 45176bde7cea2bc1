#include "common/matching/index.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <memory>

#include "common/matching/event_sets.hpp"
#include "common/matching/pool.hpp"
#include "common/matching/tests.hpp"

namespace clacks::matching {

namespace {

using xquery::analysis::Condition;

// A condition as words, the operator in the lowest bits: of a test above them its number, of a group how many
// words the parts take that follow. Always is all of nothing, never is any of nothing.
enum Operator : std::uint32_t { test, all_of, any_of, none_of };
constexpr unsigned kOperatorBits = 2;

Operator operator_of(std::uint32_t word) {
    return static_cast<Operator>(word & ((1u << kOperatorBits) - 1));
}
std::uint32_t operand_of(std::uint32_t word) {
    return word >> kOperatorBits;
}

Operator operator_of(Condition::Kind kind) {
    switch (kind) {
        case Condition::Kind::test:
            return test;
        case Condition::Kind::any_of:
        case Condition::Kind::never:
            return any_of;
        case Condition::Kind::none_of:
            return none_of;
        default:
            return all_of;
    }
}

void append(const Condition& condition, std::uint32_t set, Tests& tests, std::vector<std::uint32_t>& words) {
    const Operator word = operator_of(condition.kind);
    if (word == test) {
        words.push_back((tests.use(set, condition.test) << kOperatorBits) | test);
        return;
    }
    const std::size_t at = words.size();
    words.push_back(0);
    for (const Condition& part : condition.parts) append(part, set, tests, words);
    words[at] = static_cast<std::uint32_t>((words.size() - at - 1) << kOperatorBits) | word;
}

// The words of a filter. Those of most filters lie beside its other parts: where they lay elsewhere, that
// would be one more miss of the processor's cache for each candidate.
class Words {
  public:
    Words() = default;
    explicit Words(const std::vector<std::uint32_t>& words)
        : length_(static_cast<std::uint32_t>(words.size())) {
        if (length_ > kFew) many_ = std::make_unique<std::uint32_t[]>(length_);
        std::copy(words.begin(), words.end(), many_ ? many_.get() : few_.data());
    }
    const std::uint32_t* begin() const { return many_ ? many_.get() : few_.data(); }
    const std::uint32_t* end() const { return begin() + length_; }

  private:
    static constexpr std::size_t kFew = 5;  // two tests and what joins them are three
    std::unique_ptr<std::uint32_t[]> many_;
    std::array<std::uint32_t, kFew> few_{};
    std::uint32_t length_ = 0;
};

// Tests of which one passes whenever the condition holds.
struct Access {
    double cost = std::numeric_limits<double>::infinity();  // infinite: there are none such
    std::vector<std::uint32_t> tests;
};

Access access(const Tests& tests, const std::uint32_t*& at) {
    const std::uint32_t word = *at++;
    const std::uint32_t operand = operand_of(word);
    if (operator_of(word) == test)
        return tests[operand].indexable() ? Access{tests.cost(operand), {operand}} : Access{};
    const std::uint32_t* const end = at + operand;
    Access best;
    if (operator_of(word) == all_of) {
        while (at < end)
            if (Access part = access(tests, at); part.cost < best.cost) best = std::move(part);
    } else if (operator_of(word) == any_of) {
        best.cost = 0;
        while (at < end) {
            const Access part = access(tests, at);
            best.cost += part.cost;
            best.tests.insert(best.tests.end(), part.tests.begin(), part.tests.end());
        }
    }
    at = end;
    return best;
}

}  // namespace

struct Scratch::State {
    void forget() {
        for (const Value& value : values) last[value.path()] = kNone;
        for (const std::uint32_t set : sets) in_sets.erase(set);
        for (const FilterId filter : met) in_met.erase(filter);
        values.clear();
        sets.clear();
        passed.clear();
        met.clear();
    }

    Paths::Walk walk;
    std::vector<Value> values;
    std::vector<std::uint32_t> last;  // of the values, by path
    std::vector<std::uint32_t> sets;  // of event types, that hold the event's
    NumberSet in_sets;
    std::vector<std::uint32_t> passed;  // tests
    std::vector<FilterId> met;
    NumberSet in_met;
};

struct Index::State {
    // A filter's place at a test: a member of the test's list, and of the filter's.
    struct Entry {
        FilterId filter = kNone;
        std::uint32_t test = kNone;
        std::uint32_t next = kNone, previous = kNone;
        std::uint32_t next_of_filter = kNone;
        bool decides = false;   // the test is all of the condition, which is sufficient
        bool complete = false;  // the test is all of the condition
    };
    struct Filter {
        Words words;
        std::uint32_t first_entry = kNone;
        std::uint32_t set = kNone;
        bool sufficient = false;
    };

    EventSets sets;
    Tests tests;
    Pool<Filter> filters;
    Pool<Entry> entries;

    void enter(FilterId filter, std::uint32_t test, bool complete) {
        Filter& of = filters[filter];
        Test& at = tests[test];
        const std::uint32_t entry = entries.add(
            {filter, test, at.first_entry, kNone, of.first_entry, complete && of.sufficient, complete});
        if (at.first_entry != kNone) entries[at.first_entry].previous = entry;
        at.first_entry = entry;
        of.first_entry = entry;
        tests.use(test);
        tests.add_entry(test);
    }

    // The next one of the filter.
    std::uint32_t leave(std::uint32_t entry) {
        const Entry gone = entries[entry];
        (gone.previous == kNone ? tests[gone.test].first_entry : entries[gone.previous].next) = gone.next;
        if (gone.next != kNone) entries[gone.next].previous = gone.previous;
        entries.remove(entry);
        tests.remove_entry(gone.test);
        tests.release(gone.test);
        return gone.next_of_filter;
    }

    // One that may fail is to be asked about what may make it fail.
    void enter_by_failures(FilterId filter) {
        for (const std::uint32_t word : filters[filter].words) {
            if (operator_of(word) != test || !tests[operand_of(word)].casts()) continue;
            const std::uint32_t failure = tests.use_not_castable(operand_of(word));
            enter(filter, failure, false);
            tests.release(failure);
        }
    }

    // Conditions that say of no value what must be are met by every event of their types: each has a
    // document.
    std::vector<std::uint32_t> entered_by(const std::uint32_t* words, std::uint32_t every) const {
        Access found = access(tests, words);
        if (found.cost == std::numeric_limits<double>::infinity()) return {every};
        std::sort(found.tests.begin(), found.tests.end());
        found.tests.erase(std::unique(found.tests.begin(), found.tests.end()), found.tests.end());
        return std::move(found.tests);
    }

    bool passes(std::uint32_t number, Scratch::State& scratch) const {
        const Test& test = tests[number];
        for (std::uint32_t i = scratch.last[test.path]; i != kNone; i = scratch.values[i].next())
            if (test.passed_by(scratch.values[i])) return true;
        return false;
    }

    bool holds(const std::uint32_t*& at, Scratch::State& scratch) const {
        const std::uint32_t word = *at++;
        if (operator_of(word) == test) return passes(operand_of(word), scratch);
        const std::uint32_t* const end = at + operand_of(word);
        const bool all = operator_of(word) == all_of;
        bool result = all;
        while (at < end && result == all) result = holds(at, scratch);
        at = end;
        return operator_of(word) == none_of ? !result : result;
    }

    // Whether a value cannot be cast as a test needs it.
    bool may_fail(const Filter& filter, Scratch::State& scratch) const {
        return std::any_of(filter.words.begin(), filter.words.end(), [&](std::uint32_t word) {
            if (operator_of(word) != test || !tests[operand_of(word)].casts()) return false;
            const Test& casting = tests[operand_of(word)];
            for (std::uint32_t i = scratch.last[casting.path]; i != kNone; i = scratch.values[i].next())
                if (scratch.values[i].as(casting.type) == nullptr) return true;
            return false;
        });
    }

    void meet(const Entry& entry, Scratch::State& scratch, std::vector<Candidate>& out) const {
        if (!scratch.in_met.insert(entry.filter)) return;
        scratch.met.push_back(entry.filter);
        if (entry.complete) {
            out.push_back({entry.filter, entry.decides});
            return;
        }
        const Filter& filter = filters[entry.filter];
        const std::uint32_t* words = filter.words.begin();
        if (holds(words, scratch) || (!filter.sufficient && may_fail(filter, scratch)))
            out.push_back({entry.filter, filter.sufficient});
    }

    void take_values(const xml::Tree& tree, Scratch::State& scratch) const {
        if (scratch.last.size() < tests.paths().end()) scratch.last.resize(tests.paths().end(), kNone);
        tests.paths().walk(tree, scratch.walk, [&](std::uint32_t path, xml::NodeIndex node) {
            scratch.values.emplace_back(path, scratch.last[path], tree.string_value(node));
            scratch.last[path] = static_cast<std::uint32_t>(scratch.values.size() - 1);
        });
    }
};

Scratch::Scratch() : state_(std::make_unique<State>()) {}
Scratch::~Scratch() = default;
Scratch::Scratch(Scratch&&) noexcept = default;
Scratch& Scratch::operator=(Scratch&&) noexcept = default;

std::size_t Scratch::met() const {
    return state_->met.size();
}

Index::Index() : state_(std::make_unique<State>()) {}
Index::~Index() = default;
Index::Index(Index&&) noexcept = default;
Index& Index::operator=(Index&&) noexcept = default;

std::size_t Index::size() const {
    return state_->filters.size();
}

FilterId Index::insert(std::span<const std::string> events, const Condition& condition, bool sufficient) {
    State& state = *state_;
    const std::uint32_t set = state.sets.use(events);
    const std::uint32_t every = state.tests.use(set, {});
    std::vector<std::uint32_t> words;
    append(condition, set, state.tests, words);
    State::Filter filter;
    filter.words = Words(words);
    filter.set = set;
    filter.sufficient = sufficient;
    const FilterId id = state.filters.add(std::move(filter));
    const bool one_test = operator_of(words.front()) == test;
    for (const std::uint32_t number : state.entered_by(words.data(), every))
        state.enter(id, number, one_test && number != every);
    state.tests.release(every);
    if (!sufficient) state.enter_by_failures(id);
    return id;
}

void Index::remove(FilterId id) {
    State& state = *state_;
    State::Filter& filter = state.filters[id];
    for (std::uint32_t entry = filter.first_entry; entry != kNone;) entry = state.leave(entry);
    for (const std::uint32_t word : filter.words)
        if (operator_of(word) == test) state.tests.release(operand_of(word));
    state.sets.release(filter.set);
    state.filters.remove(id);
}

void Index::candidates(const events::Event& event, Scratch& scratch, std::vector<Candidate>& out) const {
    const State& state = *state_;
    Scratch::State& now = *scratch.state_;
    now.forget();
    now.in_sets.make_room(state.sets.end());
    now.in_met.make_room(state.filters.end());
    state.sets.visit_holding(event.name, [&](std::uint32_t set) {
        now.in_sets.insert(set);
        now.sets.push_back(set);
    });
    if (now.sets.empty()) return;
    state.take_values(*event.tree, now);
    for (Value& value : now.values) state.tests.find_passed(value, now.in_sets, now.passed);
    for (const std::uint32_t number : now.passed)
        for (std::uint32_t entry = state.tests[number].first_entry; entry != kNone;
             entry = state.entries[entry].next)
            state.meet(state.entries[entry], now, out);
}

}  // namespace clacks::matching
