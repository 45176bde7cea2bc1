#include "common/xquery/plan/type_problem.hpp"

#include <utility>

#include "common/xquery/values/cast.hpp"

namespace clacks::xquery::plan {

namespace {

constexpr std::size_t kFirstActual = static_cast<std::size_t>(Type::untyped_atomic);
constexpr Kinds kUntyped = kind_of(Type::untyped_atomic);

// Whether the condition holds for any of the atomic types.
template <class Condition>
bool any_type(Kinds kinds, Condition condition) {
    for (std::size_t t = kFirstActual; t < kTypeCount; ++t) {
        const auto type = static_cast<Type>(t);
        if ((kinds & kind_of(type)) != 0 && condition(type)) return true;
    }
    return false;
}

TypeProblem problem(bool always, std::string message, std::string hint = {}) {
    return {Code::XPTY0004, std::move(message), std::move(hint), always};
}

// Functions and maps have no atomic value (FOTY0013).
MaybeProblem atomization_problem(const StaticType& operand) {
    if (operand.is_empty() || (operand.kinds & ~(kind_of(Type::function) | kind_of(Type::map))) != 0)
        return std::nullopt;
    return TypeProblem{Code::FOTY0013, to_string(operand.kinds) + " has no atomic value",
                       "functions and maps cannot be compared or calculated with", operand.at_least_one};
}

// What is the matter with either of two operands by itself.
MaybeProblem operand_problem(const StaticType& left, const StaticType& right, std::string_view symbol) {
    const std::string what = "an operand of " + std::string(symbol);
    for (const auto* pair : {&left, &right}) {
        if (auto found = single_problem(*pair, what)) {
            const StaticType& other = pair == &left ? right : left;
            found->always = found->always && other.at_least_one;
            return found;
        }
    }
    return std::nullopt;
}

std::string does_not_go(std::string_view symbol, Kinds left, Kinds right) {
    return "'" + std::string(symbol) + "' does not go with " + to_string(left) + " and " + to_string(right);
}

std::string conversion_hint(Kinds from, Kinds to) {
    const bool texts = (from & ~kTexts) == 0;
    if (texts && (to & kNumbers) != 0) return "convert the text with number() or xs:integer()";
    return "convert one side to the type of the other";
}

// Whether values of some of the types compare; `fits(a, b)` says of which.
template <class Fits>
MaybeProblem comparison_problem(std::string_view symbol, const StaticType& left, const StaticType& right,
                                Fits fits) {
    for (const StaticType* one : {&left, &right}) {
        if (auto found = atomization_problem(*one)) {
            found->always = left.at_least_one && right.at_least_one;
            return found;
        }
    }
    const StaticType a = atomized(left), b = atomized(right);
    if (a.is_empty() || b.is_empty()) return std::nullopt;
    const bool possible =
        any_type(a.kinds, [&](Type x) { return any_type(b.kinds, [&](Type y) { return fits(x, y); }); });
    if (possible) return std::nullopt;
    std::string hint = conversion_hint(a.kinds, b.kinds);
    if ((a.kinds & ~kTexts) != 0) hint = conversion_hint(b.kinds, a.kinds);
    return problem(a.at_least_one && b.at_least_one, does_not_go(symbol, a.kinds, b.kinds), std::move(hint));
}

bool compares(Comparison op, Type a, Type b) {
    return op == Comparison::eq || op == Comparison::ne ? comparable(a, b) : ordered(a, b);
}

bool converts(Type from, Type to) {
    if (derives_from(from, to)) return true;
    if (from == Type::untyped_atomic) return to != Type::qname && to != Type::notation;
    return (to == Type::double_ && is_numeric(from)) || (to == Type::float_ && is_decimal(from)) ||
           (to == Type::string && from == Type::any_uri);
}

// Too many items or none, whatever they are.
MaybeProblem count_problem(const StaticType& given, const SequenceType& type, std::string_view what) {
    const std::string takes = std::string(what) + " takes " + to_string(type);
    if (given.at_least_two && !type.allows_many())
        return problem(true, takes + " and gets a sequence of several",
                       "choose one item, as with [1] or head()");
    if (given.at_least_one && type.empty) return problem(true, takes + " and gets " + to_string(given.kinds));
    if (given.is_empty() && !given.at_least_one && !type.allows_empty())
        return problem(true, takes + " and gets an empty sequence");
    return std::nullopt;
}

}  // namespace

MaybeProblem arithmetic_problem(Arithmetic op, const StaticType& left, const StaticType& right) {
    if (auto found = operand_problem(left, right, symbol(op))) return found;
    const StaticType a = atomized(left), b = atomized(right);
    if (a.is_empty() || b.is_empty() || arithmetic_kinds(op, a.kinds, b.kinds) != kNothing)
        return std::nullopt;
    const bool text = (a.kinds & ~kTexts) == 0 || (b.kinds & ~kTexts) == 0;
    return problem(a.at_least_one && b.at_least_one, does_not_go(symbol(op), a.kinds, b.kinds),
                   text ? "convert it with xs:double() or number()" : "");
}

MaybeProblem sign_problem(const StaticType& operand) {
    if (auto found = single_problem(operand, "the operand of a sign")) return found;
    const StaticType a = atomized(operand);
    if (a.is_empty() || sign_kinds(a.kinds) != kNothing) return std::nullopt;
    return problem(a.at_least_one, "a sign goes before a number and not before " + to_string(a.kinds));
}

MaybeProblem value_comparison_problem(Comparison op, const StaticType& left, const StaticType& right) {
    if (auto found = operand_problem(left, right, value_symbol(op))) return found;
    auto found =
        comparison_problem(value_symbol(op), left, right, [&](Type a, Type b) { return compares(op, a, b); });
    const bool untyped = found && (atomized(left).kinds == kUntyped || atomized(right).kinds == kUntyped);
    if (untyped)
        found->hint = "untyped values count as text here; write " + std::string(general_symbol(op)) +
                      ", or convert it with number() or xs:date() …";
    return found;
}

MaybeProblem general_comparison_problem(Comparison op, const StaticType& left, const StaticType& right) {
    return comparison_problem(general_symbol(op), left, right, [&](Type a, Type b) {
        if (a == Type::untyped_atomic) return compares(op, b, b);
        return compares(op, a, b == Type::untyped_atomic ? a : b);
    });
}

MaybeProblem node_problem(const StaticType& operand, std::string_view what, Code code) {
    if (operand.is_empty() || (operand.kinds & kNodes) != 0) return std::nullopt;
    TypeProblem found = problem(operand.at_least_one,
                                std::string(what) + " takes nodes and gets " + to_string(operand.kinds));
    found.code = code;
    return found;
}

MaybeProblem single_problem(const StaticType& operand, std::string_view what) {
    if (auto found = atomization_problem(operand)) return found;
    if (!atomized(operand).at_least_two) return std::nullopt;
    return problem(true, std::string(what) + " is a sequence of more than one item",
                   "select one of them, or use fn:sum, fn:string-join … on all");
}

MaybeProblem cast_problem(const StaticType& operand, Type target, bool allow_empty) {
    if (target == Type::error) return std::nullopt;  // fails by its values
    if (auto found = single_problem(operand, "the operand of a cast")) return found;
    const StaticType a = atomized(operand);
    const std::string type(type_name(target));
    if (a.is_empty() && !a.at_least_one) {
        if (allow_empty) return std::nullopt;
        return problem(true, "an empty sequence cannot be cast to " + type);
    }
    if (a.is_empty() || any_type(a.kinds, [&](Type from) { return castable_type(from, target); }))
        return std::nullopt;
    return problem(a.at_least_one || !allow_empty, to_string(a.kinds) + " cannot be cast to " + type);
}

MaybeProblem match_problem(const StaticType& given, const SequenceType& type, std::string_view what,
                           Code code) {
    if (may_match(given, type)) return std::nullopt;
    TypeProblem found = problem(true, std::string(what) + " is never of the type " + to_string(type) +
                                          ", but " + to_string(given.kinds));
    if (given.at_least_two && !type.allows_many())
        found.message = std::string(what) + " is a sequence of several and not " + to_string(type);
    found.code = code;
    return found;
}

MaybeProblem conversion_problem(const StaticType& given, const SequenceType& type, std::string_view what) {
    const bool atomic = type.item.kind == ItemType::Kind::atomic && !type.empty;
    const StaticType got = atomic ? atomized(given) : given;
    if (auto found = atomic ? atomization_problem(given) : std::nullopt) {
        found->always = found->always || !type.allows_empty();
        return found;
    }
    if (auto found = count_problem(got, type, what)) return found;
    if (type.empty || got.is_empty()) return std::nullopt;
    const Type wanted = type.item.atomic;
    const bool possible = atomic ? any_type(got.kinds, [&](Type from) { return converts(from, wanted); })
                                 : (got.kinds & kinds_of(type.item)) != 0;
    if (possible) return std::nullopt;
    const bool textual = (got.kinds & ~kTexts) == 0 || wanted == Type::string;
    std::string hint;
    if (atomic && wanted > Type::error && textual)
        hint = "convert it with " + std::string(type_name(wanted)) + "()";
    TypeProblem found =
        problem(got.at_least_one || !type.allows_empty(),
                std::string(what) + " takes " + to_string(type) + " and gets " + to_string(got.kinds),
                std::move(hint));
    if (got.kinds == kUntyped) found.code = Code::XPTY0117;  // names are not made of untyped values
    return found;
}

MaybeProblem truth_problem(const StaticType& operand) {
    constexpr Kinds kTruths = kNodes | kBooleans | kNumbers | kTexts;
    if (operand.is_empty() || (operand.kinds & kNodes) != 0) return std::nullopt;
    if (operand.at_least_two)
        return TypeProblem{Code::FORG0006,
                           "a sequence of several values of type " + to_string(operand.kinds) +
                               " has no effective boolean value",
                           "compare it, or ask exists() or count()", true};
    if ((operand.kinds & kTruths) != 0) return std::nullopt;
    return TypeProblem{Code::FORG0006, to_string(operand.kinds) + " has no effective boolean value",
                       "compare it, or ask exists() or count()", operand.at_least_one};
}

MaybeProblem call_problem(const StaticType& function) {
    if (function.is_empty() || (function.kinds & kFunctions) != 0) return std::nullopt;
    return problem(true, "only a function can be called, and this is " + to_string(function.kinds));
}

MaybeProblem lookup_problem(const StaticType& operand) {
    constexpr Kinds kHolders = kind_of(Type::map) | kind_of(Type::array);
    if (operand.is_empty() || (operand.kinds & kHolders) != 0) return std::nullopt;
    return problem(operand.at_least_one,
                   "only maps and arrays can be looked up with ?, and this is " + to_string(operand.kinds));
}

}  // namespace clacks::xquery::plan
