// Casts (Functions and Operators 3.1, 19): lexical forms, canonical forms, ranges, white space.
#include "common/xquery/values/cast.hpp"

#include "common/xquery/values/describe.hpp"
#include "common/xquery/values/number.hpp"
#include "tests/xquery/values_cases.hpp"

namespace clacks::xquery::values_tests {

namespace {

struct Row {
    std::string_view from, target, expected;
};

void check(std::initializer_list<Row> rows) {
    for (const Row& row : rows) {
        INFO("'" << row.from << "' as " << row.target);
        Arena arena;
        const Item from = item(row.from, arena);
        const Type target = type_of(row.target);
        CHECK(outcome([&] { return written(cast(from, target, arena)); }) == row.expected);
        // The form without exceptions agrees.
        Code why{};
        const auto tried = try_cast(from, target, arena, {}, &why);
        CHECK((tried ? written(*tried) : std::string(code_name(why))) == row.expected);
    }
}

}  // namespace

TEST_CASE("Text is cast to numbers by its lexical form") {
    check({
        {"string 42", "integer", "integer 42"},
        {"string +42", "integer", "integer 42"},
        {"string -0", "integer", "integer 0"},
        {"string 007", "integer", "integer 7"},
        {"untypedAtomic  \t\n42\r ", "integer", "integer 42"},
        {"string 4 2", "integer", "FORG0001"},
        {"string ", "integer", "FORG0001"},
        {"string +", "integer", "FORG0001"},
        {"string --1", "integer", "FORG0001"},
        {"string 1.0", "integer", "FORG0001"},
        {"string 1e3", "integer", "FORG0001"},
        {"string 0x10", "integer", "FORG0001"},
        {"string 9223372036854775807", "integer", "integer 9223372036854775807"},
        {"string 9223372036854775808", "integer", "integer 9223372036854775808"},
        {"string -9223372036854775809", "integer", "integer -9223372036854775809"},
        {"string 170141183460469231731687303715884105727", "integer",
         "integer 170141183460469231731687303715884105727"},
        {"string 170141183460469231731687303715884105728", "integer", "FOCA0003"},
        {"string 1.50", "decimal", "decimal 1.5"},
        {"string .5", "decimal", "decimal 0.5"},
        {"string 5.", "decimal", "decimal 5"},
        {"string -.5", "decimal", "decimal -0.5"},
        {"string -0.0", "decimal", "decimal 0"},
        {"string .", "decimal", "FORG0001"},
        {"string 1e0", "decimal", "FORG0001"},
        {"string INF", "decimal", "FORG0001"},
        {"string 12345678901234567890.123456789", "decimal", "decimal 12345678901234567890.123456789"},
        {"string 1000000000000000000000000000000000000000", "decimal", "FOCA0001"},
        {"string 1e3", "double", "double 1000"},
        {"string 1E+3", "double", "double 1000"},
        {"string .5e-1", "double", "double 0.05"},
        {"string 1.", "double", "double 1"},
        {"string INF", "double", "double INF"},
        {"string +INF", "double", "double INF"},
        {"string -INF", "double", "double -INF"},
        {"string NaN", "double", "double NaN"},
        {"string nan", "double", "FORG0001"},
        {"string inf", "double", "FORG0001"},
        {"string -NaN", "double", "FORG0001"},
        {"string Infinity", "double", "FORG0001"},
        {"string 1e", "double", "FORG0001"},
        {"string e1", "double", "FORG0001"},
        {"string 0x1p3", "double", "FORG0001"},
        {"string - 1", "double", "FORG0001"},
        {"string 1e400", "double", "double INF"},
        {"string -1e400", "double", "double -INF"},
        {"string 1e-400", "double", "double 0"},
        {"string -1e-400", "double", "double -0"},
        {"string 0e999999999999", "double", "double 0"},
        {"string 1e999999999999", "double", "double INF"},
        {"string 1e-999999999999", "double", "double 0"},
        {"string 4.9e-324", "double", "double 5.0E-324"},
        {"string 1e39", "float", "float INF"},
        {"string 1e-46", "float", "float 0"},
        {"string 3.4028235e38", "float", "float 3.4028235E38"},
        {"string 0.1", "float", "float 0.1"},
    });
}

TEST_CASE("Numbers that a decimal form writes too long end as infinity or nothing") {
    Arena arena;
    CHECK(parse_double(std::string(400, '9')) == std::numeric_limits<double>::infinity());
    CHECK(parse_double("0." + std::string(400, '0') + "1") == 0.0);
    CHECK(parse_float(std::string(60, '9')) == std::numeric_limits<float>::infinity());
}

TEST_CASE("Doubles and floats have their canonical text") {
    check({
        {"double 0", "string", "string 0"},
        {"double -0", "string", "string -0"},
        {"double 1", "string", "string 1"},
        {"double 1.5", "string", "string 1.5"},
        {"double 100000", "string", "string 100000"},
        {"double 999999", "string", "string 999999"},
        {"double 999999.5", "string", "string 999999.5"},
        {"double 1e6", "string", "string 1.0E6"},
        {"double -1e6", "string", "string -1.0E6"},
        {"double 1234567", "string", "string 1.234567E6"},
        {"double 12345678.9", "string", "string 1.23456789E7"},
        {"double 1e-6", "string", "string 0.000001"},
        {"double 1.5e-6", "string", "string 0.0000015"},
        {"double 9e-7", "string", "string 9.0E-7"},
        {"double 1e-7", "string", "string 1.0E-7"},
        {"double 1e100", "string", "string 1.0E100"},
        {"double 0.1", "string", "string 0.1"},
        {"double 0.30000000000000004", "string", "string 0.30000000000000004"},
        {"double 1.7976931348623157e308", "string", "string 1.7976931348623157E308"},
        {"double INF", "string", "string INF"},
        {"double -INF", "string", "string -INF"},
        {"double NaN", "string", "string NaN"},
        {"float 1e6", "string", "string 1.0E6"},
        {"float 16777216", "string", "string 1.6777216E7"},
        {"float 0.1", "string", "string 0.1"},
        {"float 3.14", "string", "string 3.14"},
        {"float -0", "string", "string -0"},
        {"float 1e-10", "string", "string 1.0E-10"},
        {"float NaN", "untypedAtomic", "untypedAtomic NaN"},
    });
}

TEST_CASE("Decimals, integers and booleans have their canonical text") {
    check({
        {"decimal 1.50", "string", "string 1.5"},
        {"decimal 1.00", "string", "string 1"},
        {"decimal 0.05", "string", "string 0.05"},
        {"decimal -0.05", "string", "string -0.05"},
        {"decimal 1000000000", "string", "string 1000000000"},
        {"decimal 0.00000000000000000000000000000000000001", "string",
         "string 0.00000000000000000000000000000000000001"},
        {"integer -7", "string", "string -7"},
        {"byte -128", "untypedAtomic", "untypedAtomic -128"},
        {"boolean 1", "string", "string true"},
        {"boolean 0", "untypedAtomic", "untypedAtomic false"},
        {"integer 12", "token", "token 12"},
        {"integer 12", "NCName", "FORG0001"},
        {"boolean true", "NCName", "NCName true"},
    });
}

TEST_CASE("Numbers are cast to numbers by their value") {
    check({
        {"double 3.7", "integer", "integer 3"},
        {"double -3.7", "integer", "integer -3"},
        {"double -0", "integer", "integer 0"},
        {"double 1e20", "integer", "integer 100000000000000000000"},
        {"double 1e39", "integer", "FOCA0003"},
        {"double NaN", "integer", "FOCA0002"},
        {"double INF", "integer", "FOCA0002"},
        {"float -INF", "decimal", "FOCA0002"},
        {"double 1e39", "decimal", "FOCA0001"},
        {"double 0.5", "decimal", "decimal 0.5"},
        {"double 0.1", "decimal", "decimal 0.10000000000000000555111512312578270212"},
        {"double 5e-324", "decimal", "decimal 0"},
        {"double 1e38", "decimal", "decimal 99999999999999997748809823456034029568"},
        {"double 123456789012345680000.5", "decimal", "decimal 123456789012345683968"},
        {"float 0.1", "double", "double 0.10000000149011612"},
        {"double 0.1", "float", "float 0.1"},
        {"double 1e39", "float", "float INF"},
        {"double -1e-60", "float", "float -0"},
        {"decimal 2.9", "integer", "integer 2"},
        {"decimal -2.9", "integer", "integer -2"},
        {"decimal 0.1", "double", "double 0.1"},
        {"decimal 123456789012345678901234567890", "double", "double 1.2345678901234568E29"},
        {"integer 9007199254740993", "double", "double 9.007199254740992E15"},
        {"integer 5", "decimal", "decimal 5"},
        {"decimal 5", "integer", "integer 5"},
        {"short 5", "integer", "integer 5"},
        {"integer 5", "numeric", "integer 5"},
        {"string 5", "numeric", "double 5"},
    });
}

TEST_CASE("Integers are checked against the range of their type") {
    check({
        {"integer 127", "byte", "byte 127"},
        {"integer 128", "byte", "FORG0001"},
        {"integer -128", "byte", "byte -128"},
        {"integer -129", "byte", "FORG0001"},
        {"string 32767", "short", "short 32767"},
        {"string 32768", "short", "FORG0001"},
        {"string -2147483648", "int", "int -2147483648"},
        {"string 2147483648", "int", "FORG0001"},
        {"string 9223372036854775807", "long", "long 9223372036854775807"},
        {"string 9223372036854775808", "long", "FORG0001"},
        {"integer 255", "unsignedByte", "unsignedByte 255"},
        {"integer 256", "unsignedByte", "FORG0001"},
        {"integer -1", "unsignedByte", "FORG0001"},
        {"integer 65535", "unsignedShort", "unsignedShort 65535"},
        {"integer 65536", "unsignedShort", "FORG0001"},
        {"integer 4294967295", "unsignedInt", "unsignedInt 4294967295"},
        {"integer 4294967296", "unsignedInt", "FORG0001"},
        {"integer 18446744073709551615", "unsignedLong", "unsignedLong 18446744073709551615"},
        {"integer 18446744073709551616", "unsignedLong", "FORG0001"},
        {"integer 0", "nonNegativeInteger", "nonNegativeInteger 0"},
        {"integer -1", "nonNegativeInteger", "FORG0001"},
        {"integer 0", "nonPositiveInteger", "nonPositiveInteger 0"},
        {"integer 1", "nonPositiveInteger", "FORG0001"},
        {"integer 0", "positiveInteger", "FORG0001"},
        {"integer 1", "positiveInteger", "positiveInteger 1"},
        {"integer 0", "negativeInteger", "FORG0001"},
        {"integer -1", "negativeInteger", "negativeInteger -1"},
        {"double 300.9", "unsignedByte", "FORG0001"},
        {"double 255.9", "unsignedByte", "unsignedByte 255"},
        {"boolean true", "byte", "byte 1"},
    });
}

TEST_CASE("Booleans") {
    check({
        {"string true", "boolean", "boolean true"},
        {"string  1 ", "boolean", "boolean true"},
        {"untypedAtomic 0", "boolean", "boolean false"},
        {"string TRUE", "boolean", "FORG0001"},
        {"string ", "boolean", "FORG0001"},
        {"string yes", "boolean", "FORG0001"},
        {"integer 0", "boolean", "boolean false"},
        {"integer -3", "boolean", "boolean true"},
        {"decimal 0.0", "boolean", "boolean false"},
        {"decimal 0.001", "boolean", "boolean true"},
        {"double NaN", "boolean", "boolean false"},
        {"double -0", "boolean", "boolean false"},
        {"float INF", "boolean", "boolean true"},
        {"boolean true", "double", "double 1"},
        {"boolean false", "decimal", "decimal 0"},
        {"boolean true", "integer", "integer 1"},
        {"boolean true", "float", "float 1"},
    });
}

TEST_CASE("White space is kept, replaced or collapsed as the type wants") {
    check({
        {"string  a \t b\n", "string", "string  a \t b\n"},
        {"string  a \t b\n", "untypedAtomic", "untypedAtomic  a \t b\n"},
        {"string  a \t b\n", "normalizedString", "normalizedString  a   b "},
        {"string  a \t b\n", "token", "token a b"},
        {"string  a b ", "anyURI", "anyURI a b"},
        {"string   ", "token", "token "},
        {"string \xC2\xA0x", "token", "token \xC2\xA0x"},  // a no-break space is not white space
    });
}

TEST_CASE("Types derived from string check their form") {
    check({
        {"string de-AT", "language", "language de-AT"},
        {"string i-a1b2", "language", "language i-a1b2"},
        {"string abcdefghi", "language", "FORG0001"},
        {"string de-", "language", "FORG0001"},
        {"string d1", "language", "FORG0001"},
        {"string -x:1", "NMTOKEN", "NMTOKEN -x:1"},
        {"string a b", "NMTOKEN", "FORG0001"},
        {"string ", "NMTOKEN", "FORG0001"},
        {"string f:Event", "Name", "Name f:Event"},
        {"string :x", "Name", "Name :x"},
        {"string -x", "Name", "FORG0001"},
        {"string f:Event", "NCName", "FORG0001"},
        {"string  Event ", "NCName", "NCName Event"},
        {"string \xC3\x84ther", "NCName", "NCName \xC3\x84ther"},
        {"string 1a", "ID", "FORG0001"},
        {"string a1", "IDREF", "IDREF a1"},
        {"string a1", "ENTITY", "ENTITY a1"},
        {"ID a1", "string", "string a1"},
        {"token busy", "NCName", "NCName busy"},
    });
}

TEST_CASE("Pairs of types that never cast") {
    check({
        {"anyURI urn:a", "integer", "XPTY0004"},
        {"anyURI 1", "boolean", "XPTY0004"},
        {"anyURI urn:a", "string", "string urn:a"},
        {"integer 1", "anyURI", "XPTY0004"},
        {"boolean true", "anyURI", "XPTY0004"},
        {"integer 1", "QName", "XPTY0004"},
        {"QName a:b", "integer", "XPTY0004"},
        {"QName a:b", "string", "string a:b"},
        {"date 2024-01-01", "time", "XPTY0004"},
        {"time 12:00:00", "dateTime", "XPTY0004"},
        {"gYear 2024", "gYearMonth", "XPTY0004"},
        {"hexBinary 00", "integer", "XPTY0004"},
        {"dayTimeDuration P1D", "integer", "XPTY0004"},
        {"string a", "error", "FORG0001"},
        {"dateTime 0", "integer", "XPTY0004"},
    });
    CHECK(castable_type(Type::untyped_atomic, Type::double_));
    CHECK(castable_type(Type::boolean, Type::numeric));
    CHECK_FALSE(castable_type(Type::boolean, Type::qname));
    CHECK_FALSE(castable_type(Type::integer, Type::duration));
}

TEST_CASE("Dates and times are read in their lexical form and keep their zone") {
    check({
        {"string 2024-02-29T12:00:00.50+01:00", "dateTime", "dateTime 2024-02-29T12:00:00.5+01:00"},
        {"string  2024-02-29T12:00:00Z\n", "dateTime", "dateTime 2024-02-29T12:00:00Z"},
        {"string 2023-02-29T12:00:00", "dateTime", "FORG0001"},
        {"string 2024-02-29T24:00:00", "dateTime", "dateTime 2024-03-01T00:00:00"},
        {"string 2024-02-29T24:00:01", "dateTime", "FORG0001"},
        {"string 2024-02-29T12:60:00", "dateTime", "FORG0001"},
        {"string 2024-02-29 12:00:00", "dateTime", "FORG0001"},
        {"string 2024-02-29T12:00", "dateTime", "FORG0001"},
        {"string 2024-02-29T12:00:00.", "dateTime", "FORG0001"},
        {"string 2024-02-29T12:00:00+14:00", "dateTimeStamp", "dateTimeStamp 2024-02-29T12:00:00+14:00"},
        {"string 2024-02-29T12:00:00+14:01", "dateTime", "FORG0001"},
        {"string 2024-02-29T12:00:00", "dateTimeStamp", "FORG0001"},
        {"string 0000-01-01", "date", "date 0000-01-01"},
        {"string -0001-03-01-05:30", "date", "date -0001-03-01-05:30"},
        {"string 12024-01-01", "date", "date 12024-01-01"},
        {"string 02024-01-01", "date", "FORG0001"},
        {"string 224-01-01", "date", "FORG0001"},
        {"string +2024-01-01", "date", "FORG0001"},
        {"string 1900-02-29", "date", "FORG0001"},
        {"string 2000-02-29", "date", "date 2000-02-29"},
        {"string 99999999999999999999-01-01", "date", "FODT0001"},
        {"string 24:00:00", "time", "time 00:00:00"},
        {"string 23:59:59.999999999", "time", "time 23:59:59.999999999"},
        {"string 7:00:00", "time", "FORG0001"},
        {"string 2024Z", "gYear", "gYear 2024Z"},
        {"string -0044", "gYear", "gYear -0044"},
        {"string 2024-13", "gYearMonth", "FORG0001"},
        {"string 2024-12-05:00", "gYearMonth", "gYearMonth 2024-12-05:00"},
        {"string --02-29", "gMonthDay", "gMonthDay --02-29"},
        {"string --02-30", "gMonthDay", "FORG0001"},
        {"string ---31", "gDay", "gDay ---31"},
        {"string ---32", "gDay", "FORG0001"},
        {"string --11+13:00", "gMonth", "gMonth --11+13:00"},
        {"string --11--", "gMonth", "FORG0001"},
        {"date 2024-02-29+01:00", "dateTime", "dateTime 2024-02-29T00:00:00+01:00"},
        {"date 2024-02-29", "dateTimeStamp", "FORG0001"},
        {"date 2024-02-29Z", "gMonthDay", "gMonthDay --02-29Z"},
        {"date 2024-02-29Z", "gDay", "gDay ---29Z"},
        {"date 2024-02-29", "gYear", "gYear 2024"},
        {"date -0001-12-31", "gYearMonth", "gYearMonth -0001-12"},
        {"dateTimeStamp 2024-02-29T12:00:00Z", "time", "time 12:00:00Z"},
        {"dateTimeStamp 2024-02-29T12:00:00Z", "dateTime", "dateTime 2024-02-29T12:00:00Z"},
        {"dateTimeStamp 2024-02-29T12:00:00Z", "date", "date 2024-02-29Z"},
        {"dateTimeStamp 2024-02-29T12:00:00Z", "gMonth", "gMonth --02Z"},
    });
}

TEST_CASE("Durations are read in their lexical form and shown normalized") {
    check({
        {"string P1Y14M", "duration", "duration P2Y2M"},
        {"string P1Y2M3DT4H5M6.70S", "duration", "duration P1Y2M3DT4H5M6.7S"},
        {"string -PT90M", "duration", "duration -PT1H30M"},
        {"string PT0S", "duration", "duration PT0S"},
        {"string -P0Y", "duration", "duration PT0S"},
        {"string P", "duration", "FORG0001"},
        {"string P1DT", "duration", "FORG0001"},
        {"string P1M1Y", "duration", "FORG0001"},
        {"string P1H", "duration", "FORG0001"},
        {"string PT1.5M", "duration", "FORG0001"},
        {"string PT1.S", "duration", "FORG0001"},
        {"string P-1D", "duration", "FORG0001"},
        {"string +P1D", "duration", "FORG0001"},
        {"string -P13M", "yearMonthDuration", "yearMonthDuration -P1Y1M"},
        {"string P0M", "yearMonthDuration", "yearMonthDuration P0M"},
        {"string P1D", "yearMonthDuration", "FORG0001"},
        {"string PT25H", "dayTimeDuration", "dayTimeDuration P1DT1H"},
        {"string -PT0.5S", "dayTimeDuration", "dayTimeDuration -PT0.5S"},
        {"string P1Y", "dayTimeDuration", "FORG0001"},
        {"string P99999999999999999999Y", "duration", "FODT0002"},
        {"string PT99999999999999999999H", "dayTimeDuration", "FODT0002"},
        {"duration P1Y2DT3H", "yearMonthDuration", "yearMonthDuration P1Y"},
        {"duration P1Y2DT3H", "dayTimeDuration", "dayTimeDuration P2DT3H"},
        {"yearMonthDuration P1Y", "dayTimeDuration", "dayTimeDuration PT0S"},
        {"dayTimeDuration -P1D", "duration", "duration -P1D"},
    });
}

TEST_CASE("Binary values are read and shown by either encoding") {
    check({
        {"string 0fB7", "hexBinary", "hexBinary 0FB7"},
        {"string ", "hexBinary", "hexBinary "},
        {"string 0f7", "hexBinary", "FORG0001"},
        {"string 0g", "hexBinary", "FORG0001"},
        {"string  D7 e 4 ", "base64Binary", "base64Binary D7e4"},
        {"string aGk=", "base64Binary", "base64Binary aGk="},
        {"string aGl=", "base64Binary", "FORG0001"},
        {"string aQ==", "base64Binary", "base64Binary aQ=="},
        {"string aQ=", "base64Binary", "FORG0001"},
        {"string aR==", "base64Binary", "FORG0001"},
        {"string a=Q=", "base64Binary", "FORG0001"},
        {"string ====", "base64Binary", "FORG0001"},
        {"hexBinary 6869", "base64Binary", "base64Binary aGk="},
        {"base64Binary aGk=", "hexBinary", "hexBinary 6869"},
    });
}

TEST_CASE("A list is made of a text's words") {
    Arena arena;
    CHECK(written(cast_list(Item::of_text(" a \n b:c "), Type::nmtoken, arena)) == "NMTOKEN a|NMTOKEN b:c");
    const auto list = [&](Type member, const Item& from) {
        return outcome([&] { return written(cast_list(from, member, arena)); });
    };
    CHECK(list(Type::idref, Item::of_text("a b:c")) == "FORG0001");
    CHECK(list(Type::entity, Item::of_text(" ")) == "FORG0001");
    CHECK(list(Type::nmtoken, Item::of_integer(1)) == "XPTY0004");
}

TEST_CASE("Times from outside are shown in UTC") {
    check({
        {"dateTime 0", "string", "string 1970-01-01T00:00:00Z"},
        {"dateTime 0", "dateTime", "dateTime 1970-01-01T00:00:00Z"},
        {"dateTime -1", "string", "string 1969-12-31T23:59:59.999Z"},
        {"dateTime 1709208000500", "string", "string 2024-02-29T12:00:00.5Z"},
        {"dateTime 951782399000", "string", "string 2000-02-28T23:59:59Z"},
        {"dateTime 951868799000", "string", "string 2000-02-29T23:59:59Z"},
        {"dateTime 4107542400000", "string", "string 2100-03-01T00:00:00Z"},
        {"dateTime 4107456000000", "string", "string 2100-02-28T00:00:00Z"},
        {"dateTime 253402300799999", "string", "string 9999-12-31T23:59:59.999Z"},
        {"dateTime 253402300800000", "string", "string 10000-01-01T00:00:00Z"},
        {"dateTime -62167219200000", "string", "string 0000-01-01T00:00:00Z"},
        {"dateTime -62167219200001", "string", "string -0001-12-31T23:59:59.999Z"},
        {"dateTime 9223372036854775807", "string", "string 292278994-08-17T07:12:55.807Z"},
        {"dateTime -9223372036854775808", "string", "string -292275055-05-16T16:47:04.192Z"},
    });
}

TEST_CASE("A string is cast to a QName with the namespaces in scope") {
    Arena arena;
    const NamespaceBinding known[] = {{"p", "urn:first"}, {"p", "urn:second"}, {"", "urn:default"}};
    const auto name = [&](std::string_view text) {
        return cast(Item::of_text(text), Type::qname, arena, known);
    };
    CHECK(name("p:x").qname() == QName{"urn:second", "x", "p"});
    CHECK(name(" x ").qname() == QName{"urn:default", "x", ""});
    CHECK(cast(Item::of_text("x"), Type::qname, arena).qname() == QName{"", "x", ""});
    CHECK(outcome([&] { return written(name("q:x")); }) == "FONS0004");
    CHECK(outcome([&] { return written(name("p:")); }) == "FORG0001");
    CHECK(outcome([&] { return written(name(":x")); }) == "FORG0001");
    CHECK(outcome([&] { return written(name("a:b:c")); }) == "FORG0001");
}

TEST_CASE("A failed cast says value, type and what to do") {
    Arena arena;
    const Error error = error_of([&] { cast(item("string busy", arena), Type::integer, arena); });
    CHECK(error.message == "'busy' of type xs:string is not a valid xs:integer");
    CHECK(error.hint == "test with 'castable as xs:integer' first");
    const std::string text(5000, 'x');
    const Error long_one = error_of([&] { cast(Item::of_text(text), Type::double_, arena); });
    CHECK(long_one.message.size() < 150);
    CHECK(describe(item("integer 5", arena)) == "5 of type xs:integer");
    CHECK(describe(sequence("integer 5|integer 6", arena)) == "a sequence of 2 items");
}

}  // namespace clacks::xquery::values_tests
