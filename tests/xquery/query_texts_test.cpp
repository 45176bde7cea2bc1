// Texts, environment variables and traces, which go through a resolver alone.
#include <catch2/catch.hpp>
#include <map>
#include <memory>
#include <string>

#include "common/xquery/xquery.hpp"

using namespace clacks;
using namespace std::string_literals;

namespace {

class Texts : public xquery::Resolver {
  public:
    std::map<std::string, Text, std::less<>> texts = {
        {"urn:plain", {"a\r\nb\n\nc\n", ""}},  {"urn:marked", {"\xEF\xBB\xBFx", ""}},
        {"urn:wide", {"\xFF\xFE\xE4\0"s, ""}}, {"urn:latin", {"\xE4", ""}},
        {"urn:known", {"\xE4", "iso-8859-1"}}, {"urn:control", {"\x01", ""}},
        {"urn:json", {"\"j\"", ""}},
    };
    std::string traced;

    Result<Text> text(std::string_view uri) override {
        const auto known = texts.find(uri);
        if (known == texts.end()) return Diagnostic{};
        return known->second;
    }
    std::optional<std::string> environment_variable(std::string_view name) override {
        if (name == "HOME") return "/root";
        return std::nullopt;
    }
    std::vector<std::string> environment_variables() override { return {"HOME", "LANG"}; }
    void trace(std::string_view label, std::string_view value) override {
        traced += std::string(label) + "=" + std::string(value) + ";";
    }
};

// The result as text, or the code of the first error.
std::string run(const std::string& query, const std::shared_ptr<xquery::Resolver>& resolver) {
    xquery::CompileOptions options;
    options.resolver = resolver;
    options.base_uri = "urn:main";
    const auto compiled = xquery::Query::compile(query, options);
    if (!compiled) return compiled.error().front().code;
    xquery::DynamicContext context;
    const auto result = compiled->evaluate(context);
    return result ? result->serialize() : result.error().code;
}

}  // namespace

TEST_CASE("texts are decoded as they say, as the query says, or as UTF-8") {
    const auto texts = std::make_shared<Texts>();
    CHECK(run("string-to-codepoints(unparsed-text('urn:marked'))", texts) == "120");
    CHECK(run("unparsed-text('urn:wide')", texts) == "\"ä\"");
    CHECK(run("unparsed-text('urn:latin')", texts) == "FOUT1200");
    CHECK(run("unparsed-text('urn:latin', 'utf-8')", texts) == "FOUT1190");
    CHECK(run("unparsed-text('urn:latin', 'iso-8859-1')", texts) == "\"ä\"");
    CHECK(run("unparsed-text('urn:known')", texts) == "\"ä\"");
    CHECK(run("unparsed-text('urn:known', 'utf-8')", texts) == "\"ä\"");
    CHECK(run("unparsed-text('urn:plain', 'no such')", texts) == "FOUT1190");
    CHECK(run("unparsed-text('urn:control')", texts) == "FOUT1190");
}

TEST_CASE("a text that is not there is FOUT1170, or not available") {
    const auto texts = std::make_shared<Texts>();
    CHECK(run("unparsed-text('urn:none')", texts) == "FOUT1170");
    CHECK(run("unparsed-text('urn:plain#a')", texts) == "FOUT1170");
    CHECK(run("unparsed-text('%gg')", texts) == "FOUT1170");
    CHECK(run("unparsed-text(())", texts).empty());
    CHECK(run("unparsed-text-available('urn:none')", texts) == "false()");
    CHECK(run("unparsed-text-available('urn:latin')", texts) == "false()");
    CHECK(run("unparsed-text-available('urn:latin', 'iso-8859-1')", texts) == "true()");
    CHECK(run("unparsed-text-available(())", texts) == "false()");
}

TEST_CASE("lines end at any line ending, and the last one may lack it") {
    CHECK(run("unparsed-text-lines('urn:plain')", std::make_shared<Texts>()) == "\"a\"\n\"b\"\n\"\"\n\"c\"");
}

TEST_CASE("JSON comes from a text") {
    const auto texts = std::make_shared<Texts>();
    CHECK(run("json-doc('urn:json')", texts) == "\"j\"");
    CHECK(run("json-doc('urn:plain')", texts) == "FOJS0001");
    CHECK(run("json-doc('urn:none')", texts) == "FOUT1170");
    CHECK(run("json-doc(())", texts).empty());
}

TEST_CASE("the environment and traces are the resolver's") {
    const auto texts = std::make_shared<Texts>();
    CHECK(run("environment-variable('HOME')", texts) == "\"/root\"");
    CHECK(run("environment-variable('none')", texts).empty());
    CHECK(run("available-environment-variables()", texts) == "\"HOME\"\n\"LANG\"");
    CHECK(run("trace((1, 'a'), 'here') ! string()", texts) == "\"1\"\n\"a\"");
    CHECK(texts->traced == "here=1\n\"a\";");
    CHECK(run("trace(1)", nullptr) == "1");
    CHECK(run("environment-variable('HOME')", nullptr) == "outside-access");
}
