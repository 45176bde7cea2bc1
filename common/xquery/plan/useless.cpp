#include "common/xquery/plan/useless.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "common/xquery/plan/basic.hpp"
#include "common/xquery/values/atomize.hpp"
#include "common/xquery/values/number.hpp"

namespace clacks::xquery::plan {

namespace {

TypeProblem warning(Code code, std::string message, std::string hint = {}) {
    return {code, std::move(message), std::move(hint), false};
}

TypeProblem always(bool outcome, std::string_view hint = {}) {
    if (outcome) return warning(Code::constant_condition, "this is always true", std::string(hint));
    return warning(Code::never_true, "this is never true", std::string(hint));
}

// The only item of an expression whose value is known.
const Item* known_item(Plan plan) {
    const Value* known = plan->constant();
    return known != nullptr && known->size() == 1 ? &known->front() : nullptr;
}

bool always_empty(const StaticType& type) {
    return type.is_empty() && !type.at_least_one;
}

// The least number that fn:count, fn:position or fn:last may give.
std::optional<double> least(Plan plan) {
    if (dynamic_cast<const CountOf*>(plan) != nullptr) return 0;
    if (dynamic_cast<const FocusNumber*>(plan) != nullptr) return 1;
    return std::nullopt;
}

// A whole number from `from` on compared with `bound`: the outcome where it is always the same.
std::optional<bool> outcome(Comparison op, double from, double bound) {
    const bool equals_none = bound < from || bound != std::floor(bound);
    switch (op) {
        case Comparison::eq:
            return equals_none ? std::optional(false) : std::nullopt;
        case Comparison::ne:
            return equals_none ? std::optional(true) : std::nullopt;
        case Comparison::lt:
            return bound <= from ? std::optional(false) : std::nullopt;
        case Comparison::le:
            return bound < from ? std::optional(false) : std::nullopt;
        case Comparison::gt:
            return bound < from ? std::optional(true) : std::nullopt;
        case Comparison::ge:
            return bound <= from ? std::optional(true) : std::nullopt;
    }
    return std::nullopt;
}

bool is_nan(const Item* item) {
    return item != nullptr && is_numeric(item->type) && std::isnan(double_of(*item));
}

}  // namespace

MaybeProblem constant_condition(Plan condition) {
    const Value* known = condition->constant();
    if (always_empty(condition->traits) && known == nullptr)
        return always(false, "it is always an empty sequence");
    if (known == nullptr) {
        const StaticType& type = condition->traits;
        const bool node = type.at_least_one && !type.is_empty() && (type.kinds & ~kNodes) == 0;
        if (!node) return std::nullopt;
        return always(true, "a node counts as true whatever it holds; compare its value");
    }
    if (known->is_range()) return std::nullopt;
    try {
        return always(effective_boolean_value(*known),
                      "leave the condition out, or ask for something that varies");
    } catch (const Error&) {
        return std::nullopt;  // told of by its type
    }
}

MaybeProblem constant_comparison(Comparison op, Plan left, Plan right) {
    if (always_empty(left->traits) || always_empty(right->traits))
        return always(false, "one side is always an empty sequence; ask empty() or exists()");
    if (op != Comparison::ne && (is_nan(known_item(left)) || is_nan(known_item(right))))
        return always(false, "nothing equals NaN; ask whether string($x) = 'NaN'");
    for (const bool mirror : {false, true}) {
        const std::optional<double> from = least(mirror ? right : left);
        const Item* bound = known_item(mirror ? left : right);
        if (!from || bound == nullptr || !is_numeric(bound->type)) continue;
        const auto told = outcome(mirror ? mirrored(op) : op, *from, double_of(*bound));
        if (told)
            return always(*told, "the number is " + std::to_string(static_cast<int>(*from)) +
                                     " or a greater whole one");
    }
    return std::nullopt;
}

MaybeProblem unreachable_case(const StaticType& operand, std::span<const SequenceType> types,
                              std::span<const SequenceType> before) {
    const auto none_is = [&](const auto& condition) {
        return std::none_of(types.begin(), types.end(), condition);
    };
    if (std::any_of(before.begin(), before.end(),
                    [&](const SequenceType& earlier) { return surely_matches(operand, earlier); }))
        return warning(Code::unreachable_case, "no value gets here: a case before takes them all");
    if (types.empty()) return std::nullopt;  // default
    if (none_is([&](const SequenceType& type) { return may_match(operand, type); }))
        return warning(Code::unreachable_case, "no value gets here: the operand is never " +
                                                   to_string(types.front()) + ", but " +
                                                   to_string(operand.kinds));
    const bool taken = none_is([&](const SequenceType& type) {
        return std::none_of(before.begin(), before.end(),
                            [&](const SequenceType& earlier) { return is_subtype(type, earlier); });
    });
    if (!taken) return std::nullopt;
    return warning(Code::unreachable_case, "no value gets here: a case before takes all of this type",
                   "put the narrower type first");
}

MaybeProblem unreachable_case(Plan value, std::span<const Plan> before) {
    const Item* item = known_item(value);
    if (item == nullptr || !(is_textual(item->type) || is_integer(item->type))) return std::nullopt;
    const bool repeated = std::any_of(before.begin(), before.end(), [&](Plan earlier) {
        const Item* other = known_item(earlier);
        if (other == nullptr || other->type != item->type) return false;
        return is_textual(item->type) ? other->text() == item->text()
                                      : !other->wide() && !item->wide() && other->integer == item->integer;
    });
    if (!repeated) return std::nullopt;
    return warning(Code::unreachable_case, "no value gets here: a case before has the same value");
}

TypeProblem unreachable_catch() {
    return warning(Code::unreachable_case, "no error gets here: a catch before takes them all",
                   "put catch * last");
}

}  // namespace clacks::xquery::plan
