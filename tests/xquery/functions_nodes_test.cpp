// Accessors and functions on nodes, the context, errors.
#include "tests/xquery/function_calls.hpp"

namespace clacks::xquery::function_tests {

namespace {

Options at(xml::NodeIndex node) {
    Options options;
    options.focus = {Item::of_node(sample(), node), 3, 7, true};
    return options;
}

}  // namespace

TEST_CASE("names of nodes") {
    check({
        {"fn:node-name(#1)", "QName({urn:a}a:r)"},
        {"fn:node-name(#2)", "QName({http://www.w3.org/XML/1998/namespace}xml:lang)"},
        {"fn:node-name(#11)", "QName({}:p)"},
        {"fn:node-name(#3)", "()"},
        {"fn:node-name(#0)", "()"},
        {"fn:node-name(())", "()"},
        {"fn:name(#1)", "'a:r'"},
        {"fn:name(#4)", "'b'"},
        {"fn:name(#10)", "''"},
        {"fn:name(())", "''"},
        {"fn:name(1)", "XPTY0004"},
        {"fn:local-name(#1)", "'r'"},
        {"fn:local-name(#11)", "'p'"},
        {"fn:local-name(#0)", "''"},
        {"fn:namespace-uri(#4)", "xs:anyURI(urn:d)"},
        {"fn:namespace-uri(#5)", "xs:anyURI()"},
        {"fn:namespace-uri(#3)", "xs:anyURI()"},
        {"fn:name((#1, #4))", "XPTY0004"},
    });
}

TEST_CASE("values of nodes") {
    check({
        {"fn:string(#4)", "'two'"},
        {"fn:string(#0)", "'onetwothreetwo42'"},
        {"fn:string(#2)", "'en-GB'"},
        {"fn:string(12.50)", "'12.5'"},
        {"fn:string(())", "''"},
        {"fn:string((1, 2))", "XPTY0004"},
        {"fn:data(#4)", "xs:untypedAtomic(two)"},
        {"fn:data((#4, 1, #10))", "(xs:untypedAtomic(two), 1, 'c')"},
        {"fn:data(())", "()"},
        {"fn:nilled(#4)", "false"},
        {"fn:nilled(#3)", "()"},
        {"fn:has-children(#1)", "true"},
        {"fn:has-children(#3)", "false"},
        {"fn:has-children(#5)", "false"},
        {"fn:has-children(())", "false"},
        {"fn:root(#7)", "#0"},
        {"fn:root(())", "()"},
    });
}

TEST_CASE("base URIs follow xml:base") {
    check({
        {"fn:base-uri(#0)", "xs:anyURI(http://example.com/dir/doc.xml)"},
        {"fn:base-uri(#8)", "xs:anyURI(http://example.com/dir/doc.xml)"},
        {"fn:base-uri(#4)", "xs:anyURI(http://example.com/dir/sub/)"},
        {"fn:base-uri(#7)", "xs:anyURI(http://example.com/dir/sub/)"},
        {"fn:base-uri(())", "()"},
        {"fn:document-uri(#0)", "xs:anyURI(http://example.com/dir/doc.xml)"},
        {"fn:document-uri(#1)", "()"},
    });
}

TEST_CASE("language") {
    check({
        {"fn:lang('en', #4)", "true"},
        {"fn:lang('EN-gb', #4)", "true"},
        {"fn:lang('en-GB-x', #4)", "false"},
        {"fn:lang('e', #4)", "false"},
        {"fn:lang('de', #4)", "false"},
        {"fn:lang('en', #5)", "true"},
        {"fn:lang('en', #0)", "false"},
        {"fn:lang((), #4)", "false"},
        {"fn:lang('en')", "XPDY0002"},
    });
    CHECK(run("fn:lang('en')", at(12)) == "true");
}

TEST_CASE("paths and identifiers") {
    check({
        {"fn:path(#0)", "'/'"},
        {"fn:path(#1)", "'/Q{urn:a}r[1]'"},
        {"fn:path(#2)", "'/Q{urn:a}r[1]/@Q{http://www.w3.org/XML/1998/namespace}lang'"},
        {"fn:path(#5)", "'/Q{urn:a}r[1]/Q{urn:d}b[1]/@k'"},
        {"fn:path(#9)", "'/Q{urn:a}r[1]/Q{urn:d}b[2]/text()[1]'"},
        {"fn:path(#10)", "'/Q{urn:a}r[1]/comment()[1]'"},
        {"fn:path(#11)", "'/Q{urn:a}r[1]/processing-instruction(p)[1]'"},
        {"fn:path(#16)", "'/Q{urn:a}r[1]/Q{}n[1]'"},
        {"fn:path(())", "()"},
        {"fn:generate-id(())", "''"},
        {"fn:compare(fn:generate-id(#4), fn:generate-id(#4))", "0"},
        {"fn:codepoint-equal(fn:generate-id(#4), fn:generate-id(#8))", "false"},
    });
    const std::string id = run("fn:generate-id(#4)");  // a letter, then letters and digits
    CHECK(id.find_first_not_of("'abcdefghijklmnopqrstuvwxyz0123456789") == std::string::npos);
    CHECK((id[1] >= 'a' && id[1] <= 'z'));
}

TEST_CASE("innermost and outermost") {
    check({
        {"fn:innermost((#1, #9, #4, #7, #9))", "(#7, #9)"},
        {"fn:innermost((#8, #4))", "(#4, #8)"},
        {"fn:innermost((#4, #5))", "#5"},
        {"fn:innermost(())", "()"},
        {"fn:outermost((#9, #4, #7, #8, #8))", "(#4, #8)"},
        {"fn:outermost((#0, #17))", "#0"},
        {"fn:outermost((#4, 1))", "XPTY0004"},
    });
}

TEST_CASE("functions without arguments use the context") {
    CHECK(run("fn:name()", at(1)) == "'a:r'");
    CHECK(run("fn:local-name()", at(4)) == "'b'");
    CHECK(run("fn:namespace-uri()", at(4)) == "xs:anyURI(urn:d)");
    CHECK(run("fn:node-name()", at(16)) == "QName({}:n)");
    CHECK(run("fn:string()", at(4)) == "'two'");
    CHECK(run("fn:data()", at(4)) == "xs:untypedAtomic(two)");
    CHECK(run("fn:string-length()", at(4)) == "3");
    CHECK(run("fn:normalize-space()", at(9)) == "'three'");
    CHECK(run("fn:root()", at(4)) == "#0");
    CHECK(run("fn:path()", at(0)) == "'/'");
    CHECK(run("fn:has-children()", at(4)) == "true");
    CHECK(run("fn:base-uri()", at(4)) == "xs:anyURI(http://example.com/dir/sub/)");
    CHECK(run("fn:position()", at(4)) == "3");
    CHECK(run("fn:last()", at(4)) == "7");
    check({
        {"fn:name()", "XPDY0002"},
        {"fn:string()", "XPDY0002"},
        {"fn:data()", "XPDY0002"},
        {"fn:string-length()", "XPDY0002"},
        {"fn:root()", "XPDY0002"},
        {"fn:position()", "XPDY0002"},
        {"fn:last()", "XPDY0002"},
        {"fn:static-base-uri()", "()"},
        {"fn:default-collation()", "'http://www.w3.org/2005/xpath-functions/collation/codepoint'"},
        {"fn:default-language()", "xs:language(en)"},
        {"fn:implicit-timezone()", "xs:dayTimeDuration(PT0S)"},
    });
    CHECK(run("fn:static-base-uri()", {.base_uri = "http://x/"}) == "xs:anyURI(http://x/)");
    Options number;
    number.focus = {Item::of_integer(5), 1, 1, true};
    CHECK(run("fn:name()", number) == "XPTY0004");
    CHECK(run("fn:root()", number) == "XPTY0004");
    CHECK(run("fn:string()", number) == "'5'");
}

TEST_CASE("errors of the query's own") {
    check({
        {"fn:error()", "FOER0000"},
        {"fn:error(())", "FOER0000"},
        {"fn:error(fn:QName('urn:my', 'my:toohigh'))", "toohigh"},
        {"fn:error((), 'no good')", "FOER0000"},
        {"fn:trace((1, 2), 'x')", "(1, 2)"},
        {"fn:trace(())", "()"},
    });
    const Error error = error_of("fn:error(fn:QName('urn:my', 'my:toohigh'), 'price is too high', (1, 2))");
    CHECK(error.code == Code::FOER0000);
    CHECK(error.name == "toohigh");
    CHECK(error.message == "price is too high");
}

}  // namespace clacks::xquery::function_tests
