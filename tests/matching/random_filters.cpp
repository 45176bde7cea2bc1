#include "tests/matching/random_filters.hpp"

#include <cmath>
#include <limits>

namespace clacks::test {

namespace {

using namespace xquery::analysis;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
const std::string kUris[] = {"", "u", "v"};
const std::string kNames[] = {"a", "b", "c"};
const std::string kTypes[] = {"A", "B", "C"};
const std::string kTexts[] = {
    "",   "a",    "ab",    "abcdefgh", "abcdefghi", "b",    "5",    "5.0",      " 5\n",
    "05", "2.5",  "-0",    "0",        "0e9",       "NaN",  "INF",  "-INF",     "+5",
    "1",  "true", "false", " true",    "1e400",     "TRUE", "0x10", "\xC3\xA4", "\xF0\x9F\x98\x80"};
const double kNumbers[] = {0.0, -0.0, 5, 2.5, 1, -7, 1e300, kInfinity, -kInfinity};

Literal random_bound(Choices& choices, std::uint32_t type) {
    if (type == 0) return choices.of(kTexts);
    if (type == 1) return choices.of(kNumbers);
    return choices.one_in(2);
}

Literal random_literal(Choices& choices) {
    if (choices.one_in(20)) return std::nan("");
    return random_bound(choices, choices.below(3));
}

Path random_path(Choices& choices) {
    if (choices.one_in(3)) return {{Step::Axis::descendant, {}, {}, {}}};  // many tests of one path
    Path path(choices.below(5));
    for (std::size_t i = 0; i < path.size(); ++i) {
        Step& step = path[i];
        if (choices.one_in(3)) step.axis = Step::Axis::descendant;
        if (i + 1 == path.size() && choices.one_in(4)) step.axis = Step::Axis::attribute;
        if (!choices.one_in(5)) step.uri = choices.of(kUris);
        if (!choices.one_in(5))
            step.local = i == 1 && choices.one_in(2) ? choices.of(kTypes) : choices.of(kNames);
    }
    return path;
}

Test random_test(Choices& choices) {
    constexpr Test::Kind kKinds[] = {Test::Kind::exists, Test::Kind::equal, Test::Kind::not_equal,
                                     Test::Kind::within, Test::Kind::starts_with};
    Test test;
    test.kind = choices.of(kKinds);
    test.path = random_path(choices);
    if (test.kind == Test::Kind::starts_with) {
        test.literal = choices.of(kTexts);
    } else if (test.kind == Test::Kind::within) {
        const std::uint32_t type = choices.below(3);
        if (!choices.one_in(3)) test.low = {random_bound(choices, type), choices.one_in(2)};
        if (!choices.one_in(3)) test.high = {random_bound(choices, type), choices.one_in(2)};
    } else if (test.kind != Test::Kind::exists) {
        test.literal = random_literal(choices);
    }
    return test;
}

void add_content(Choices& choices, xml::TreeBuilder& builder, unsigned depth) {
    if (choices.one_in(3)) builder.attribute({choices.of(kUris), choices.of(kNames), ""}, choices.of(kTexts));
    if (depth == 0 || choices.one_in(3)) {
        builder.text(choices.of(kTexts));
        return;
    }
    for (std::uint32_t i = choices.below(4); i > 0; --i) {
        if (choices.one_in(8)) builder.comment("5");
        builder.start_element({choices.of(kUris), choices.of(kNames), ""});
        add_content(choices, builder, depth - 1);
        builder.end_element();
    }
}

}  // namespace

Condition random_condition(Choices& choices, unsigned depth) {
    Condition condition;
    const std::uint32_t kind = choices.below(depth == 0 ? 5 : 9);
    if (kind == 0) {
        condition.kind = choices.one_in(2) ? Condition::Kind::always : Condition::Kind::never;
    } else if (kind < 5) {
        condition.kind = Condition::Kind::test;
        condition.test = random_test(choices);
    } else {
        condition.kind = kind == 5 ? Condition::Kind::none_of
                                   : (kind == 6 ? Condition::Kind::any_of : Condition::Kind::all_of);
        condition.parts.resize(kind == 5 ? 1 : 2 + choices.below(3));
        for (Condition& part : condition.parts) part = random_condition(choices, depth - 1);
    }
    return condition;
}

std::vector<std::string> random_events(Choices& choices) {
    std::vector<std::string> names;
    for (std::uint32_t i = choices.below(4); i > 0; --i) names.push_back(choices.of(kTypes));
    return names;
}

events::Event random_event(Choices& choices) {
    events::Event event;
    event.name = choices.of(kTypes);
    xml::TreeBuilder builder;
    builder.start_document();
    builder.start_element({choices.of(kUris), choices.of(kNames), ""});
    builder.start_element({choices.of(kUris), choices.one_in(2) ? event.name : choices.of(kNames), ""});
    add_content(choices, builder, 4);
    builder.end_element();
    builder.end_element();
    builder.end_document();
    event.tree = std::make_shared<const xml::Tree>(builder.finish());
    return event;
}

}  // namespace clacks::test
