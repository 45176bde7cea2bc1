// Comparisons (XQuery 3.1, 3.7).
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "common/xquery/analysis/walker.hpp"

namespace clacks::xquery::analysis {

namespace {

using Function = Computed::Function;

constexpr double kExactIntegers = 9e15;  // below, every integer is a double of its own

Comparison comparison_of(syntax::Operator op) {
    using syntax::Operator;
    switch (op) {
        case Operator::eq:
        case Operator::general_eq:
            return Comparison::eq;
        case Operator::ne:
        case Operator::general_ne:
            return Comparison::ne;
        case Operator::lt:
        case Operator::general_lt:
            return Comparison::lt;
        case Operator::le:
        case Operator::general_le:
            return Comparison::le;
        case Operator::gt:
        case Operator::general_gt:
            return Comparison::gt;
        default:
            return Comparison::ge;
    }
}

bool holds_of_empty_text(Comparison op, const std::string& text) {
    switch (op) {
        case Comparison::eq:
        case Comparison::ge:
            return text.empty();
        case Comparison::ne:
        case Comparison::lt:
            return !text.empty();
        case Comparison::le:
            return true;
        case Comparison::gt:
            return false;
    }
    return false;
}

// Of a number that counts what may be there.
Meaning counted(Comparison op, const Meaning& some, double number) {
    switch (op) {
        case Comparison::eq:
            return number == 0 ? none(some) : number >= 1 ? weakened(some, Level::no) : unknown();
        case Comparison::ne:
            return number == 0 ? some : unknown();
        case Comparison::gt:
            return number < 0 ? unknown() : number < 1 ? some : weakened(some, Level::no);
        case Comparison::ge:
            return number <= 0 ? unknown() : number <= 1 ? some : weakened(some, Level::no);
        case Comparison::lt:
            return number > 0 && number <= 1 ? none(some) : unknown();
        case Comparison::le:
            return number >= 0 && number < 1 ? none(some) : unknown();
    }
    return unknown();
}

Meaning truth_with(const Truth& truth, Comparison op, bool literal) {
    if (op != Comparison::eq && op != Comparison::ne) return unknown();
    if (literal == (op == Comparison::eq)) return truth.meaning;
    return truth.one ? none(truth.meaning) : unknown();
}

// With xs:decimal and what is derived from it, whose values a double may be too coarse to tell apart.
Meaning decimal_with(const Nodes& nodes, Comparison op, double number, Place place) {
    const bool exact = number == std::floor(number) && std::fabs(number) < kExactIntegers;
    if (!exact || op == Comparison::ne) return weakened(existence(nodes, place), Level::no, Level::no);
    Test test = comparison_test(op, nodes, number, place);
    if (test.low) test.low->included = true;
    if (test.high) test.high->included = true;
    return weakened(passed(nodes, std::move(test), Level::no), Level::no);
}

const double* number_in(const Value& value) {
    if (value.parts.size() != 1 || value.parts.front().guard) return nullptr;
    const auto* constant = std::get_if<Constant>(&value.parts.front().content);
    return constant == nullptr ? nullptr : std::get_if<double>(&constant->value);
}

}  // namespace

Test comparison_test(Comparison op, const Nodes& nodes, Literal literal, Place place) {
    Test test = test_of(Test::Kind::within, nodes, place);
    switch (op) {
        case Comparison::eq:
            test.kind = Test::Kind::equal;
            test.literal = std::move(literal);
            break;
        case Comparison::ne:
            test.kind = Test::Kind::not_equal;
            test.literal = std::move(literal);
            break;
        case Comparison::lt:
        case Comparison::le:
            test.high = {std::move(literal), op == Comparison::le};
            break;
        case Comparison::gt:
        case Comparison::ge:
            test.low = {std::move(literal), op == Comparison::ge};
            break;
    }
    return test;
}

Meaning Walker::comparison(const syntax::Comparison& expr) {
    using syntax::ExprKind;
    const Place at = place(expr.span);
    if (expr.op == syntax::Operator::general_eq) {
        if (expr.right->kind == ExprKind::range)
            return in_range(*expr.left, syntax::as<syntax::Range>(*expr.right), at);
        if (expr.left->kind == ExprKind::range)
            return in_range(*expr.right, syntax::as<syntax::Range>(*expr.left), at);
    }
    const Value left = value(*expr.left);
    const Value right = value(*expr.right);
    if (expr.kind == ExprKind::node_comparison)
        return weakened(all(some_of(left, at), some_of(right, at)), Level::no, Level::no);
    const bool value_comparison = expr.kind == ExprKind::value_comparison;
    Meaning meaning = certain(false);
    for (const Part& a : left.parts) {
        for (const Part& b : right.parts) {
            take(1);
            Meaning pair = compared(a, b, {comparison_of(expr.op), {}, value_comparison, at});
            meaning = any(std::move(meaning), guarded(a.guard, guarded(b.guard, std::move(pair))));
        }
    }
    const bool single = left.parts.size() < 2 && right.parts.size() < 2;
    Level safe = value_comparison && !single ? Level::no : Level::yes;
    if (left.parts.empty() || right.parts.empty())
        safe = value_comparison ? Level::no : std::min(safe_unused(left), safe_unused(right));
    return weakened(std::move(meaning), Level::yes, std::min({safe, left.safe, right.safe}));
}

// x = a to b, where more than integers are in between.
Meaning Walker::in_range(const syntax::Expr& expr, const syntax::Range& range, Place at) {
    const Value given = value(expr);
    const Value from = value(*range.from);
    const Value to = value(*range.to);
    const double* low = number_in(from);
    const double* high = number_in(to);
    Meaning meaning = certain(false);
    for (const Part& part : given.parts) {
        const auto* nodes = std::get_if<Nodes>(&part.content);
        Meaning one = some_of(part, at);
        if (nodes != nullptr && low != nullptr && high != nullptr) {
            Test test = test_of(Test::Kind::within, *nodes, at);
            test.low = {*low, true};
            test.high = {*high, true};
            one = guarded(part.guard, passed(*nodes, std::move(test), Level::no));
        }
        meaning = any(std::move(meaning), std::move(one));
    }
    return weakened(std::move(meaning), Level::no, Level::no);
}

Meaning Walker::compared(const Part& left, const Part& right, Against by) const {
    const auto* constant_left = std::get_if<Constant>(&left.content);
    const auto* constant_right = std::get_if<Constant>(&right.content);
    if (constant_right != nullptr) {
        by.literal = constant_right->value;
        return with_literal(left, by);
    }
    if (constant_left != nullptr) {
        by.literal = constant_left->value;
        by.op = mirrored(by.op);
        return with_literal(right, by);
    }
    const Part a{left.content, std::nullopt};
    const Part b{right.content, std::nullopt};
    return weakened(all(some_of(a, by.place), some_of(b, by.place)), Level::no, Level::no);
}

Meaning Walker::with_literal(const Part& part, const Against& by) const {
    if (const auto* nodes = std::get_if<Nodes>(&part.content))
        return nodes_with(*nodes, {Operand::As::untyped, by.value_comparison, false}, by);
    if (const auto* computed = std::get_if<Computed>(&part.content)) return computed_with(*computed, by);
    const auto* truth = std::get_if<Truth>(&part.content);
    if (const auto* literal = std::get_if<bool>(&by.literal); literal != nullptr && truth != nullptr)
        return truth_with(*truth, by.op, *literal);
    const auto* count = std::get_if<Count>(&part.content);
    if (const auto* literal = std::get_if<double>(&by.literal); literal != nullptr && count != nullptr)
        return counted(by.op, count->some, *literal);
    return weakened(some_of({part.content, std::nullopt}, by.place), Level::no, Level::no);
}

// What is no number is NaN, which is not equal to anything.
Meaning Walker::number_with(const Nodes& nodes, const Against& by) const {
    if (by.op == Comparison::ne) return unknown();
    Meaning meaning = nodes_with(nodes, {Operand::As::number, true, false}, by);
    meaning.opposite.reset();
    return meaning;
}

Meaning Walker::computed_with(const Computed& computed, const Against& by) const {
    using As = Operand::As;
    const Nodes& of = computed.of;
    const auto* text = std::get_if<std::string>(&by.literal);
    switch (computed.function) {
        case Function::data:
            return nodes_with(of, {As::untyped, by.value_comparison, false}, by);
        case Function::text:
            return nodes_with(of, {As::text, true, false}, by);
        case Function::string:
            return nodes_with(of, {As::text, true, !of.sure}, by);
        case Function::string_or_none:
            if (text == nullptr || holds_of_empty_text(by.op, *text)) return unknown();
            return nodes_with(of, {As::text, true, false}, by);
        case Function::number:
            return number_with(of, by);
        case Function::real:
            return nodes_with(of, {As::number, true, false}, by);
        case Function::whole:
            return nodes_with(of, {As::whole, true, false}, by);
        case Function::truth:
            return nodes_with(of, {As::truth, true, false}, by);
        case Function::changed:
            if (text == nullptr || text->empty() || by.op != Comparison::eq || !scope_.by_code_points())
                return unknown();
            return weakened(existence(of, by.place), Level::no, Level::no);
    }
    return unknown();
}

// Types that do not compare are an error (XQuery 3.1, 3.7.1), and so is an untyped value beside a number in a
// value comparison, where it counts as text.
Meaning Walker::nodes_with(const Nodes& nodes, Operand operand, const Against& by) const {
    using As = Operand::As;
    if (by.value_comparison && operand.as == As::untyped) operand.as = As::text;
    const bool untyped = operand.as == As::untyped;
    if (std::holds_alternative<std::string>(by.literal))
        return untyped || operand.as == As::text ? text_with(nodes, operand, by) : failing();
    const Level safe = Level::if_single;
    if (std::holds_alternative<bool>(by.literal)) {
        if (!untyped && operand.as != As::truth) return failing();
        if (by.op != Comparison::eq && by.op != Comparison::ne)
            return weakened(existence(nodes, by.place), Level::no, Level::no);
        return passed(nodes, comparison_test(by.op, nodes, by.literal, by.place), safe);
    }
    const double number = std::get<double>(by.literal);
    if (std::isnan(number)) return weakened(existence(nodes, by.place), Level::no, Level::no);
    if (operand.as == As::whole) return decimal_with(nodes, by.op, number, by.place);
    if (!untyped && operand.as != As::number) return failing();
    return passed(nodes, comparison_test(by.op, nodes, number, by.place), safe);
}

Meaning Walker::text_with(const Nodes& nodes, Operand operand, const Against& by) const {
    if (!scope_.by_code_points())
        return operand.empty_of_none ? unknown() : weakened(existence(nodes, by.place), Level::no, Level::no);
    const Level safe = operand.one && !nodes.single ? Level::if_single : Level::yes;
    Meaning meaning = passed(nodes, comparison_test(by.op, nodes, by.literal, by.place), safe);
    if (!operand.empty_of_none || !holds_of_empty_text(by.op, std::get<std::string>(by.literal)))
        return meaning;
    return any(none(existence(nodes, by.place)), std::move(meaning));
}

}  // namespace clacks::xquery::analysis
