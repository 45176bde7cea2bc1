// Results as text by the output methods, with the parameters that the query declares.
#include <catch2/catch.hpp>

#include "common/xml/parser.hpp"
#include "common/xquery/xquery.hpp"

namespace clacks::xquery_serialization_tests {

namespace {

using xquery::DynamicContext;
using xquery::Query;
using xquery::SerializationParameters;

// `options` as "method=html indent=yes"; a value holds no space but as "_".
std::string query_of(std::string_view options, const std::string& body) {
    std::string out =
        "declare copy-namespaces preserve, no-inherit; "
        "declare namespace output = 'http://www.w3.org/2010/xslt-xquery-serialization'; ";
    while (!options.empty()) {
        const std::string_view word = options.substr(0, options.find(' '));
        options.remove_prefix(std::min(options.size(), word.size() + 1));
        const std::size_t equals = word.find('=');
        std::string value(word.substr(equals + 1));
        for (char& c : value) c = c == '_' ? ' ' : c;
        out += "declare option output:" + std::string(word.substr(0, equals)) + " '" + value + "'; ";
    }
    return out + body;
}

std::string text(std::string_view options, const std::string& body) {
    const auto query = Query::compile(query_of(options, body));
    if (!query) return "!" + query.error().front().code;
    const auto parameters = query->serialization();
    if (!parameters) return "!" + parameters.error().code;
    DynamicContext context;
    const auto result = query->evaluate(context);
    if (!result) return "!!" + result.error().code;
    const auto out = result->serialize(*parameters);
    return out ? *out : "!" + out.error().code;
}

// Without a declaration, which most cases do not look at.
std::string xml(const std::string& options, const std::string& body) {
    return text("omit-xml-declaration=yes" + (options.empty() ? "" : " " + options), body);
}

}  // namespace

TEST_CASE("the xml method") {
    CHECK(text("", "<a/>") == "<?xml version=\"1.0\" encoding=\"UTF-8\"?><a/>");
    CHECK(text("standalone=yes encoding=utf-8", "<a/>") ==
          "<?xml version=\"1.0\" encoding=\"utf-8\" standalone=\"yes\"?><a/>");
    CHECK(xml("", "<a b='&lt;&quot;&#9;>'>&lt;&amp;&gt;&#13;&#x85;</a>") ==
          "<a b=\"&lt;&quot;&#x9;&gt;\">&lt;&amp;&gt;&#xD;&#x85;</a>");
    CHECK(xml("", "1, 'a', <b/>, 2, 3") == "1 a<b/>2 3");
    CHECK(xml("item-separator=|", "1, <b/>, 2, 3") == "1|<b/>|2|3");
    CHECK(xml("", "document { <a/>, <!--c-->, <?p q?> }") == "<a/><!--c--><?p q?>");
    CHECK(xml("", "()").empty());
    CHECK(xml("", "<a/>, attribute b { 1 }") == "!SENR0001");
    CHECK(xml("", "namespace p { 'urn:p' }") == "!SENR0001");
}

TEST_CASE("namespaces in the output") {
    CHECK(xml("", "<p:a xmlns:p='urn:p'><p:b/><c xmlns='urn:c'><d xmlns=''/></c></p:a>") ==
          "<p:a xmlns:p=\"urn:p\"><p:b/><c xmlns=\"urn:c\"><d xmlns=\"\"/></c></p:a>");
    CHECK(xml("", "<a xmlns:p='urn:p'><b p:c='1'/></a>/b") == "<b xmlns:p=\"urn:p\" p:c=\"1\"/>");
    CHECK(xml("", "element a { attribute { QName('urn:p', 'q') } { 1 } }") ==
          "<a xmlns:ns0=\"urn:p\" ns0:q=\"1\"/>");
    const std::string hidden =
        "let $x := <b/> return "
        "<p:a xmlns:p='urn:p'>{$x}</p:a>";
    CHECK(xml("", hidden) == "<p:a xmlns:p=\"urn:p\"><b/></p:a>");
    CHECK(text("version=1.1 undeclare-prefixes=yes", hidden) ==
          "<?xml version=\"1.1\" encoding=\"UTF-8\"?><p:a xmlns:p=\"urn:p\"><b xmlns:p=\"\"/></p:a>");
    CHECK(text("undeclare-prefixes=yes", hidden) == "!SEPM0010");
}

TEST_CASE("indentation keeps texts as they are") {
    CHECK(xml("indent=yes", "<a><b>x<c/></b><d><e/></d></a>") ==
          "<a>\n  <b>x<c/></b>\n  <d>\n    <e/>\n  </d>\n</a>");
    CHECK(xml("indent=yes suppress-indentation=d", "<a><d><e/></d></a>") == "<a>\n  <d><e/></d>\n</a>");
    CHECK(xml("indent=yes", "<a><d xml:space='preserve'><e/></d></a>") ==
          "<a>\n  <d xml:space=\"preserve\"><e/></d>\n</a>");
    CHECK(xml("indent=yes", "<a/>, <!--c-->, 'x', <b/>") == "<a/>\n<!--c-->x<b/>");
}

TEST_CASE("CDATA sections, character references and normalization") {
    CHECK(xml("cdata-section-elements=a", "<a>x]]&gt;y<b>z</b></a>") ==
          "<a><![CDATA[x]]]]><![CDATA[>y]]><b>z</b></a>");
    CHECK(xml("cdata-section-elements=a encoding=us-ascii", "<a>x&#xE9;y</a>") ==
          "<a><![CDATA[x]]>&#xE9;<![CDATA[y]]></a>");
    CHECK(xml("encoding=iso-8859-1", "<a b='&#x20AC;'>&#xE9;&#x20AC;</a>") ==
          "<a b=\"&#x20AC;\">\xC3\xA9&#x20AC;</a>");
    CHECK(xml("encoding=us-ascii", "<a><!--\xC3\xA9--></a>") == "!SERE0008");
    CHECK(xml("encoding=none-such", "<a/>") == "!SESU0007");
    CHECK(xml("normalization-form=NFC", "<a>e&#x301;</a>") == "<a>\xC3\xA9</a>");
    CHECK(xml("normalization-form=other", "<a/>") == "!SESU0011");
}

TEST_CASE("document types and what needs a declaration") {
    CHECK(xml("doctype-system=a.dtd", "<a/>") == "<!DOCTYPE a SYSTEM \"a.dtd\">\n<a/>");
    CHECK(xml("doctype-system=a.dtd doctype-public=-//A", "<!--c-->, <a/>") ==
          "<!--c--><!DOCTYPE a PUBLIC \"-//A\" \"a.dtd\">\n<a/>");
    CHECK(xml("doctype-public=-//A", "<a/>") == "<a/>");
    CHECK(xml("doctype-system=a.dtd", "<a/>, <b/>") == "!SEPM0004");
    CHECK(text("standalone=no", "'a'") == "!SEPM0004");
    CHECK(xml("standalone=yes", "<a/>") == "!SEPM0009");
    CHECK(text("version=2.0", "<a/>") == "!SESU0013");
}

TEST_CASE("the html method") {
    CHECK(text("method=html", "<html><head/><body><p/><br/></body></html>") ==
          "<!DOCTYPE html>\n<html><head><meta http-equiv=\"Content-Type\" content=\"text/html; "
          "charset=UTF-8\"></head><body><p></p><br></body></html>");
    CHECK(text("method=html version=4.01", "<html><wbr/></html>") == "<html><wbr></wbr></html>");
    CHECK(text("method=html", "<p a='&lt;&amp;{{' b='&#xA0;'>&lt;&#xA0;</p>") ==
          "<p a=\"<&{\" b=\"&nbsp;\">&lt;&nbsp;</p>");
    CHECK(text("method=html", "<script a='&amp;'>if (a &lt; b) <b c='&amp;'/></script>") ==
          "<script a=\"&amp;\">if (a < b) <b c=\"&\"></b></script>");
    CHECK(text("method=html", "<OPTION selected='Selected' value='x'/>") ==
          "<OPTION selected value=\"x\"></OPTION>");
    CHECK(text("method=html", "<a href='/&#xE9; x' title='&#xE9;'/>") ==
          "<a href=\"/%C3%A9 x\" title=\"\xC3\xA9\"></a>");
    CHECK(text("method=html escape-uri-attributes=no", "<a href='&#xE9;'/>") == "<a href=\"\xC3\xA9\"></a>");
    CHECK(text("method=html", "<h:p xmlns:h='http://www.w3.org/1999/xhtml'/>") ==
          "<p xmlns=\"http://www.w3.org/1999/xhtml\"></p>");
    CHECK(text("method=html", "<x:p xmlns:x='urn:x'/>") == "<x:p xmlns:x=\"urn:x\"/>");
    CHECK(text("method=html", "<p><?a b?></p>") == "<p><?a b></p>");
    CHECK(text("method=html", "<p><?a b>c?></p>") == "!SERE0015");
    CHECK(text("method=html", "<p>&#x80;</p>") == "!SERE0014");
    CHECK(text("method=html indent=yes", "<p><?a b?></p>") == "<p><?a b></p>");
    CHECK(text("method=html indent=yes", "<div><p>a <b/></p><ul><li/></ul></div>") ==
          "<div>\n  <p>a <b></b></p>\n  <ul>\n    <li></li>\n  </ul>\n</div>");
}

TEST_CASE("the xhtml and text methods") {
    CHECK(xml("method=xhtml html-version=4.0", "<p xmlns='http://www.w3.org/1999/xhtml'><br/><i/></p>") ==
          "<p xmlns=\"http://www.w3.org/1999/xhtml\"><br /><i></i></p>");
    CHECK(xml("method=xhtml", "<html><head><meta http-equiv='content-type' content='x'/></head></html>") ==
          "<!DOCTYPE html>\n<html><head><meta http-equiv=\"Content-Type\" content=\"text/html; "
          "charset=UTF-8\" /></head></html>");
    CHECK(text("method=text", "<a>x&lt;<!--c--><b>y</b></a>, 1, 2, <?p q?>") == "x<y1 2");
    CHECK(text("method=text encoding=us-ascii", "'&#xE9;'") == "!SERE0008");
}

TEST_CASE("the json and adaptive methods") {
    CHECK(text("method=json", "()") == "null");
    CHECK(text("method=json", "'a\"/&#x9;\\'") == "\"a\\\"\\/\\t\\\\\"");
    CHECK(text("method=json", "1e-5") == "0.00001");
    CHECK(text("method=json", "<a>x</a>") == "\"<a>x<\\/a>\"");
    CHECK(text("method=json encoding=us-ascii", "'&#x1F600;'") == "\"\\uD83D\\uDE00\"");
    CHECK(text("method=json", "1, 2") == "!SERE0023");
    CHECK(text("method=json", "xs:double('NaN')") == "!SERE0020");
    CHECK(text("method=adaptive", "1, 'a\"', <a/>, attribute b { 1 }, true(), xs:date('2020-01-02')") ==
          "1\n\"a\"\"\"\n<a/>\nb=\"1\"\ntrue()\nxs:date(\"2020-01-02\")");
    CHECK(text("method=adaptive item-separator=;", "1.5e0, 1.5") == "1.5e0;1.5");
}

TEST_CASE("maps and arrays by each method") {
    CHECK(text("method=json", "map { 'a': [1, (), 'x', true()], 'b': map {} }") ==
          "{\"a\":[1,null,\"x\",true],\"b\":{}}");
    CHECK(text("method=json indent=yes", "[1, [2]]") == "[\n  1,\n  [\n    2\n  ]\n]");
    CHECK(text("method=json", "map { 1: 'a', '1': 'b' }") == "!SERE0022");
    CHECK(text("method=json allow-duplicate-names=yes", "map { 1: 'a', '1': 'b' }") ==
          "{\"1\":\"a\",\"1\":\"b\"}");
    CHECK(text("method=json", "[1, true#0]") == "!SERE0021");
    CHECK(text("method=json", "[attribute a { 1 }]") == "!SENR0001");
    CHECK(text("method=adaptive", "[1, (2, 3), ()], map { 'a': true#0 }, function($x) { $x }") ==
          "[1,(2,3),()]\nmap{\"a\":fn:true#0}\n(anonymous-function)#1");
    CHECK(xml("", "[1, [<a/>, ()]], 2") == "1<a/>2");
    CHECK(xml("", "map {}") == "!SENR0001");
    CHECK(text("method=text", "serialize(<a>x</a>, map { 'use-character-maps': map { 'x': '<' } })") ==
          "<a><</a>");
    CHECK(text("method=text", "serialize(1, map { 'indent': 'yes' })") == "!!XPTY0004");
    CHECK(text("method=text", "serialize(1, map { 'none-such': 1, QName('', 'indent'): 1 })") == "1");
}

TEST_CASE("output declarations that are wrong") {
    CHECK(text("indent=maybe", "1") == "!SEPM0016");
    CHECK(text("method=yaml", "1") == "!SEPM0016");
    CHECK(text("colour=red", "1") == "!XQST0109");
    CHECK(text("use-character-maps=x", "1") == "!XQST0109");
    CHECK(text("indent=yes indent=yes", "1") == "!XQST0110");
    CHECK(text("parameter-document=p.xml", "1") == "!XQST0119");
    CHECK(text("cdata-section-elements=q:a", "1") == "!SEPM0016");
}

TEST_CASE("a parameter document comes through the resolver, and declarations go before it") {
    class Documents final : public xquery::Resolver {
      public:
        Result<std::shared_ptr<const xml::Tree>> document(std::string_view uri) override {
            const std::string begin =
                "<o:serialization-parameters "
                "xmlns:o='http://www.w3.org/2010/xslt-xquery-serialization'>";
            if (uri == "urn:wrong") return xml::parse(begin + "<o:indent/></o:serialization-parameters>");
            if (uri != "http://a/b/p.xml") return Diagnostic{};
            return xml::parse(begin +
                              "<o:method value='text'/><o:indent value='yes'/><o:use-character-maps>"
                              "<o:character-map character='x' map-string='-'/></o:use-character-maps>"
                              "</o:serialization-parameters>");
        }
    };
    xquery::CompileOptions options;
    options.resolver = std::make_shared<Documents>();
    options.base_uri = "http://a/b/c";
    const auto with = [&](const std::string& declared) {
        const auto query = Query::compile(query_of(declared, "<a>axb</a>"), options);
        if (!query) return "!" + query.error().front().code;
        DynamicContext context;
        return *query->evaluate(context)->serialize(*query->serialization());
    };
    CHECK(with("parameter-document=p.xml") == "a-b");
    CHECK(with("method=xml omit-xml-declaration=yes parameter-document=p.xml") == "<a>a-b</a>");
    CHECK(with("parameter-document=q.xml") == "!XQST0119");
    CHECK(with("parameter-document=urn:wrong") == "!XQST0115");
}

TEST_CASE("fn:serialize with an element of parameters") {
    const auto with = [](const std::string& parameters, const std::string& value) {
        return text("method=text", "serialize(" + value + ", <output:serialization-parameters>" + parameters +
                                       "</output:serialization-parameters>)");
    };
    CHECK(text("method=text", "serialize((<a/>, 1))") == "<a/>1");
    CHECK(with("<output:indent value='yes'/>", "<a><b/></a>") == "<a>\n  <b/>\n</a>");
    CHECK(with("<output:omit-xml-declaration value='no'/>", "<a/>") ==
          "<?xml version=\"1.0\" encoding=\"UTF-8\"?><a/>");
    const std::string maps =
        "<output:use-character-maps><output:character-map character='x' map-string='&lt;y>'/>"
        "</output:use-character-maps>";
    CHECK(with(maps, "<a b='x'>x&amp;</a>") == "<a b=\"<y>\"><y>&amp;</a>");
    CHECK(with("<output:indent value='maybe'/>", "1") == "!!SEPM0017");
    CHECK(with("<output:indent value='no'/><output:indent value='no'/>", "1") == "!!SEPM0019");
    CHECK(with("<indent value='no'/>", "1") == "!!SEPM0017");
    CHECK(with("<x:indent xmlns:x='urn:x'/>", "1") == "1");
    CHECK(text("method=text", "serialize(1, <a/>)") == "!!XPTY0004");
}

TEST_CASE("what is written is bounded") {
    xquery::CompileOptions options;
    options.limits.memory = 256 * 1024;
    const auto query =
        Query::compile("let $s := string-join((1 to 2000) ! 'abcdefgh') return (1 to 100) ! $s", options);
    REQUIRE(query.ok());
    DynamicContext context(options.limits);
    const auto result = query->evaluate(context);
    REQUIRE(result.ok());
    const auto out = result->serialize(SerializationParameters());
    REQUIRE(!out.ok());
    CHECK(out.error().code == "limit-memory");
    CHECK(result->serialize().size() <= options.limits.memory + 100);
}

TEST_CASE("characters as bytes") {
    SerializationParameters parameters;
    CHECK(*xquery::encode("\xC3\xA9", parameters) == "\xC3\xA9");
    parameters.byte_order_mark = true;
    CHECK(*xquery::encode("a", parameters) ==
          "\xEF\xBB\xBF"
          "a");
    parameters.encoding = "iso-8859-1";
    CHECK(*xquery::encode("\xC3\xA9", parameters) == "\xE9");
    parameters.encoding = "UTF-16BE";
    CHECK(*xquery::encode("a", parameters) == std::string("\xFE\xFF\0a", 4));
    parameters.encoding = "us-ascii";
    CHECK(xquery::encode("\xC3\xA9", parameters).error().code == "SERE0008");
}

}  // namespace clacks::xquery_serialization_tests
