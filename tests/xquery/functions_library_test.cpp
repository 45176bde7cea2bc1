// The library itself: signatures, lookup, what is said of functions that are not there, and limits.
#include <algorithm>
#include <set>
#include <stdexcept>

#include "common/xquery/functions/family.hpp"
#include "common/xquery/functions/signature.hpp"
#include "tests/xquery/function_calls.hpp"

namespace clacks::xquery::function_tests {

namespace {

Value nothing(CallContext&, Arguments) {
    return {};
}

Function parsed(std::string_view signature) {
    return parse_signature({signature, nothing});
}

std::string missing(std::string_view uri, std::string_view local, std::size_t arity) {
    const Error error = explain_missing(uri, local, arity, local);
    return std::string(code_name(error.code)) + ": " + error.message + "; " + error.hint;
}

}  // namespace

TEST_CASE("every function of the library has a well-formed signature and is found by it") {
    REQUIRE(all_functions().size() > 100);
    std::set<std::string> seen;
    for (const Function& function : all_functions()) {
        INFO(function.signature);
        CHECK(function.run != nullptr);
        CHECK(function.uri == signature_namespace(function.shown.substr(0, function.shown.find(':'))));
        CHECK_FALSE(function.uri.empty());
        CHECK(function.min_arity <= function.parameters.size());
        CHECK(function.max_arity >= function.parameters.size());
        for (const Parameter& parameter : function.parameters) {
            CHECK_FALSE(parameter.name.empty());
            CHECK(function.signature.find("$" + std::string(parameter.name) + " as " +
                                          to_string(parameter.type)) != std::string_view::npos);
        }
        CHECK(function.signature.ends_with(") as " + to_string(function.result)));
        CHECK(find_function(function.uri, function.local, function.min_arity) == &function);
        CHECK(find_function(function.uri, function.local, function.parameters.size()) == &function);
        for (const std::string_view name : outside_names()) CHECK(name != function.shown);
        const std::string arity = std::to_string(function.min_arity);
        CHECK(seen.insert(std::string(function.shown) + "#" + arity).second);
    }
}

TEST_CASE("a signature's text gives arities, names and types") {
    const Function substring =
        parsed("fn:s($value as xs:string?, $start as xs:double [, $length as xs:double]) as xs:string");
    CHECK(substring.shown == "fn:s");
    CHECK(substring.local == "s");
    CHECK(substring.min_arity == 2);
    CHECK(substring.max_arity == 3);
    CHECK(substring.parameters[2].name == "length");
    CHECK(to_string(substring.parameters[0].type) == "xs:string?");
    const Function all = parsed("fn:c($a as item()*, ...) as element()+");
    CHECK(all.min_arity == 1);
    CHECK(all.max_arity == Function::kUnbounded);
    CHECK(all.parameter(7).name == "a");
    CHECK(to_string(all.result) == "element()+");
    CHECK(parsed("fn:e([$a as xs:QName?, $b as xs:string]) as item()*").min_arity == 0);
    for (const char* wrong :
         {"f() as item()", "no:f() as item()", "fn:f(a as item()) as item()", "fn:f($a as item()",
          "fn:f($a as xs:nothing) as item()", "fn:f($a as thing()) as item()", "fn:f() as item() and more",
          "fn:f($a item()) as item()", "fn:f()"}) {
        INFO(wrong);
        CHECK_THROWS_AS(parsed(wrong), std::logic_error);
    }
}

TEST_CASE("every atomic type has a constructor, but for xs:NOTATION") {
    for (std::size_t i = static_cast<std::size_t>(Type::untyped_atomic); i < kTypeCount; ++i) {
        const auto type = static_cast<Type>(i);
        const std::string_view local = type_name(type).substr(3);
        INFO(local);
        const Function* function = find_function(kXsNamespace, local, 1);
        CHECK((function != nullptr) == (type != Type::notation));
        if (function != nullptr) {
            CHECK(function->intrinsic == Intrinsic::constructor);
            CHECK(function->result.item.atomic == type);
        }
    }
}

TEST_CASE("a function that is not there is explained") {
    CHECK(missing(kFnNamespace, "starts-whit", 2) ==
          "XPST0017: there is no function starts-whit(); did you mean 'starts-with'?");
    CHECK(missing(kFnNamespace, "sqrt", 1) ==
          "XPST0017: there is no function sqrt(); did you mean 'math:sqrt'?");
    CHECK(missing(kFnNamespace, "string", 2) ==
          "XPST0017: string() does not take 2 arguments; it takes 0 to 1");
    CHECK(missing(kFnNamespace, "concat", 1) ==
          "XPST0017: concat() does not take 1 argument; it takes 2 or more");
    CHECK(missing(kFnNamespace, "utterly-else", 1) == "XPST0017: there is no function utterly-else(); ");
    CHECK(missing("urn:mine", "count", 1) == "XPST0017: there is no function count(); ");
    for (const char* local : {"put"}) {
        INFO(local);
        CHECK(explain_missing(kFnNamespace, local, 1, local).code == Code::outside_access);
        CHECK(find_function(kFnNamespace, local, 1) == nullptr);
    }
}

TEST_CASE("arguments are converted, and what does not convert is named") {
    CHECK(run("fn:substring(u'motor', u'2')") == "'otor'");
    CHECK(run("fn:string-length(#4)") == "3");
    CHECK(run("math:sqrt(4)") == "xs:double(2)");
    CHECK(run("fn:upper-case(1)") == "XPTY0004");
    CHECK(run("fn:upper-case(('a', 'b'))") == "XPTY0004");
    CHECK(run("fn:translate('a', (), 'b')") == "XPTY0004");
    CHECK(run("fn:substring('a', u'x')") == "FORG0001");
    const Error error = error_of("fn:substring('a', 'b')");
    CHECK(error.message.find("fn:substring") != std::string::npos);
    CHECK(error.message.find("start") != std::string::npos);
}

TEST_CASE("a function takes steps by the work it does and memory by what it makes") {
    const std::string x(100'000, 'a');
    for (const char* call :
         {"fn:upper-case($x)", "fn:contains($x, 'b')", "fn:normalize-space($x)", "fn:string-length($x)",
          "fn:translate($x, 'a', 'b')", "fn:substring($x, 5)", "fn:encode-for-uri($x)", "fn:concat($x, 'b')",
          "fn:compare($x, $x)", "fn:codepoint-equal($x, $x)", "fn:normalize-unicode($x)",
          "fn:substring-after($x, 'b')", "fn:contains-token($x, 'b')", "fn:index-of(($x, 'b'), $x)",
          "fn:distinct-values(($x, 'b'))", "fn:max(($x, 'b'))", "fn:deep-equal($x, $x)"}) {
        INFO(call);
        CHECK(steps_of(call, x) > x.size() / 100);
        CHECK(steps_of(call, "a") < 20);
        CHECK(run_with(call, x, {.steps = 100}) == "limit-steps");
    }
    for (const char* call : {"fn:upper-case($x)", "fn:normalize-space($x)", "fn:concat($x, $x)",
                             "fn:string-join(($x, $x, $x), '')", "fn:string-to-codepoints($x)",
                             "fn:encode-for-uri($x)", "fn:translate($x, 'a', 'b')"}) {
        INFO(call);
        CHECK(run_with(call, x, {.memory = 90'000}) == "limit-memory");
    }
    for (const char* call :
         {"fn:sum(1 to 9000000000)", "fn:reverse(1 to 9000000000)", "fn:max(1 to 9000000000)",
          "fn:index-of(1 to 9000000000, 0)", "fn:deep-equal(1 to 9000000000, 1 to 9000000000)",
          "fn:insert-before(1 to 9000000000, 1, 1)", "fn:string-join(1 to 9000000000, '')"}) {
        INFO(call);
        CHECK(run(call) == "limit-steps");
    }
    CHECK(run("fn:count(1 to 9000000000)") == "9000000000");
    CHECK(run("fn:head(fn:tail(1 to 9000000000))") == "2");
    CHECK(run("fn:subsequence(1 to 9000000000, 8999999999)") == "(8999999999, 9000000000)");
}

}  // namespace clacks::xquery::function_tests
