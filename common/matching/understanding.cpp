#include "common/matching/understanding.hpp"

#include <algorithm>
#include <utility>

#include "common/matching/reasons.hpp"
#include "common/matching/schema_paths.hpp"

namespace clacks::matching {

namespace {

using analysis::Condition;
using analysis::Exactness;
using analysis::Test;
using Kind = Condition::Kind;

enum class Truth : std::uint8_t { no, maybe, yes };

Truth truth_of(Verdict verdict) {
    if (verdict == Verdict::always) return Truth::yes;
    return verdict == Verdict::maybe ? Truth::maybe : Truth::no;
}

Truth negated(Truth truth) {
    return truth == Truth::no ? Truth::yes : truth == Truth::yes ? Truth::no : Truth::maybe;
}

void collect(const Condition& condition, std::vector<const Test*>& to) {
    if (condition.kind == Kind::test) to.push_back(&condition.test);
    for (const Condition& part : condition.parts) collect(part, to);
}

// What is known of each test, in the order of collect().
using Known = std::vector<Truth>;

Truth truth_of(const Condition& condition, Known::const_iterator& known) {
    switch (condition.kind) {
        case Kind::always:
            return Truth::yes;
        case Kind::never:
            return Truth::no;
        case Kind::test:
            return *known++;
        case Kind::none_of:
            return negated(truth_of(condition.parts.front(), known));
        case Kind::all_of:
        case Kind::any_of:
            break;
    }
    const bool all = condition.kind == Kind::all_of;
    Truth truth = all ? Truth::yes : Truth::no;
    for (const Condition& part : condition.parts) {
        const Truth next = truth_of(part, known);
        truth = all ? std::min(truth, next) : std::max(truth, next);
    }
    return truth;
}

Condition constant(bool truth, Exactness exactness) {
    Condition condition;
    condition.kind = truth ? Kind::always : Kind::never;
    condition.exactness = exactness;
    return condition;
}

// Without the parts that are known.
Condition simplified(const Condition& condition, Known::const_iterator& known) {
    if (condition.kind == Kind::always || condition.kind == Kind::never) return condition;
    if (condition.kind == Kind::test) {
        const Truth truth = *known++;
        return truth == Truth::maybe ? condition : constant(truth == Truth::yes, condition.exactness);
    }
    const bool all = condition.kind == Kind::all_of;
    Condition result = condition;
    result.parts.clear();
    std::optional<bool> settled;
    for (const Condition& part : condition.parts) {
        Condition next = simplified(part, known);
        const bool is_constant = next.kind == Kind::always || next.kind == Kind::never;
        if (!is_constant) {
            result.parts.push_back(std::move(next));
        } else if (condition.kind == Kind::none_of) {
            settled = next.kind == Kind::never;
        } else if (all != (next.kind == Kind::always)) {
            settled = !all;
        }
    }
    if (settled) return constant(*settled, condition.exactness);
    if (condition.kind == Kind::none_of) return result;
    if (result.parts.empty()) return constant(all, condition.exactness);
    if (result.parts.size() > 1) return result;
    Condition only = std::move(result.parts.front());
    only.exactness = condition.exactness;
    return only;
}

class Judge {
  public:
    Judge(const Condition& condition, const events::Catalogue& catalogue)
        : condition_(condition), catalogue_(catalogue) {
        collect(condition, tests_);
        common_.assign(tests_.size(), Truth::maybe);
        never_.assign(tests_.size(), true);
    }

    Understanding run() {
        for (const events::EventType& type : catalogue_.types()) ask(type);
        Understanding result;
        result.events = std::move(events_);
        auto known = common_.cbegin();
        result.condition = result.events.empty() || always_
                               ? constant(!result.events.empty(), condition_.exactness)
                               : simplified(condition_, known);
        result.sufficient = condition_.exactness == Exactness::exact ||
                            (condition_.exactness == Exactness::exact_if_single && settled_);
        (result.events.empty() ? result.problems : result.warnings) = reasons(result.events.empty());
        return result;
    }

  private:
    void ask(const events::EventType& type) {
        Known truths;
        bool settled = true;
        for (std::size_t i = 0; i < tests_.size(); ++i) {
            const Reached reached = follow(tests_[i]->path, type);
            truths.push_back(truth_of(verdict(*tests_[i], reached)));
            if (truths.back() != Truth::no) never_[i] = false;
            settled = settled && is_settled(*tests_[i], reached);
        }
        auto known = truths.cbegin();
        const Truth truth = truth_of(condition_, known);
        if (truth == Truth::no) return;
        always_ = always_ && truth == Truth::yes;
        for (std::size_t i = 0; i < tests_.size(); ++i) {
            const bool same = events_.empty() || common_[i] == truths[i];
            common_[i] = same ? truths[i] : Truth::maybe;
        }
        settled_ = settled_ && settled;
        events_.push_back(type.name);
    }

    Diagnostics reasons(bool never) const {
        Diagnostics found;
        for (std::size_t i = 0; i < tests_.size(); ++i) {
            if (!never_[i]) continue;
            Diagnostic reason = reason_for(*tests_[i], catalogue_);
            const bool told = std::any_of(found.begin(), found.end(), [&](const Diagnostic& other) {
                return other.message == reason.message && other.line == reason.line &&
                       other.column == reason.column;
            });
            if (!told) found.push_back(std::move(reason));
        }
        if (never && found.empty()) found.push_back(contradiction(tests_.empty()));
        return found;
    }

    const Condition& condition_;
    const events::Catalogue& catalogue_;
    std::vector<const Test*> tests_;
    Known common_;             // of all events that it can be true of
    std::vector<bool> never_;  // of no event at all
    bool settled_ = true;      // each test, of all events that it can be true of
    bool always_ = true;       // it holds of each of those
    std::vector<std::string> events_;
};

// One whose event has an element that another one may stand for, so that the catalogue's names are not all.
bool is_open(const events::Catalogue& catalogue) {
    return std::any_of(catalogue.types().begin(), catalogue.types().end(),
                       [](const events::EventType& type) { return type.content.replaceable; });
}

}  // namespace

Understanding understand(const Condition& condition, const events::Catalogue& catalogue) {
    if (!is_open(catalogue)) return Judge(condition, catalogue).run();
    Understanding result;
    for (const events::EventType& type : catalogue.types()) result.events.push_back(type.name);
    result.condition = condition;
    result.sufficient = condition.exactness == Exactness::exact;
    return result;
}

}  // namespace clacks::matching
