// Calls of functions and casts. Of the library's functions only those that filters use are told apart.
#include <algorithm>
#include <utility>

#include "common/xquery/analysis/walker.hpp"
#include "common/xquery/functions/library.hpp"
#include "common/xquery/values/call_context.hpp"
#include "common/xquery/values/cast.hpp"
#include "common/xquery/values/number.hpp"

namespace clacks::xquery::analysis {

namespace {

using Function = Computed::Function;

bool is_any_of(std::string_view name, std::span<const std::string_view> names) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

// Functions whose text is "" where their first argument is empty.
constexpr std::string_view kTextOfText[] = {
    "normalize-space", "lower-case", "upper-case", "normalize-unicode",
    "translate",       "replace",    "substring",  "substring-before",
    "substring-after", "local-name", "name",       "string-join"};
// Functions that give nothing of nothing.
constexpr std::string_view kNothingOfNothing[] = {"min",         "max",     "avg",    "abs",
                                                  "floor",       "ceiling", "tail",   "reverse",
                                                  "subsequence", "round",   "remove", "trace"};
constexpr std::string_view kOfTheFocus[] = {"string",          "data",       "number",
                                            "normalize-space", "local-name", "name"};

const std::string* text_in(const Value& value) {
    if (value.parts.size() != 1 || value.parts.front().guard) return nullptr;
    const auto* constant = std::get_if<Constant>(&value.parts.front().content);
    return constant == nullptr ? nullptr : std::get_if<std::string>(&constant->value);
}

// Whether it is a value, if only an empty text, where its argument is empty.
bool is_of_nothing(Function function) {
    return function == Function::string || function == Function::number || function == Function::changed;
}

// The function of what another one gave, where that is known; data stands for the nodes themselves.
std::optional<Function> composed(Function outer, Function inner) {
    if (inner == Function::data) return outer;
    const bool textual = inner == Function::text || inner == Function::string;
    if (inner == Function::changed || (textual && outer == Function::changed)) {
        const bool kept = outer == Function::changed || outer == Function::string;
        return kept ? std::optional(Function::changed) : std::nullopt;
    }
    if (!textual) return std::nullopt;
    if (outer == Function::data || outer == Function::text) return inner;
    return outer;
}

Value opaque_of(Function function, const Value& argument, Place place) {
    return value_of(Opaque{is_of_nothing(function) ? unknown() : some_of(argument, place)});
}

Value data_of(const Value& argument) {
    Value result = argument;
    for (Part& part : result.parts) {
        if (auto* nodes = std::get_if<Nodes>(&part.content))
            part.content = Computed{Function::data, Nodes(*nodes)};
    }
    return result;
}

// The first of them.
Value head_of(Value argument, Place place) {
    const Level sufficient = argument.parts.size() == 1 ? Level::yes : Level::no;
    for (Part& part : argument.parts) {
        if (auto* nodes = std::get_if<Nodes>(&part.content)) {
            nodes->own = weakened(existence(*nodes, place), sufficient);
            nodes->sure = false;
        } else {
            part = {Opaque{some_of(part, place)}, std::nullopt};
        }
    }
    return argument;
}

// A literal in the hands of a constructor: xs:double("5").
Value constant_of(Type type, const Value& argument) {
    const std::string* text = text_in(argument);
    Arena arena;
    const auto item = text == nullptr ? std::nullopt : try_cast(Item::of_text(*text), type, arena);
    if (item && is_string(type)) return value_of(Constant{std::string(item->text())});
    if (item && type == Type::boolean) return value_of(Constant{item->boolean()});
    // A float compares as one, which is coarser than a double.
    if (item && is_numeric(type) && type != Type::float_) return value_of(Constant{double_of(*item)});
    return value_of(Opaque{unknown()});
}

Value constructed(Type type, const Value& argument, Place place) {
    if (argument.parts.size() == 1 && std::holds_alternative<Constant>(argument.parts.front().content))
        return constant_of(type, argument);
    if (type == Type::string) return computed(Function::text, argument, place);
    if (type == Type::double_) return computed(Function::real, argument, place);
    if (type == Type::boolean) return computed(Function::truth, argument, place);
    if (is_decimal(type)) return computed(Function::whole, argument, place);
    return value_of(Opaque{some_of(argument, place)});
}

Meaning beginning(const Nodes& nodes, std::string text, Place place) {
    Test test = test_of(Test::Kind::starts_with, nodes, place);
    test.literal = std::move(text);
    return passed(nodes, std::move(test), nodes.single ? Level::yes : Level::if_single);
}

// By a regular expression that is a text, with or without anchors.
Meaning matching(const Nodes& nodes, std::string_view pattern, Place place) {
    const bool begin = pattern.starts_with('^');
    if (begin) pattern.remove_prefix(1);
    const bool end = pattern.ends_with('$');
    if (end) pattern.remove_suffix(1);
    if (pattern.empty() || pattern.find_first_of("\\.[]{}()*+?|^$") != std::string_view::npos)
        return unknown();
    if (!begin) return weakened(existence(nodes, place), Level::no, Level::no);
    if (!end) return beginning(nodes, std::string(pattern), place);
    return passed(nodes, comparison_test(Comparison::eq, nodes, std::string(pattern), place),
                  nodes.single ? Level::yes : Level::if_single);
}

Value function_of_one(std::string_view local, const Value& argument, Place at) {
    if (local == "not") return value_of(Truth{none(truth_of(argument, at))});
    if (local == "boolean") return value_of(Truth{truth_of(argument, at)});
    if (local == "exists") return value_of(Truth{some_of(argument, at)});
    if (local == "empty") return value_of(Truth{none(some_of(argument, at))});
    if (local == "count") return value_of(Count{some_of(argument, at)});
    if (local == "string") return computed(Function::string, argument, at);
    if (local == "data") return data_of(argument);
    if (local == "number") return computed(Function::number, argument, at);
    if (local == "head") return head_of(argument, at);
    if (local == "zero-or-one" || local == "exactly-one" || local == "one-or-more") {
        Value result = argument;
        result.safe = Level::no;
        return result;
    }
    return nothing_known();
}

}  // namespace

Value computed(Function function, const Value& argument, Place place) {
    if (argument.parts.size() != 1) return opaque_of(function, argument, place);
    Part part = argument.parts.front();
    std::optional<Function> known = function;
    if (auto* nodes = std::get_if<Nodes>(&part.content)) {
        part.content = Computed{function, Nodes(*nodes)};
    } else if (auto* inner = std::get_if<Computed>(&part.content)) {
        known = composed(function, inner->function);
    } else {
        known.reset();
    }
    if (!known) return opaque_of(function, argument, place);
    auto& result = std::get<Computed>(part.content);
    result.function = *known;
    if (part.guard && is_of_nothing(*known)) {
        result.of.own = all(std::move(*part.guard), existence(result.of, place));
        result.of.sure = false;
        part.guard.reset();
    }
    Value value;
    value.parts.push_back(std::move(part));
    value.safe = argument.safe;
    return value;
}

std::vector<Value> Walker::values(std::span<const syntax::Expr* const> arguments) {
    std::vector<Value> result;
    for (const syntax::Expr* argument : arguments) {
        if (argument->kind == syntax::ExprKind::argument_placeholder) throw TooMuch();
        result.push_back(value(*argument));
    }
    return result;
}

Value Walker::call(const syntax::Name& name, const std::vector<Value>& arguments, Place at) {
    const ExpandedName expanded = scope_.expand(name, Scope::Use::function);
    if (expanded.uri == kFnNamespace) return function(expanded.local, arguments, at);
    const auto type = expanded.uri == kXsNamespace ? type_named(expanded.local) : std::nullopt;
    return type && arguments.size() == 1 ? constructed(*type, arguments.front(), at) : nothing_known();
}

Value Walker::function(std::string_view local, const std::vector<Value>& arguments, Place at) const {
    if (arguments.empty()) {
        if (local == "true" || local == "false") return value_of(Constant{local == "true"});
        return is_any_of(local, kOfTheFocus) ? function(local, {settled(focus())}, at) : nothing_known();
    }
    if (is_any_of(local, kTextOfText)) return computed(Function::changed, arguments.front(), at);
    if (is_any_of(local, kNothingOfNothing)) return value_of(Opaque{some_of(arguments.front(), at)});
    if (arguments.size() == 1) return function_of_one(local, arguments.front(), at);
    if (local == "starts-with" || local == "ends-with" || local == "contains" || local == "matches")
        return value_of(Truth{text_function(local, arguments, at)});
    return nothing_known();
}

// Those that ask whether a text is in another, which is in none where there is no node.
Meaning Walker::text_function(std::string_view local, const std::vector<Value>& arguments, Place at) const {
    const Value of = computed(Function::string, arguments[0], at);
    const auto* known = std::get_if<Computed>(&of.parts.front().content);
    const std::string* text = text_in(arguments[1]);
    if (known == nullptr || text == nullptr || text->empty()) return unknown();
    const bool regex = local == "matches";
    const std::string* collation = arguments.size() == 3 ? text_in(arguments[2]) : nullptr;
    const bool by_code_points = arguments.size() == 2
                                    ? regex || scope_.by_code_points()
                                    : collation != nullptr && !regex && *collation == kCodepointCollation;
    if (!by_code_points) return unknown();
    if (known->function != Function::string && known->function != Function::text)
        return known->function == Function::changed && !regex
                   ? weakened(existence(known->of, at), Level::no, Level::no)
                   : unknown();
    Meaning meaning = weakened(existence(known->of, at), Level::no, Level::no);
    if (local == "starts-with") meaning = beginning(known->of, *text, at);
    if (regex) meaning = matching(known->of, *text, at);
    return weakened(std::move(meaning), Level::yes, of.safe);
}

Value Walker::cast(const syntax::CastExpr& expr) {
    const ExpandedName name = scope_.expand(expr.type.name, Scope::Use::element);
    const auto type = name.uri == kXsNamespace ? type_named(name.local) : std::nullopt;
    if (!type) return nothing_known();
    Value result = constructed(*type, value(*expr.operand), place(expr.span));
    if (!expr.type.optional) result.safe = Level::no;  // of nothing
    return result;
}

Value Walker::arrow(const syntax::Arrow& expr) {
    Value result = value(*expr.operand);
    for (const syntax::ArrowCall& step : expr.calls) {
        if (step.function != nullptr) return nothing_known();
        std::vector<Value> arguments = values(step.arguments);
        arguments.insert(arguments.begin(), std::move(result));
        result = call(step.name, arguments, place(step.span));
    }
    return result;
}

}  // namespace clacks::xquery::analysis
