// Arithmetic (Functions and Operators 3.1, 4.2): promotion, overflow, division, signs, precision.
#include "common/xquery/values/arithmetic.hpp"

#include "common/xquery/values/decimal.hpp"
#include "common/xquery/values/number.hpp"
#include "tests/xquery/values_cases.hpp"

namespace clacks::xquery::values_tests {

namespace {

constexpr auto kAdd = Arithmetic::add, kSub = Arithmetic::subtract, kMul = Arithmetic::multiply,
               kDiv = Arithmetic::divide, kIdiv = Arithmetic::integer_divide, kMod = Arithmetic::modulo;

struct Row {
    std::string_view a;
    Arithmetic op;
    std::string_view b, expected;
};

void check(std::initializer_list<Row> rows) {
    for (const Row& row : rows) {
        INFO(row.a << " " << symbol(row.op) << " " << row.b);
        Arena arena;
        const Item a = item(row.a, arena), b = item(row.b, arena);
        CHECK(outcome([&] { return written(arithmetic(row.op, a, b, arena)); }) == row.expected);
    }
}

constexpr std::string_view kMostInteger = "integer 170141183460469231731687303715884105727";
constexpr std::string_view kLeastInteger = "integer -170141183460469231731687303715884105727";

}  // namespace

TEST_CASE("Integers") {
    check({
        {"integer 2", kAdd, "integer 3", "integer 5"},
        {"byte 100", kAdd, "byte 100", "integer 200"},
        {"integer 9223372036854775807", kAdd, "integer 1", "integer 9223372036854775808"},
        {"integer -9223372036854775808", kSub, "integer 1", "integer -9223372036854775809"},
        {"integer 9223372036854775808", kSub, "integer 1", "integer 9223372036854775807"},
        {"integer 9223372036854775807", kMul, "integer 9223372036854775807",
         "integer 85070591730234615847396907784232501249"},
        {"integer 7", kDiv, "integer 2", "decimal 3.5"},
        {"integer 6", kDiv, "integer 2", "decimal 3"},
        {"integer 1", kDiv, "integer 3", "decimal 0.333333333333333333"},
        {"integer 2", kDiv, "integer 3", "decimal 0.666666666666666667"},
        {"integer -2", kDiv, "integer 3", "decimal -0.666666666666666667"},
        {"integer 7", kIdiv, "integer 2", "integer 3"},
        {"integer -7", kIdiv, "integer 2", "integer -3"},
        {"integer 7", kIdiv, "integer -2", "integer -3"},
        {"integer -9223372036854775808", kIdiv, "integer -1", "integer 9223372036854775808"},
        {"integer 10", kMod, "integer 3", "integer 1"},
        {"integer 6", kMod, "integer -2", "integer 0"},
        {"integer -10", kMod, "integer 3", "integer -1"},
        {"integer 10", kMod, "integer -3", "integer 1"},
        {"integer -9223372036854775808", kMod, "integer -1", "integer 0"},
        {kMostInteger, kMod, "integer 10", "integer 7"},
    });
}

TEST_CASE("Results beyond the digits held are errors") {
    check({
        {kMostInteger, kAdd, "integer 1", "FOAR0002"},
        {kLeastInteger, kSub, "integer 1", "FOAR0002"},
        {kLeastInteger, kAdd, "integer -1", "FOAR0002"},
        {kMostInteger, kMul, "integer 2", "FOAR0002"},
        {"integer 9223372036854775808", kMul, "integer -18446744073709551616", "FOAR0002"},
        {kMostInteger, kDiv, "decimal 0.1", "FOAR0002"},
        {kMostInteger, kIdiv, "decimal 0.1", "FOAR0002"},
        {kMostInteger, kAdd, "decimal 0.25", "decimal 170141183460469231731687303715884105727"},
        {kMostInteger, kAdd, "decimal 0.75", "FOAR0002"},
        {"double 1e300", kMul, "double 1e300", "double INF"},
        {"double 1e300", kIdiv, "double 1e-300", "FOAR0002"},
        {"double 1e39", kIdiv, "integer 1", "FOAR0002"},
    });
}

TEST_CASE("Division by zero") {
    check({
        {"integer 1", kDiv, "integer 0", "FOAR0001"},
        {"integer 0", kDiv, "integer 0", "FOAR0001"},
        {"integer 1", kIdiv, "integer 0", "FOAR0001"},
        {"integer 1", kMod, "integer 0", "FOAR0001"},
        {"decimal 1.5", kDiv, "decimal 0.0", "FOAR0001"},
        {"decimal 1.5", kMod, "integer 0", "FOAR0001"},
        {kMostInteger, kIdiv, "integer 0", "FOAR0001"},
        {"double 1", kDiv, "double 0", "double INF"},
        {"double -1", kDiv, "double 0", "double -INF"},
        {"double 1", kDiv, "double -0", "double -INF"},
        {"integer 0", kDiv, "double 0", "double NaN"},
        {"double 1", kMod, "double 0", "double NaN"},
        {"double 1", kIdiv, "double 0", "FOAR0001"},
        {"float 1", kIdiv, "integer 0", "FOAR0001"},
        {"double NaN", kIdiv, "double 1", "FOAR0002"},
        {"double 1", kIdiv, "double NaN", "FOAR0002"},
        {"double INF", kIdiv, "double 1", "FOAR0002"},
        {"double 5", kIdiv, "double INF", "integer 0"},
    });
}

TEST_CASE("Decimals are exact") {
    check({
        {"decimal 0.1", kAdd, "decimal 0.2", "decimal 0.3"},
        {"decimal 1.10", kSub, "decimal 0.1", "decimal 1"},
        {"integer 1", kAdd, "decimal 0.5", "decimal 1.5"},
        {"decimal 1.5", kMul, "decimal 1.5", "decimal 2.25"},
        {"decimal 0.5", kMul, "integer 2", "decimal 1"},
        {"decimal 3.5", kIdiv, "decimal 1.5", "integer 2"},
        {"decimal -3.5", kIdiv, "decimal 1.5", "integer -2"},
        {"decimal 4.5", kMod, "decimal 1.2", "decimal 0.9"},
        {"decimal -4.5", kMod, "decimal 1.2", "decimal -0.9"},
        {"decimal 1", kDiv, "decimal 8", "decimal 0.125"},
        {"decimal 0.0000000000000000000000000000000000001", kMul, "decimal 0.1",
         "decimal 0.00000000000000000000000000000000000001"},
        {"decimal 0.00000000000000000000000000000000000001", kMul, "decimal 0.1", "decimal 0"},
        {"decimal 12345678901234567890.12345678", kAdd, "decimal 0.00000001",
         "decimal 12345678901234567890.12345679"},
        {"decimal 99999999999999999999.9999999999", kMul, "decimal 1.0000000001",
         "decimal 100000000009999999999.9999999999"},
        {"decimal 1", kDiv, "decimal 0.00000000000000000003",
         "decimal 33333333333333333333.333333333333333333"},
    });
}

TEST_CASE("Doubles, floats and their promotion") {
    check({
        {"double 0.1", kAdd, "double 0.2", "double 0.30000000000000004"},
        {"float 0.1", kAdd, "float 0.2", "float 0.3"},
        {"float 1", kAdd, "integer 1", "float 2"},
        {"float 16777216", kAdd, "integer 16777217", "float 3.3554432E7"},
        {"float 0.1", kAdd, "double 0.2", "double 0.30000000149011613"},
        {"integer 1", kDiv, "double 4", "double 0.25"},
        {"decimal 0.5", kMul, "float 3", "float 1.5"},
        {"float 3e38", kMul, "float 10", "float INF"},
        {"double -7.5", kMod, "double 2", "double -1.5"},
        {"double 7.5", kMod, "double -2", "double 1.5"},
        {"double 5", kMod, "double INF", "double 5"},
        {"double INF", kMod, "double 5", "double NaN"},
        {"double 7.9", kIdiv, "double 2", "integer 3"},
        {"double -7.9", kIdiv, "double 2", "integer -3"},
        {"double INF", kSub, "double INF", "double NaN"},
        {"untypedAtomic 4", kAdd, "integer 1", "double 5"},
        {"untypedAtomic 4", kMul, "untypedAtomic 0.5", "double 2"},
        {"untypedAtomic 4", kAdd, "float 1", "double 5"},
        {"untypedAtomic x", kAdd, "integer 1", "FORG0001"},
        {"string 4", kAdd, "integer 1", "XPTY0004"},
        {"boolean true", kAdd, "integer 1", "XPTY0004"},
        {"anyURI a", kDiv, "integer 0", "XPTY0004"},
        {"dateTime 0", kSub, "dateTime 0", "dayTimeDuration PT0S"},
    });
}

TEST_CASE("Unary signs") {
    Arena arena;
    const auto negated = [&](std::string_view a) {
        return outcome([&] { return written(negate(item(a, arena), arena)); });
    };
    const auto kept = [&](std::string_view a) {
        return outcome([&] { return written(unary_plus(item(a, arena), arena)); });
    };
    CHECK(negated("integer 5") == "integer -5");
    CHECK(negated("byte -128") == "integer 128");
    CHECK(negated("integer -9223372036854775808") == "integer 9223372036854775808");
    CHECK(negated("decimal 0.5") == "decimal -0.5");
    CHECK(negated("double 0") == "double -0");
    CHECK(negated("float -1.5") == "float 1.5");
    CHECK(negated("untypedAtomic 3") == "double -3");
    CHECK(negated("string 3") == "XPTY0004");
    CHECK(negated(kLeastInteger) == kMostInteger);
    CHECK(kept("unsignedByte 5") == "integer 5");
    CHECK(kept("untypedAtomic 3") == "double 3");
    CHECK(kept("boolean true") == "XPTY0004");
}

TEST_CASE("Rounding of decimals") {
    Arena arena;
    const auto rounded = [&](std::string_view text, std::int64_t digits, Rounding how) {
        const auto value = round(*parse_decimal(text), digits, how);
        return value ? std::string(to_text(*value, arena)) : "none";
    };
    CHECK(rounded("2.5", 0, Rounding::half_up) == "3");
    CHECK(rounded("-2.5", 0, Rounding::half_up) == "-2");
    CHECK(rounded("2.5", 0, Rounding::half_even) == "2");
    CHECK(rounded("3.5", 0, Rounding::half_even) == "4");
    CHECK(rounded("-2.5", 0, Rounding::half_even) == "-2");
    CHECK(rounded("-2.1", 0, Rounding::floor) == "-3");
    CHECK(rounded("-2.9", 0, Rounding::ceiling) == "-2");
    CHECK(rounded("1.125", 2, Rounding::half_up) == "1.13");
    CHECK(rounded("1.125", 2, Rounding::half_even) == "1.12");
    CHECK(rounded("8450", -2, Rounding::half_even) == "8400");
    CHECK(rounded("8450", -2, Rounding::half_up) == "8500");
    CHECK(rounded("5", 1000000, Rounding::half_up) == "5");
    CHECK(rounded("5", -1000000, Rounding::half_up) == "0");
    CHECK(rounded("99999999999999999999999999999999999999", -38, Rounding::half_up) ==
          "100000000000000000000000000000000000000");
    CHECK(rounded("170141183460469231731687303715884105727", -37, Rounding::ceiling) == "none");
}

TEST_CASE("Decimals compare whatever their scales") {
    CHECK(compare(*parse_decimal("1.0"), *parse_decimal("1.00")) == 0);
    CHECK(compare(*parse_decimal("0.1"), *parse_decimal("0.01")) == 1);
    CHECK(compare(*parse_decimal("-0.1"), *parse_decimal("-0.01")) == -1);
    CHECK(compare(*parse_decimal("170141183460469231731687303715884105727"),
                  *parse_decimal("0.00000000000000000000000000000000000001")) == 1);
}

TEST_CASE("An arithmetic error says the values") {
    Arena arena;
    const Error type =
        error_of([&] { arithmetic(kAdd, item("string busy", arena), item("integer 1", arena), arena); });
    CHECK(type.message == "'+' needs numbers and got 'busy' of type xs:string");
    CHECK(type.hint == "convert it with xs:double() or number()");
    const Error zero =
        error_of([&] { arithmetic(kDiv, item("integer 8", arena), item("integer 0", arena), arena); });
    CHECK(zero.message.find("8 of type xs:integer") != std::string::npos);
    CHECK_FALSE(zero.hint.empty());
}

}  // namespace clacks::xquery::values_tests
