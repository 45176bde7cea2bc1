// Library modules, which come through a resolver alone.
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <memory>
#include <string>

#include "common/xquery/xquery.hpp"

using namespace clacks;

namespace {

class Sources : public xquery::Resolver {
  public:
    std::multimap<std::string, ModuleSource, std::less<>> by_namespace;

    Result<std::vector<ModuleSource>> module(std::string_view target_namespace,
                                             std::span<const std::string> locations) override {
        std::vector<ModuleSource> found;
        const auto [first, last] = by_namespace.equal_range(target_namespace);
        for (auto one = first; one != last; ++one) {
            const bool wanted = locations.empty() || std::find(locations.begin(), locations.end(),
                                                               one->second.uri) != locations.end();
            if (wanted) found.push_back(one->second);
        }
        if (found.empty()) return Diagnostic{};
        return found;
    }
};

// The result as text, or the first error as "code source:line:column message".
std::string run(const std::string& query, const std::shared_ptr<Sources>& sources) {
    xquery::CompileOptions options;
    options.resolver = sources;
    options.base_uri = "urn:main";
    const auto compiled = xquery::Query::compile(query, options);
    const auto shown = [](const Diagnostic& d) {
        return d.code + " " + d.source + ":" + std::to_string(d.line) + ":" + std::to_string(d.column);
    };
    if (!compiled) return shown(compiled.error().front());
    xquery::DynamicContext context;
    const auto result = compiled->evaluate(context);
    return result ? result->serialize() : shown(result.error());
}

std::shared_ptr<Sources> with(std::string library) {
    auto sources = std::make_shared<Sources>();
    sources->by_namespace.emplace("urn:l", xquery::Resolver::ModuleSource{"urn:lib", std::move(library)});
    return sources;
}

const std::string kImport = "import module namespace l = 'urn:l';\n";

}  // namespace

TEST_CASE("a library module's functions and variables are there where it is imported") {
    const auto sources = with(
        "module namespace l = 'urn:l'; declare variable $l:a := 40;"
        "declare function l:add($b) { $l:a + $b };");
    CHECK(run(kImport + "l:add(2), $l:a", sources) == "42\n40");
    CHECK(run("import module 'urn:l'; Q{urn:l}add(1)", sources) == "41");
}

TEST_CASE("what is private stays in its module") {
    const auto sources = with(
        "module namespace l = 'urn:l'; declare %private function l:own() { 7 };"
        "declare %private variable $l:own := 8; declare function l:all() { l:own() + $l:own };");
    CHECK(run(kImport + "l:all()", sources) == "15");
    CHECK(run(kImport + "l:own()", sources) == "XPST0017 query:2:1");
    CHECK(run(kImport + "$l:own", sources) == "XPST0008 query:2:1");
}

TEST_CASE("each module has a static context of its own") {
    const auto sources = with(
        "module namespace l = 'urn:l'; declare namespace p = 'urn:of-library';"
        "declare function l:base() { static-base-uri() };"
        "declare function l:name() { namespace-uri-from-QName(xs:QName('p:x')) };");
    CHECK(run(kImport + "l:base(), static-base-uri()", sources) == "\"urn:lib\"\n\"urn:main\"");
    CHECK(run(kImport + "declare namespace p = 'urn:of-main'; l:name()", sources) == "\"urn:of-library\"");
}

TEST_CASE("a function called back by one of another module has its own static context") {
    const auto sources = with("module namespace l = 'urn:l'; declare function l:sorter() { fn:sort#3 };");
    const std::string key =
        "declare function local:key($x) { if (static-base-uri() = 'urn:main') then $x else -$x };";
    CHECK(run(kImport + key + "l:sorter()((2, 1), (), local:key#1)", sources) == "1\n2");
}

TEST_CASE("modules may import one another, and one namespace may have several") {
    const auto sources = with(
        "module namespace l = 'urn:l'; import module namespace m = 'urn:m';"
        "declare function l:even($n) { if ($n = 0) then true() else m:odd($n - 1) };");
    sources->by_namespace.emplace(
        "urn:m", xquery::Resolver::ModuleSource{
                     "urn:m1",
                     "module namespace m = 'urn:m'; import module namespace l = 'urn:l';"
                     "declare function m:odd($n) { if ($n = 0) then false() else l:even($n - 1) };"});
    sources->by_namespace.emplace(
        "urn:m", xquery::Resolver::ModuleSource{
                     "urn:m2", "module namespace m = 'urn:m'; declare function m:two() { 2 };"});
    CHECK(run(kImport + "l:even(10)", sources) == "true()");
    CHECK(run("import module namespace m = 'urn:m'; m:two(), m:odd(3)", sources) == "2\ntrue()");
    CHECK(run("import module namespace m = 'urn:m' at 'urn:m1'; m:two()", sources) == "XPST0017 query:1:50");
    CHECK(run(kImport + "m:two()", sources) == "XPST0081 query:2:1");
}

TEST_CASE("errors in a library module name its source") {
    CHECK(run(kImport + "1", with("module namespace l = 'urn:l';\n declare funktion l:f() { 1 };")) ==
          "XPST0003 urn:lib:2:10");
    CHECK(run(kImport + "l:f()",
              with("module namespace l = 'urn:l';\n declare function l:f() { $nothing };")) ==
          "XPST0008 urn:lib:2:27");
    CHECK(
        run(kImport + "l:f()", with("module namespace l = 'urn:l';\n\n declare function l:f() { 1 idiv 0 };"))
            .starts_with("FOAR0001 urn:lib:3:"));
}

TEST_CASE("imports that cannot be") {
    const auto library = with("module namespace l = 'urn:l'; declare function l:f() { 1 };");
    CHECK(run("import module namespace m = 'urn:none'; 1", library) == "XQST0059 query:1:1");
    CHECK(run("import module namespace m = 'urn:none'; 1", nullptr) == "XQST0059 query:1:1");
    CHECK(run(kImport + "import module namespace m = 'urn:l'; 1", library) == "XQST0047 query:2:1");
    CHECK(run(kImport + "declare namespace l = 'urn:x'; 1", library) == "XQST0033 query:2:1");
    CHECK(run(kImport + "declare function l:f() { 2 }; 1", library) == "XQST0034 query:1:1");
    CHECK(run(kImport + "1", with("module namespace l = 'urn:other'; ")) == "XQST0059 query:1:1");
    CHECK(run(kImport + "1", with("1 + 1")) == "XQST0059 query:1:1");
    CHECK(run(kImport + "1", with("module namespace l = 'urn:l'; declare function local:f() { 1 };")) ==
          "XQST0048 urn:lib:1:48");
    CHECK(run("module namespace l = 'urn:l'; declare variable $l:a := 1;", library) == "XPST0003 query:1:1");
}

TEST_CASE("the errors of a library module are told, not what follows from them") {
    CHECK(run(kImport + "l:f()",
              with("module namespace l = 'urn:l'; declare namespace o = "
                   "'http://www.w3.org/2010/xslt-xquery-serialization'; declare option o:indent 'yes'; "
                   "declare function l:f() { 1 };")) == "XQST0108 urn:lib:1:105");
}

TEST_CASE("a library module may say of what type the context item is, but not what it is") {
    CHECK(run(kImport + "1",
              with("module namespace l = 'urn:l'; declare context item as xs:date external;")) == "1");
    CHECK(run(kImport + "1", with("module namespace l = 'urn:l'; declare context item := 1;")) ==
          "XQST0113 urn:lib:1:31");
}
