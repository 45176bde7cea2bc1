// Numbers, the math namespace, booleans and constructors.
#include "tests/xquery/function_calls.hpp"

namespace clacks::xquery::function_tests {

TEST_CASE("abs, ceiling and floor") {
    check({
        {"fn:abs(10.5)", "xs:decimal(10.5)"},
        {"fn:abs(-10.5)", "xs:decimal(10.5)"},
        {"fn:abs(-3)", "3"},
        {"fn:abs(xs:short(-3))", "3"},
        {"fn:abs(-1.5e0)", "xs:double(1.5)"},
        {"fn:abs(xs:double('-0'))", "xs:double(0)"},
        {"fn:abs(xs:double('-INF'))", "xs:double(INF)"},
        {"fn:abs(f-2.5)", "xs:float(2.5)"},
        {"fn:abs(())", "()"},
        {"fn:abs('1')", "XPTY0004"},
        {"fn:abs(u'-1')", "xs:double(1)"},
        {"fn:ceiling(10.5)", "xs:decimal(11)"},
        {"fn:ceiling(-10.5)", "xs:decimal(-10)"},
        {"fn:ceiling(-0.5e0)", "xs:double(-0)"},
        {"fn:ceiling(7)", "7"},
        {"fn:floor(10.5)", "xs:decimal(10)"},
        {"fn:floor(-10.5)", "xs:decimal(-11)"},
        {"fn:floor(-1.5e0)", "xs:double(-2)"},
        {"fn:floor(xs:double('NaN'))", "xs:double(NaN)"},
        {"fn:floor(f2.5)", "xs:float(2)"},
    });
}

TEST_CASE("rounding") {
    check({
        {"fn:round(2.5)", "xs:decimal(3)"},
        {"fn:round(2.4999)", "xs:decimal(2)"},
        {"fn:round(-2.5)", "xs:decimal(-2)"},
        {"fn:round(1.125, 2)", "xs:decimal(1.13)"},
        {"fn:round(8452, -2)", "8500"},
        {"fn:round(3.1415e0, 2)", "xs:double(3.14)"},
        {"fn:round(-0.2e0)", "xs:double(-0)"},
        {"fn:round(-2.5e0)", "xs:double(-2)"},
        {"fn:round(0.49999999999999994e0)", "xs:double(0)"},
        {"fn:round(35612.25e0, -2)", "xs:double(35600)"},
        {"fn:round(xs:double('INF'))", "xs:double(INF)"},
        {"fn:round(1e300)", "xs:double(1.0E300)"},
        {"fn:round(1.5e-30, 60)", "xs:double(1.5E-30)"},
        {"fn:round(f2.5)", "xs:float(3)"},
        {"fn:round(5, -99999999999999999999)", "0"},
        {"fn:round(5, 99999999999999999999)", "5"},
        {"fn:round(())", "()"},
        {"fn:round-half-to-even(0.5)", "xs:decimal(0)"},
        {"fn:round-half-to-even(1.5)", "xs:decimal(2)"},
        {"fn:round-half-to-even(2.5)", "xs:decimal(2)"},
        {"fn:round-half-to-even(-2.5)", "xs:decimal(-2)"},
        {"fn:round-half-to-even(3.567812e3, 2)", "xs:double(3567.81)"},
        {"fn:round-half-to-even(4.7564e-3, 2)", "xs:double(0)"},
        {"fn:round-half-to-even(35612.25, -2)", "xs:decimal(35600)"},
        {"fn:round-half-to-even(150, -2)", "200"},
        {"fn:round-half-to-even(250, -2)", "200"},
    });
}

TEST_CASE("number") {
    check({
        {"fn:number('15')", "xs:double(15)"},
        {"fn:number(' 1e3 ')", "xs:double(1000)"},
        {"fn:number('fifteen')", "xs:double(NaN)"},
        {"fn:number(())", "xs:double(NaN)"},
        {"fn:number(fn:true())", "xs:double(1)"},
        {"fn:number(#17)", "xs:double(42)"},
        {"fn:number(fn:node-name(#1))", "xs:double(NaN)"},
        {"fn:number()", "XPDY0002"},
        {"fn:number((1, 2))", "XPTY0004"},
    });
    Options options;
    options.focus = {Item::of_node(sample(), 16), 1, 1, true};
    CHECK(run("fn:number()", options) == "xs:double(42)");
}

TEST_CASE("math") {
    check({
        {"math:pi()", "xs:double(3.141592653589793)"},
        {"math:exp(0)", "xs:double(1)"},
        {"math:exp(xs:double('-INF'))", "xs:double(0)"},
        {"math:exp10(3)", "xs:double(1000)"},
        {"math:log(1)", "xs:double(0)"},
        {"math:log(0)", "xs:double(-INF)"},
        {"math:log(-1)", "xs:double(NaN)"},
        {"math:log10(1000)", "xs:double(3)"},
        {"math:pow(2, 3)", "xs:double(8)"},
        {"math:pow(-1, xs:double('INF'))", "xs:double(1)"},
        {"math:pow(xs:double('NaN'), 0)", "xs:double(1)"},
        {"math:pow(-2.5e0, 2.5)", "xs:double(NaN)"},
        {"math:pow((), 2)", "()"},
        {"math:sqrt(16)", "xs:double(4)"},
        {"math:sqrt(-2)", "xs:double(NaN)"},
        {"math:sqrt(())", "()"},
        {"math:sin(0)", "xs:double(0)"},
        {"math:sin(xs:double('INF'))", "xs:double(NaN)"},
        {"math:cos(0)", "xs:double(1)"},
        {"math:tan(0)", "xs:double(0)"},
        {"math:asin(2)", "xs:double(NaN)"},
        {"math:acos(1)", "xs:double(0)"},
        {"math:atan(0)", "xs:double(0)"},
        {"math:atan2(0, 1)", "xs:double(0)"},
        {"fn:round(math:atan2(1, 1), 4)", "xs:double(0.7854)"},
        {"math:atan2((), 1)", "XPTY0004"},
    });
}

TEST_CASE("booleans") {
    check({
        {"fn:true()", "true"},
        {"fn:false()", "false"},
        {"fn:boolean(())", "false"},
        {"fn:boolean('')", "false"},
        {"fn:boolean('false')", "true"},
        {"fn:boolean(xs:double('NaN'))", "false"},
        {"fn:boolean(#4)", "true"},
        {"fn:boolean((#4, 1))", "true"},
        {"fn:boolean((1, 2))", "FORG0006"},
        {"fn:boolean(fn:node-name(#1))", "FORG0006"},
        {"fn:not(0)", "true"},
        {"fn:not(u'x')", "false"},
        {"fn:not(('a', 'b'))", "FORG0006"},
    });
}

TEST_CASE("constructors") {
    check({
        {"xs:integer(' 42 ')", "42"},
        {"xs:integer('4.5')", "FORG0001"},
        {"xs:integer(4.9)", "4"},
        {"xs:integer(())", "()"},
        {"xs:integer(('1', '2'))", "XPTY0004"},
        {"xs:integer(xs:double('NaN'))", "FOCA0002"},
        {"xs:byte(128)", "FORG0001"},
        {"xs:byte('-128')", "xs:byte(-128)"},
        {"xs:unsignedLong('18446744073709551615')", "xs:unsignedLong(18446744073709551615)"},
        {"xs:decimal('1.50')", "xs:decimal(1.5)"},
        {"xs:double('1e400')", "xs:double(INF)"},
        {"xs:float('1.5')", "xs:float(1.5)"},
        {"xs:boolean('1')", "true"},
        {"xs:boolean('yes')", "FORG0001"},
        {"xs:boolean(0.0)", "false"},
        {"xs:string(1.0e0)", "'1'"},
        {"xs:string(#4)", "'two'"},
        {"xs:token(' a  b ')", "xs:token(a b)"},
        {"xs:NCName('a:b')", "FORG0001"},
        {"xs:language('en-GB')", "xs:language(en-GB)"},
        {"xs:anyURI(' http://a ')", "xs:anyURI(http://a)"},
        {"xs:untypedAtomic(5)", "xs:untypedAtomic(5)"},
        {"xs:dateTime('2020-01-01T00:00:00Z')", "xs:dateTime(2020-01-01T00:00:00Z)"},
        {"xs:anyURI(5)", "XPTY0004"},
    });
}

}  // namespace clacks::xquery::function_tests
