#include "common/xquery/analysis/value.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace clacks::xquery::analysis {

namespace {

using Function = Computed::Function;

Level needs_one(const Nodes& nodes) {
    return nodes.single ? Level::yes : Level::if_single;
}

bool is_true(const Literal& literal) {
    if (const auto* text = std::get_if<std::string>(&literal)) return !text->empty();
    if (const auto* number = std::get_if<double>(&literal)) return *number != 0 && !std::isnan(*number);
    return std::get<bool>(literal);
}

Meaning truth_of(const Computed& computed, Place place) {
    Test test = test_of(Test::Kind::not_equal, computed.of, place);
    switch (computed.function) {
        case Function::data:
        case Function::text:
        case Function::string:
        case Function::string_or_none:
            test.literal = std::string();
            return passed(computed.of, std::move(test), needs_one(computed.of));
        case Function::number:
        case Function::real:
        case Function::whole:
            test.literal = 0.0;
            return weakened(passed(computed.of, std::move(test), Level::no), Level::no, Level::no);
        case Function::truth:
            test.kind = Test::Kind::equal;
            test.literal = true;
            return passed(computed.of, std::move(test), Level::if_single);
        case Function::changed:
            return weakened(existence(computed.of, place), Level::no, Level::no);
    }
    return unknown();
}

Meaning some_of(const Computed& computed, Place place) {
    switch (computed.function) {
        case Function::string:
        case Function::string_or_none:
        case Function::number:
        case Function::changed:
            return unknown();
        case Function::data:
            return existence(computed.of, place);
        default:
            return weakened(existence(computed.of, place), Level::yes, Level::no);
    }
}

}  // namespace

Value nothing_known() {
    return value_of(Opaque{unknown()});
}

Test test_of(Test::Kind kind, const Nodes& nodes, Place place) {
    Test test;
    test.kind = kind;
    test.path = nodes.path;
    test.place = place;
    return test;
}

Meaning guarded(const std::optional<Meaning>& guard, Meaning meaning) {
    return guard ? all(*guard, std::move(meaning)) : meaning;
}

Meaning existence(const Nodes& nodes, Place place) {
    if (nodes.own) return *nodes.own;
    if (nodes.sure) return certain(true);
    return tested(test_of(Test::Kind::exists, nodes, place), Level::yes, nodes.through);
}

Meaning passed(const Nodes& nodes, Test test, Level safe) {
    const Test::Kind kind = test.kind;
    const bool reversible = nodes.itself() && (kind == Test::Kind::equal || kind == Test::Kind::not_equal);
    Meaning meaning = tested(std::move(test), safe, nodes.through);
    if (reversible) {
        meaning.opposite = meaning.condition.test;
        meaning.opposite->kind = kind == Test::Kind::equal ? Test::Kind::not_equal : Test::Kind::equal;
    }
    if (!nodes.own) return meaning;
    return weakened(all(*nodes.own, std::move(meaning)), Level::if_single);
}

Meaning truth_of(const Part& part, Place place) {
    struct Visitor {
        Place place;
        Meaning operator()(const Nodes& nodes) const { return existence(nodes, place); }
        Meaning operator()(const Computed& computed) const { return truth_of(computed, place); }
        Meaning operator()(const Constant& constant) const { return certain(is_true(constant.value)); }
        Meaning operator()(const Truth& truth) const { return truth.meaning; }
        Meaning operator()(const Count& count) const { return count.some; }
        Meaning operator()(const Opaque& opaque) const { return weakened(opaque.some, Level::no, Level::no); }
    };
    return guarded(part.guard, std::visit(Visitor{place}, part.content));
}

Meaning truth_of(const Value& value, Place place) {
    Meaning meaning = certain(false);
    bool only_nodes = true;
    for (const Part& part : value.parts) {
        only_nodes = only_nodes && std::holds_alternative<Nodes>(part.content);
        meaning = any(std::move(meaning), truth_of(part, place));
    }
    // Of a node and what follows it only the node counts; of several values that are no nodes none does.
    const bool ordinary = only_nodes || value.exclusive || value.parts.size() < 2;
    return weakened(std::move(meaning), ordinary ? Level::yes : Level::no, ordinary ? value.safe : Level::no);
}

Meaning some_of(const Part& part, Place place) {
    struct Visitor {
        Place place;
        Meaning operator()(const Nodes& nodes) const { return existence(nodes, place); }
        Meaning operator()(const Computed& computed) const { return some_of(computed, place); }
        Meaning operator()(const Constant&) const { return certain(true); }
        Meaning operator()(const Truth& truth) const {
            return !truth.one || truth.meaning.safe != Level::yes ? unknown() : certain(true);
        }
        Meaning operator()(const Count& count) const {
            return count.some.safe != Level::yes ? unknown() : certain(true);
        }
        Meaning operator()(const Opaque& opaque) const { return weakened(opaque.some, Level::no, Level::no); }
    };
    return guarded(part.guard, std::visit(Visitor{place}, part.content));
}

Meaning some_of(const Value& value, Place place) {
    Meaning meaning = certain(false);
    for (const Part& part : value.parts) meaning = any(std::move(meaning), some_of(part, place));
    return weakened(std::move(meaning), Level::yes, value.safe);
}

bool may_be_number(const Value& value) {
    return std::any_of(value.parts.begin(), value.parts.end(), [](const Part& part) {
        if (const auto* computed = std::get_if<Computed>(&part.content))
            return computed->function == Function::number || computed->function == Function::real ||
                   computed->function == Function::whole;
        if (const auto* constant = std::get_if<Constant>(&part.content))
            return std::holds_alternative<double>(constant->value);
        return std::holds_alternative<Count>(part.content) || std::holds_alternative<Opaque>(part.content);
    });
}

Level safe_unused(const Part& part) {
    Level safe = part.guard ? part.guard->safe : Level::yes;
    if (const auto* nodes = std::get_if<Nodes>(&part.content)) {
        if (nodes->own) safe = std::min(safe, nodes->own->safe);
    } else if (const auto* truth = std::get_if<Truth>(&part.content)) {
        safe = std::min(safe, truth->meaning.safe);
    } else if (const auto* count = std::get_if<Count>(&part.content)) {
        safe = std::min(safe, count->some.safe);
    } else if (const auto* computed = std::get_if<Computed>(&part.content);
               computed != nullptr && computed->function == Function::data) {
        if (computed->of.own) safe = std::min(safe, computed->of.own->safe);
    } else if (!std::holds_alternative<Constant>(part.content)) {
        safe = Level::no;
    }
    return safe == Level::yes ? safe : Level::no;
}

Level safe_unused(const Value& value) {
    Level safe = value.safe == Level::yes ? Level::yes : Level::no;
    for (const Part& part : value.parts) safe = std::min(safe, safe_unused(part));
    return safe;
}

Level safe_entered(const Part& part, bool gives_nothing) {
    return gives_nothing || std::holds_alternative<Computed>(part.content) ? safe_unused(part) : Level::yes;
}

std::size_t size_of(const Value& value) {
    std::size_t size = 1;
    for (const Part& part : value.parts) {
        size += 1 + (part.guard ? part.guard->tests : 0);
        if (const auto* nodes = std::get_if<Nodes>(&part.content)) {
            size += nodes->path.size() + (nodes->own ? nodes->own->tests : 0);
        } else if (const auto* truth = std::get_if<Truth>(&part.content)) {
            size += truth->meaning.tests;
        }
    }
    return size;
}

}  // namespace clacks::xquery::analysis
