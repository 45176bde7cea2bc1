#include "common/xml/parser.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "common/xml/serializer.hpp"

using namespace clacks;

namespace {

std::string repeated(std::string_view text, std::size_t times) {
    std::string result;
    for (std::size_t i = 0; i < times; ++i) result += text;
    return result;
}

Diagnostic refusal(std::string_view bytes, const xml::ParseLimits& limits = {}) {
    const auto result = xml::parse(bytes, limits);
    INFO(bytes.substr(0, 200));
    REQUIRE_FALSE(result.ok());
    return result.error();
}

std::string round_trip(std::string_view bytes) {
    const auto result = xml::parse(bytes);
    INFO(bytes.substr(0, 200));
    if (!result) FAIL(to_string(result.error()));
    return xml::serialize(**result);
}

}  // namespace

TEST_CASE("a document becomes a tree", "[xml][parser]") {
    const auto result =
        xml::parse("<a xmlns='u' xmlns:p='v' x='1' p:y='2'>t<!--c--><?pi data?><p:b/>\nu</a>");
    REQUIRE(result.ok());
    const xml::Tree& tree = **result;
    CHECK(tree.kind(0) == xml::NodeKind::document);
    CHECK(tree.name(1).view() == xml::NameView{"u", "a", ""});
    REQUIRE(tree.first_attribute(1) == 2);
    CHECK(tree.name(2).view() == xml::NameView{"", "x", ""});
    CHECK(tree.string_value(2) == "1");
    CHECK(tree.name(3).view() == xml::NameView{"v", "y", "p"});
    CHECK(tree.string_value(0) == "t\nu");
    CHECK(tree.namespace_for(1, "p") == "v");
    CHECK(tree.namespace_for(1, "") == "u");
    CHECK(tree.line(1) == 1);
    std::vector<xml::NodeKind> kinds;
    for (xml::NodeIndex i = tree.first_child(1); i < tree[1].end; i = tree[i].end)
        kinds.push_back(tree.kind(i));
    using K = xml::NodeKind;
    CHECK(kinds == std::vector<K>{K::text, K::comment, K::processing_instruction, K::element, K::text});
}

TEST_CASE("documents that are well-formed are taken", "[xml][parser]") {
    CHECK(round_trip("<a/>") == "<a/>");
    CHECK(round_trip("\xEF\xBB\xBF<a>b</a>") == "<a>b</a>");
    CHECK(round_trip("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a/>\n") == "<a/>");
    CHECK(round_trip("<?xml version='1.0' encoding='utf-8' standalone='yes'?><a/>") == "<a/>");
    CHECK(round_trip("\xEF\xBB\xBF<?xml version='1.0'?><a/>") == "<a/>");
    CHECK(round_trip("<a>&lt;&amp;&gt;&quot;&apos;&#65;&#x42;</a>") == "<a>&lt;&amp;&gt;\"'AB</a>");
    CHECK(round_trip("<a><![CDATA[<b>&]]></a>") == "<a>&lt;b&gt;&amp;</a>");
    CHECK(round_trip("<!-- <!DOCTYPE a> --><a><!-- <!DOCTYPE a> --></a>").find("<a>") != std::string::npos);
    CHECK(round_trip("<a>\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80</a>") ==
          "<a>\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80</a>");
    CHECK(round_trip("<a>1\r\n2</a>") == "<a>1\n2</a>");
}

TEST_CASE("long text beyond the BMP survives the scanner's parts", "[xml][parser]") {
    for (const std::string& lead : {std::string(), std::string("x")}) {
        const std::string text = lead + repeated("\xF0\x9F\x98\x80", 40'000);
        const auto result = xml::parse("<a>" + text + "</a>");
        REQUIRE(result.ok());
        CHECK((*result)->string_value(0) == text);
        CHECK((*result)->size() == 3);
    }
}

TEST_CASE("malformed documents are refused with their place", "[xml][parser]") {
    const char* const bad[] = {"",
                               " ",
                               "text",
                               "<a>",
                               "<a></b>",
                               "<a/><b/>",
                               "<a x=1/>",
                               "<a x='1' x='2'/>",
                               "<a>&</a>",
                               "<a><b></a></b>",
                               "<a xmlns:p='u' xmlns:q='u' p:x='' q:x=''/>",
                               "<p:a/>",
                               "<a>\x01</a>",
                               "<a>&#0;</a>",
                               "<a>&#xD800;</a>",
                               "<a>]]></a>",
                               "<1/>",
                               "<a",
                               "<!--",
                               "<a/>x",
                               "<?xml version='1.1'?><a/>",
                               "<?xml version='2.0'?><a/>",
                               "<?pi",
                               "<a><!DOCTYPE a></a>",
                               "<a/><!DOCTYPE a>",
                               "<a x='<'/>",
                               "<a><!-- -- --></a>",
                               " <?xml version='1.0'?><a/>"};
    for (const char* document : bad) {
        const Diagnostic problem = refusal(document);
        INFO(document << " -> " << to_string(problem));
        CHECK(problem.code == "xml-malformed");
        CHECK_FALSE(problem.message.empty());
        CHECK(problem.line >= 1);
    }
    const Diagnostic problem = refusal("<a>\n  <b></c>\n</a>");
    CHECK(problem.line == 2);
    CHECK(problem.column > 5);
}

TEST_CASE("no DTD, wherever it stands", "[xml][parser]") {
    const Diagnostic problem =
        refusal("<?xml version='1.0'?>\n<!-- x -->\n <!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>");
    CHECK(problem.code == "xml-dtd");
    CHECK(problem.line == 3);
    CHECK(problem.column == 2);
    CHECK(refusal("<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>").code == "xml-dtd");
    CHECK(refusal("<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>").code == "xml-dtd");
    CHECK(refusal("<!DOCTYPE a SYSTEM 'http://127.0.0.1:1/x.dtd'><a/>").code == "xml-dtd");
    CHECK(refusal("<!doctype a><a/>").code == "xml-dtd");
    std::string laughs = "<!DOCTYPE l [<!ENTITY l0 'lol'>";
    for (int i = 1; i < 10; ++i)
        laughs +=
            "<!ENTITY l" + std::to_string(i) + " '" + repeated("&l" + std::to_string(i - 1) + ";", 10) + "'>";
    CHECK(refusal(laughs + "]><l>&l9;</l>").code == "xml-dtd");
}

TEST_CASE("no entity beyond the five", "[xml][parser]") {
    const Diagnostic problem = refusal("<a>&nbsp;</a>");
    CHECK(problem.code == "xml-malformed");
    CHECK(problem.message.find("nbsp") != std::string::npos);
    CHECK(problem.hint.find("&amp;") != std::string::npos);
    CHECK(refusal("<a b='&nbsp;'/>").code == "xml-malformed");
    CHECK(round_trip("<a>" + repeated("&amp;", 50'000) + "</a>").size() == 250'007);
}

TEST_CASE("only UTF-8", "[xml][parser]") {
    const Diagnostic bad = refusal("<a>\n\xC3\xA4\xFF</a>");
    CHECK(bad.code == "xml-encoding");
    CHECK(bad.line == 2);
    CHECK(bad.column == 2);
    CHECK(refusal("<a>\xC0\x80</a>").code == "xml-encoding");
    CHECK(refusal("<a>\xED\xA0\x80</a>").code == "xml-encoding");
    CHECK(refusal("<a>\xE2\x82</a>").code == "xml-encoding");
    for (const char* encoding : {"ISO-8859-1", "UTF-16", "UTF-7", "EBCDIC-CP-US", "nonsense"}) {
        const Diagnostic problem =
            refusal(std::string("<?xml version='1.0' encoding='") + encoding + "'?><a/>");
        INFO(encoding);
        CHECK(problem.code == "xml-encoding");
        CHECK(problem.message.find(encoding) != std::string::npos);
        CHECK(problem.line == 1);
    }
    CHECK(refusal(std::string_view("\xFF\xFE<\0a\0/\0>\0", 10)).code == "xml-encoding");
    CHECK(refusal(std::string_view("\xFE\xFF\0<\0a\0/\0>", 10)).code == "xml-encoding");
    CHECK(refusal(std::string_view("<\0a\0/\0>\0", 8)).code == "xml-encoding");
    CHECK(refusal(std::string_view("\0\0\0<\0\0\0a", 8)).code == "xml-encoding");
    CHECK(refusal(std::string_view("<a>b\0c</a>", 10)).code == "xml-malformed");
}

TEST_CASE("limits hold", "[xml][parser]") {
    CHECK(refusal("<a>" + std::string(300'000, 'x') + "</a>").code == "xml-too-large");
    CHECK(refusal("<a>12</a>", {.bytes = 8}).code == "xml-too-large");
    CHECK(xml::parse("<a>12</a>", {.bytes = 9}).ok());
    const auto nested = [](std::size_t depth) { return repeated("<a>", depth) + repeated("</a>", depth); };
    CHECK(xml::parse(nested(64)).ok());
    CHECK(refusal(nested(65)).code == "xml-too-deep");
    CHECK(refusal(nested(30'000)).code == "xml-too-deep");
    CHECK(refusal(repeated("<a>", 80'000)).code == "xml-too-deep");
    const auto attributes = [](std::size_t count) {
        std::string result = "<a";
        for (std::size_t i = 0; i < count; ++i) result += " a" + std::to_string(i) + "=''";
        return result + "/>";
    };
    CHECK(xml::parse(attributes(64)).ok());
    CHECK(refusal(attributes(65)).code == "xml-too-many-attributes");
    CHECK(refusal(attributes(20'000)).code == "xml-too-many-attributes");
    CHECK(refusal(nested(3), {.depth = 2}).column == 10);
}

TEST_CASE("a reader is good again after a refusal", "[xml][parser]") {
    for (int i = 0; i < 50; ++i) {
        CHECK_FALSE(xml::parse("<a><b></a>").ok());
        CHECK_FALSE(xml::parse(repeated("<a>", 70)).ok());
        CHECK(round_trip("<a><b/></a>") == "<a><b/></a>");
    }
}

TEST_CASE("threads parse at once", "[xml][parser]") {
    std::vector<std::thread> threads;
    threads.reserve(4);
    std::vector<int> good(4, 0);
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([t, &good] {
            const std::string text =
                "<a n='" + std::to_string(t) + "'>" + std::string(100, static_cast<char>('a' + t)) + "</a>";
            for (int i = 0; i < 200; ++i) {
                const auto result = xml::parse(text);
                if (result.ok() && xml::serialize(**result).size() == text.size() && !xml::parse("<a>").ok())
                    ++good[static_cast<std::size_t>(t)];
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(good == std::vector<int>(4, 200));
}

TEST_CASE("an internal subset counts only where it is allowed") {
    const std::string document = "<!DOCTYPE a [<!ENTITY e 'x&#38;#38;y'><!ATTLIST a k CDATA 'v'>]><a>&e;</a>";
    CHECK_FALSE(xml::parse(document).ok());
    xml::ParseLimits limits;
    limits.internal_subset = true;
    const auto tree = xml::parse(document, limits, "urn:base");
    REQUIRE(tree.ok());
    CHECK((*tree)->string_value(0) == "x&y");
    CHECK((*tree)->string_value((*tree)->first_attribute(1)) == "v");
    CHECK((*tree)->base_uri() == "urn:base");
}

TEST_CASE("nothing outside the document is read, with an internal subset either") {
    xml::ParseLimits limits;
    limits.internal_subset = true;
    const auto far =
        xml::parse("<!DOCTYPE a [<!ENTITY far SYSTEM 'file:///etc/passwd'>]><a>&far;</a>", limits);
    REQUIRE_FALSE(far.ok());
    CHECK(far.error().message.find("unable to open external entity") != std::string::npos);
    CHECK(xml::parse("<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", limits).ok());
}

TEST_CASE("entities that expand without end are refused") {
    std::string document = "<!DOCTYPE a [<!ENTITY e0 'ha'>";
    for (int i = 1; i < 30; ++i) {
        const std::string before = "&e" + std::to_string(i - 1) + ";";
        document.append("<!ENTITY e" + std::to_string(i) + " '").append(before).append(before).append("'>");
    }
    xml::ParseLimits limits;
    limits.internal_subset = true;
    CHECK_FALSE(xml::parse(document + "]><a>&e29;</a>", limits).ok());
}

TEST_CASE("a fragment is what may stand in an element", "[xml][parser]") {
    xml::ParseLimits limits;
    limits.fragment = true;
    const auto tree = xml::parse("x<a b='1'>y</a><!--c-->z", limits);
    REQUIRE(tree.ok());
    CHECK((*tree)->kind(0) == xml::NodeKind::document);
    CHECK((*tree)->string_value(0) == "xyz");
    CHECK((*tree)->parent((*tree)->first_child(0)) == 0);
    CHECK(xml::parse("<?xml version='1.0' encoding='utf-8'?>x", limits).ok());
    CHECK(xml::parse("", limits).ok());
    for (const char* wrong : {"<a>", "</w><w>", "x</w><!--", "<!DOCTYPE a><a/>", "<?xml version='1.0'?>x",
                              "<?xml encoding='utf-8' standalone='yes'?>x"})
        CHECK_FALSE(xml::parse(wrong, limits).ok());
}

TEST_CASE("other encodings where they are allowed", "[xml][parser]") {
    const std::string latin = "<?xml version='1.0' encoding='ISO-8859-1'?><a>\xE9</a>";
    CHECK(xml::parse(latin).error().code == "xml-encoding");
    xml::ParseLimits limits;
    limits.encoding = xml::Encoding::declared;
    const auto tree = xml::parse(latin, limits);
    REQUIRE(tree.ok());
    CHECK((*tree)->string_value(0) == "\xC3\xA9");
    const std::string wide("\xFF\xFE<\0a\0/\0>\0", 10);
    CHECK(xml::parse(wide, limits).ok());
    CHECK(xml::parse("<a>\xC3\xA9</a>", limits).ok());
    CHECK_FALSE(xml::parse("<a>\xE9</a>", limits).ok());
    CHECK_FALSE(xml::parse("<?xml version='1.0' encoding='none-such'?><a/>", limits).ok());
    const std::string dtd("\xFF\xFE<\0!\0D\0O\0C\0T\0Y\0P\0E\0 \0a\0>\0<\0a\0/\0>\0", 34);
    CHECK_FALSE(xml::parse(dtd, limits).ok());
    limits.encoding = xml::Encoding::decoded;
    const auto decoded = xml::parse("<?xml version='1.0' encoding='ISO-8859-1'?><a>\xC3\xA9</a>", limits);
    REQUIRE(decoded.ok());
    CHECK((*decoded)->string_value(0) == "\xC3\xA9");
}

TEST_CASE("an xml:id has no white space around it", "[xml][parser]") {
    const auto tree = xml::parse("<a xml:id='  b ' id=' c '/>");
    REQUIRE(tree.ok());
    CHECK((*tree)->string_value(2) == "b");
    CHECK((*tree)->string_value(3) == " c ");
}
