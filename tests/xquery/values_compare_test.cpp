// Comparison (XQuery 3.1, 3.7), equality of distinct values, atomization and effective boolean value.
#include "common/xquery/values/compare.hpp"

#include "common/xml/tree.hpp"
#include "common/xquery/values/atomize.hpp"
#include "tests/xquery/values_cases.hpp"

namespace clacks::xquery::values_tests {

namespace {

constexpr Comparison kEq = Comparison::eq, kNe = Comparison::ne, kLt = Comparison::lt, kLe = Comparison::le,
                     kGt = Comparison::gt, kGe = Comparison::ge;

const CompareContext kPlain;

struct Row {
    std::string_view a;
    Comparison op;
    std::string_view b, expected;
};

void check_value(std::initializer_list<Row> rows) {
    for (const Row& row : rows) {
        INFO(row.a << " " << value_symbol(row.op) << " " << row.b);
        Arena arena;
        const Item a = item(row.a, arena), b = item(row.b, arena);
        CHECK(outcome([&] { return written(compare_value(row.op, a, b, kPlain)); }) == row.expected);
    }
}

void check_general(std::initializer_list<Row> rows) {
    for (const Row& row : rows) {
        INFO("(" << row.a << ") " << general_symbol(row.op) << " (" << row.b << ")");
        Arena arena;
        Steps steps;
        const Value a = sequence(row.a, arena), b = sequence(row.b, arena);
        CHECK(outcome([&] { return written(compare_general(row.op, a, b, kPlain, arena, steps)); }) ==
              row.expected);
    }
}

xml::Tree phone_status() {
    xml::TreeBuilder builder;
    builder.start_document();
    builder.start_element({"urn:e", "Status", "f"});
    builder.attribute({"", "at", ""}, "17");
    builder.text("bu");
    builder.comment("seen");
    builder.text("sy");
    builder.processing_instruction("app", "go");
    builder.end_element();
    builder.end_document();
    return builder.finish();
}

}  // namespace

TEST_CASE("Value comparisons") {
    check_value({
        {"integer 1", kEq, "integer 1", "true"},
        {"byte 1", kEq, "decimal 1.0", "true"},
        {"integer 1", kLt, "decimal 1.5", "true"},
        {"integer 1", kEq, "double 1", "true"},
        {"decimal 0.1", kEq, "double 0.1", "true"},
        {"float 0.1", kEq, "double 0.1", "false"},
        {"float 0.1", kEq, "decimal 0.1", "true"},
        {"integer 170141183460469231731687303715884105727", kGt, "integer 9223372036854775807", "true"},
        {"integer 9007199254740993", kGt, "integer 9007199254740992", "true"},
        {"integer 9007199254740993", kEq, "double 9007199254740992", "true"},
        {"double NaN", kEq, "double NaN", "false"},
        {"double NaN", kNe, "double NaN", "true"},
        {"double NaN", kLe, "double NaN", "false"},
        {"double NaN", kGe, "integer 1", "false"},
        {"double -0", kEq, "double 0", "true"},
        {"double INF", kGt, "double 1e308", "true"},
        {"string a", kLt, "string b", "true"},
        {"string a", kGe, "string a", "true"},
        {"string B", kLt, "string a", "true"},
        {"string ab", kGt, "string a", "true"},
        {"string z", kLt, "string \xC3\xA4", "true"},
        {"string \xEF\xBF\xBD", kLt, "string \xF0\x9F\x98\x80", "true"},
        {"string a", kEq, "untypedAtomic a", "true"},
        {"string a", kEq, "anyURI a", "true"},
        {"token a", kNe, "NCName b", "true"},
        {"untypedAtomic 10", kLt, "untypedAtomic 9", "true"},
        {"untypedAtomic 1", kEq, "integer 1", "XPTY0004"},
        {"string 1", kEq, "integer 1", "XPTY0004"},
        {"boolean true", kGt, "boolean false", "true"},
        {"boolean true", kEq, "integer 1", "XPTY0004"},
        {"boolean true", kEq, "string true", "XPTY0004"},
        {"dateTime 5", kLt, "dateTime 6", "true"},
        {"dateTime 5", kEq, "integer 5", "XPTY0004"},
        {"date 2024-01-01", kEq, "date 2024-01-01Z", "true"},
        {"date 2024-01-01+02:00", kLt, "date 2024-01-01Z", "true"},
        {"date 2024-01-01", kEq, "dateTime 0", "XPTY0004"},
        {"time 00:00:00+01:00", kLt, "time 23:30:00Z", "true"},
        {"time 00:00:00+01:00", kLt, "time 00:00:00Z", "true"},
        {"gMonthDay --12-25-14:00", kEq, "gMonthDay --12-26+10:00", "true"},
        {"gYear 2024", kLt, "gYear 2025", "XPTY0004"},
        {"gYear 2024", kEq, "gYearMonth 2024-01", "XPTY0004"},
        {"duration P1Y", kEq, "yearMonthDuration P12M", "true"},
        {"yearMonthDuration P0M", kEq, "dayTimeDuration PT0S", "true"},
        {"yearMonthDuration P1M", kLt, "yearMonthDuration P2M", "true"},
        {"yearMonthDuration P1M", kLt, "dayTimeDuration P2D", "XPTY0004"},
        {"duration P1D", kLt, "duration P2D", "XPTY0004"},
        {"dayTimeDuration -PT0.5S", kGt, "dayTimeDuration -PT1S", "true"},
        {"hexBinary 0F", kEq, "hexBinary 0f", "true"},
        {"hexBinary 0F", kLt, "hexBinary 10", "true"},
        {"hexBinary 0F", kEq, "base64Binary Dw==", "XPTY0004"},
        {"base64Binary /w==", kGt, "base64Binary AAAA", "true"},
        {"QName a:x", kEq, "QName same:x", "true"},
        {"QName a:x", kEq, "QName b:x", "false"},
        {"QName a:x", kNe, "QName a:y", "true"},
        {"QName a:x", kLt, "QName a:y", "XPTY0004"},
        {"QName a:x", kEq, "string a:x", "XPTY0004"},
    });
}

TEST_CASE("General comparisons") {
    check_general({
        {"", kEq, "integer 1", "false"},
        {"integer 1", kNe, "", "false"},
        {"integer 1|integer 2", kEq, "integer 2|integer 3", "true"},
        {"integer 1|integer 2", kNe, "integer 1|integer 2", "true"},
        {"integer 1|integer 2", kEq, "integer 3", "false"},
        {"integer 1|integer 5", kGt, "integer 4", "true"},
        {"untypedAtomic 10", kGt, "integer 9", "true"},
        {"untypedAtomic 10", kGt, "untypedAtomic 9", "false"},
        {"untypedAtomic 10", kGt, "string 9", "false"},
        {"untypedAtomic  1 ", kEq, "boolean true", "true"},
        {"untypedAtomic 0.1", kEq, "decimal 0.1", "true"},
        {"untypedAtomic busy", kEq, "integer 1", "FORG0001"},
        {"untypedAtomic yes", kEq, "boolean true", "FORG0001"},
        {"untypedAtomic  urn:a ", kEq, "anyURI urn:a", "true"},
        {"untypedAtomic x", kEq, "dateTime 0", "FORG0001"},
        {"untypedAtomic 2024-01-01", kLt, "date 2024-01-02", "true"},
        {"untypedAtomic P1D", kEq, "dayTimeDuration PT24H", "true"},
        {"string 1", kEq, "integer 1", "XPTY0004"},
        {"integer 1|string a", kEq, "integer 1", "true"},
        {"string a|integer 1", kEq, "integer 1", "XPTY0004"},
        {"double NaN", kEq, "double NaN", "false"},
        {"double NaN", kNe, "double NaN", "true"},
    });
}

TEST_CASE("A comparison takes a step for every pair it looks at") {
    Arena arena;
    Steps steps(100);
    CHECK(
        compare_general(kEq, Value::range(1, 1'000'000), Value(Item::of_integer(50)), kPlain, arena, steps));
    CHECK(steps.used() == 50);
    steps.reset();
    const Error error = error_of([&] {
        compare_general(kEq, Value::range(1, 1'000'000), Value(Item::of_integer(0)), kPlain, arena, steps);
    });
    CHECK(error.name == "limit-steps");
    CHECK(error.message.find("100") != std::string::npos);
    CHECK_FALSE(error.hint.empty());
    steps.reset();
    const std::string text(64 * 40, 'x');
    CHECK(compare_general(kEq, Value(Item::of_text(text)), Value(Item::of_text(text)), kPlain, arena, steps));
    CHECK(steps.used() == 81);
}

TEST_CASE("A comparison that fails says both values") {
    Arena arena;
    const Error error =
        error_of([&] { compare_value(kEq, item("string busy", arena), item("integer 5", arena), kPlain); });
    CHECK(error.message == "'eq' does not compare 'busy' of type xs:string with 5 of type xs:integer");
    CHECK(error.hint == "convert the text with number() or xs:integer()");
}

TEST_CASE("Equal values are the same and have the same hash") {
    const std::string_view same[][2] = {
        {"integer 1", "double 1"},
        {"decimal 0.1", "double 0.1"},
        {"decimal 0.1", "float 0.1"},
        {"double -0", "integer 0"},
        {"double NaN", "float NaN"},
        {"string a", "untypedAtomic a"},
        {"string a", "anyURI a"},
        {"QName a:x", "QName same:x"},
        {"dateTime 5", "dateTime 5"},
        {"boolean 1", "boolean true"},
        {"decimal 1.0", "unsignedByte 1"},
        {"double 1e39", "double 1e39"},
        {"float INF", "double INF"},
        {"integer 16777217", "float 16777216"},
        {"duration P1Y", "yearMonthDuration P12M"},
        {"date 2024-01-01", "date 2024-01-01Z"},
        {"time 12:00:00", "time 13:00:00+01:00"},
        {"hexBinary 0f", "hexBinary 0F"},
    };
    Arena arena;
    for (const auto& [a, b] : same) {
        INFO(a << " and " << b);
        CHECK(same_atomic(item(a, arena), item(b, arena), kPlain));
        CHECK(hash_atomic(item(a, arena), 0) == hash_atomic(item(b, arena), 0));
    }
    const std::string_view different[][2] = {
        {"integer 1", "string 1"},  {"boolean 1", "integer 1"}, {"string a", "string A"},
        {"QName a:x", "QName b:x"}, {"double NaN", "double 0"}, {"dateTime 1", "integer 1"},
    };
    for (const auto& [a, b] : different) {
        INFO(a << " and " << b);
        CHECK_FALSE(same_atomic(item(a, arena), item(b, arena), kPlain));
    }
    CHECK_FALSE(same_atomic(item("double NaN", arena), item("double NaN", arena), kPlain, false));
}

TEST_CASE("Effective boolean value") {
    const Row rows[] = {
        {"", kEq, "", "false"},
        {"boolean true", kEq, "", "true"},
        {"boolean false", kEq, "", "false"},
        {"string ", kEq, "", "false"},
        {"string false", kEq, "", "true"},
        {"untypedAtomic 0", kEq, "", "true"},
        {"anyURI ", kEq, "", "false"},
        {"integer 0", kEq, "", "false"},
        {"integer -1", kEq, "", "true"},
        {"integer 9223372036854775808", kEq, "", "true"},
        {"decimal 0.0", kEq, "", "false"},
        {"decimal 0.1", kEq, "", "true"},
        {"double NaN", kEq, "", "false"},
        {"double -0", kEq, "", "false"},
        {"float INF", kEq, "", "true"},
        {"QName a:x", kEq, "", "FORG0006"},
        {"dateTime 0", kEq, "", "FORG0006"},
        {"integer 1|integer 2", kEq, "", "FORG0006"},
        {"boolean false|boolean false", kEq, "", "FORG0006"},
    };
    for (const Row& row : rows) {
        INFO(row.a);
        Arena arena;
        const Value value = sequence(row.a, arena);
        CHECK(outcome([&] { return written(effective_boolean_value(value)); }) == row.expected);
    }
}

TEST_CASE("Nodes are atomized by their kind, and are true") {
    const xml::Tree tree = phone_status();
    Arena arena;
    Steps steps;
    const auto at = [&](xml::NodeIndex i) { return Item::of_node(tree, i); };
    // document, element, attribute, text, comment, text, processing instruction
    REQUIRE(tree.size() == 7);
    CHECK(written(atomize(at(0))) == "untypedAtomic busy");
    CHECK(written(atomize(at(1))) == "untypedAtomic busy");
    CHECK(written(atomize(at(2))) == "untypedAtomic 17");
    CHECK(written(atomize(at(3))) == "untypedAtomic bu");
    CHECK(written(atomize(at(4))) == "string seen");
    CHECK(written(atomize(at(6))) == "string go");
    CHECK(atomize(at(1)).text().data() == tree.string_value(1).data());  // a slice, no copy
    CHECK(string_of(at(2), arena) == "17");

    SequenceBuilder mixed(arena);
    mixed.add(at(2));
    mixed.add(Item::of_integer(5));
    CHECK(written(atomize(mixed.value(), arena, steps)) == "untypedAtomic 17|integer 5");
    CHECK(effective_boolean_value(mixed.value()));
    CHECK(compare_general(kGt, at(2), Item::of_integer(16), kPlain, arena));
    CHECK(compare_general(kEq, at(1), Item::of_text("busy"), kPlain, arena));

    const Value atomic = sequence("integer 1|string a", arena);
    CHECK(atomize(atomic, arena, steps).items == atomic.items);
    CHECK(atomize(Value::range(1, 1'000'000'000), arena, steps).is_range());

    Item map;
    map.type = Type::map;
    CHECK(outcome([&] { return written(atomize(map)); }) == "FOTY0013");
    CHECK(outcome([&] { return std::string(string_of(map, arena)); }) == "FOTY0014");
    CHECK(outcome([&] { return written(effective_boolean_value(map)); }) == "FORG0006");
}

}  // namespace clacks::xquery::values_tests
