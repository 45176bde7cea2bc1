// The quick reader against xerces-c: what the one accepts the other accepts, and their trees are the same.
#include "common/events/quick_reader.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "common/events/schema.hpp"
#include "common/xml/prolog.hpp"
#include "common/xml/tree_reader.hpp"

using namespace clacks;
using xml::NodeIndex;

namespace {

class Readers {
  public:
    explicit Readers(const std::vector<events::SchemaFile>& files)
        : schema_(compiled(files)), shapes_(*schema_.model), reader_(schema_.pool.get()) {}

    // Whether the quick reader takes the document; if so, xerces-c must agree in everything.
    bool quick(const std::string& bytes) {
        if (xml::check_prolog(bytes, {})) return false;
        xml::TreeBuilder quick_builder;
        if (!events::read_quickly(bytes, shapes_.event(), {}, quick_builder)) return false;
        INFO(bytes);
        xml::TreeBuilder builder;
        const auto fault = reader_.read(bytes, {}, builder);
        INFO((fault ? fault->message : ""));
        REQUIRE_FALSE(fault);
        require_same(quick_builder.finish(), builder.finish());
        return true;
    }

  private:
    static events::Schema compiled(const std::vector<events::SchemaFile>& files) {
        auto schema = events::compile(files);
        INFO((schema ? "" : to_string(schema.error().front())));
        REQUIRE(schema);
        return std::move(*schema);
    }

    static void require_same(const xml::Tree& a, const xml::Tree& b) {
        REQUIRE(a.size() == b.size());
        for (NodeIndex i = 0; i < a.size(); ++i) {
            CAPTURE(i);
            REQUIRE(a.kind(i) == b.kind(i));
            REQUIRE(a[i].parent == b[i].parent);
            REQUIRE(a[i].end == b[i].end);
            REQUIRE(a.string_value(i) == b.string_value(i));
            REQUIRE(a.line(i) == b.line(i));
            REQUIRE(a.has_name(i) == b.has_name(i));
            if (!a.has_name(i)) continue;
            REQUIRE(a.name(i).view() == b.name(i).view());
            REQUIRE(a.name(i).prefix == b.name(i).prefix);
        }
        REQUIRE(a.namespaces().size() == b.namespaces().size());
        for (std::size_t i = 0; i < a.namespaces().size(); ++i) {
            REQUIRE(a.namespaces()[i].element == b.namespaces()[i].element);
            REQUIRE(a.namespaces()[i].prefix == b.namespaces()[i].prefix);
            REQUIRE(a.namespaces()[i].uri == b.namespaces()[i].uri);
        }
    }

    events::Schema schema_;
    events::Shapes shapes_;
    xml::TreeReader reader_;
};

std::vector<events::SchemaFile> shipped() {
    Diagnostics problems;
    auto files = events::read_schema_files({CLACKS_SOURCE_DIR "/data/events"}, problems);
    REQUIRE(problems.empty());
    return files;
}

std::vector<std::string> examples() {
    std::vector<std::string> all;
    for (const auto& entry : std::filesystem::directory_iterator(CLACKS_SOURCE_DIR "/data/events/examples")) {
        std::ostringstream text;
        text << std::ifstream(entry.path(), std::ios::binary).rdbuf();
        all.push_back(text.str());
    }
    REQUIRE(all.size() > 10);
    std::sort(all.begin(), all.end());
    return all;
}

// One definition "E" whose type is `type`, with more declarations beside it.
std::vector<events::SchemaFile> definition(const std::string& type, const std::string& more = "") {
    return {{"E.xsd", "E",
             "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' xmlns:e='http://www.gonicus.de/Events' "
             "targetNamespace='http://www.gonicus.de/Events' elementFormDefault='qualified'>" +
                 more + "<xs:element name='E'>" + type + "</xs:element></xs:schema>"}};
}

std::string complex(const std::string& content) {
    return "<xs:complexType>" + content + "</xs:complexType>";
}

std::string event(const std::string& content) {
    return "<Event xmlns='http://www.gonicus.de/Events'><E>" + content + "</E></Event>";
}

std::string around(const std::string& before, const std::string& after = "") {
    return before + event("text") + after;
}

}  // namespace

TEST_CASE("every event that ships is read quickly", "[quick]") {
    Readers readers(shipped());
    for (const std::string& bytes : examples()) {
        INFO(bytes);
        CHECK(readers.quick(bytes));
    }
}

TEST_CASE("whatever becomes of an event, the quick reader never accepts more than xerces-c", "[quick]") {
    Readers readers(shipped());
    const std::vector<std::string> originals = examples();
    static constexpr std::array<std::string_view, 28> kPieces = {"<",
                                                                 ">",
                                                                 "/>",
                                                                 "</",
                                                                 "&amp;",
                                                                 "&lt;",
                                                                 "&#65;",
                                                                 "&foo;",
                                                                 "]]>",
                                                                 "<![CDATA[x]]>",
                                                                 "<!--c-->",
                                                                 "<?p?>",
                                                                 "\r\n",
                                                                 "\n",
                                                                 "\t",
                                                                 " ",
                                                                 "\x01",
                                                                 "ä",
                                                                 "\xEF\xBF\xBE",
                                                                 "𝄞",
                                                                 " a='b'",
                                                                 " xmlns=''",
                                                                 "-",
                                                                 "1234567890123",
                                                                 "1.5",
                                                                 "<Id>x</Id>",
                                                                 "<Id/>",
                                                                 "xmlns:e='http://www.gonicus.de/Events'"};
    std::mt19937 random(7);
    const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
    std::size_t taken = 0;
    for (int round = 0; round < 40000; ++round) {
        std::string bytes = originals[below(originals.size())];
        for (std::size_t changes = 1 + below(2); changes > 0; --changes) {
            const std::size_t at = below(bytes.size()), length = below(30);
            switch (below(4)) {
                case 0:
                    bytes.erase(at, length);
                    break;
                case 1:
                    bytes.insert(at, kPieces[below(kPieces.size())]);
                    break;
                case 2:
                    bytes.insert(at, bytes.substr(below(bytes.size()), length));
                    break;
                default: {  // a whole element, twice or elsewhere
                    const std::size_t begin = bytes.find('<', at), end = bytes.find('\n', begin);
                    const std::size_t target = bytes.find('<', below(bytes.size()));
                    if (end != std::string::npos && target != std::string::npos)
                        bytes.insert(target, bytes.substr(begin, end - begin));
                }
            }
            if (bytes.empty()) bytes = " ";
        }
        taken += readers.quick(bytes);
    }
    CHECK(taken > 2000);
}

TEST_CASE("documents that are not plain are left to xerces-c", "[quick]") {
    CHECK_FALSE(Readers(definition("")).quick(event("anything")));  // without a type, any content
    Readers text(
        definition("<xs:simpleType><xs:restriction base='xs:string'><xs:enumeration value='text'/>"
                   "</xs:restriction></xs:simpleType>"));
    for (const char* before : {"", " \n", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", "\xEF\xBB\xBF",
                               "<?xml version='1.0' encoding='utf-8'?>", "<?xml version='1.0'?>"})
        CHECK(text.quick(around(before)));
    CHECK(text.quick(around("", "\n")));
    CHECK_FALSE(text.quick(around("<?xml version='1.0' standalone='yes'?>")));
    CHECK_FALSE(text.quick(around("<!-- c -->")));
    CHECK_FALSE(text.quick(around("", "<!-- c -->")));
    CHECK_FALSE(text.quick(around("", "x")));
    CHECK_FALSE(text.quick(around("", event("text"))));
    CHECK_FALSE(text.quick(event("other")));
    CHECK_FALSE(text.quick(event(" text")));
    CHECK_FALSE(text.quick(event("<![CDATA[text]]>")));
    CHECK_FALSE(text.quick("<Event xmlns='http://www.gonicus.de/Events'/>"));
    CHECK_FALSE(text.quick("<E xmlns='http://www.gonicus.de/Events'>text</E>"));
    CHECK_FALSE(text.quick("<Event><E>text</E></Event>"));
    CHECK_FALSE(text.quick("<x:Event xmlns:x='http://www.gonicus.de/Events'><x:E>text</x:E></x:Event>"));
}

TEST_CASE("built-in types", "[quick]") {
    const auto accepts = [](const std::string& type, const std::string& text) {
        const std::string restriction = "<xs:complexType><xs:simpleContent><xs:extension base='xs:" + type +
                                        "'/></xs:simpleContent></xs:complexType>";
        return Readers(definition(restriction)).quick(event(text));
    };
    CHECK(accepts("string", "a &amp; b\n&lt;"));
    CHECK(accepts("string", ""));
    CHECK(accepts("boolean", "true"));
    CHECK_FALSE(accepts("boolean", "yes"));
    CHECK(accepts("int", "-12"));
    CHECK_FALSE(accepts("int", "1 2"));
    CHECK_FALSE(accepts("int", ""));
    CHECK_FALSE(accepts("int", "12345678901"));
    CHECK(accepts("nonNegativeInteger", "12"));
    CHECK_FALSE(accepts("nonNegativeInteger", "-12"));
    CHECK(accepts("unsignedInt", "999999999"));
    CHECK(accepts("float", "-1795483179.5"));
    CHECK(accepts("decimal", "000000000000001.999999999999999"));
    CHECK_FALSE(accepts("double", "1."));
    CHECK_FALSE(accepts("double", "1e5"));  // right, but not known to the quick reader
    CHECK_FALSE(accepts("dateTime", "2020-01-01T00:00:00Z"));
    CHECK_FALSE(accepts("ID", "a"));
    CHECK_FALSE(accepts("positiveInteger", "0"));
}

TEST_CASE("content models", "[quick]") {
    const std::string a = "<xs:element name='a' type='xs:string'/>";
    const auto b = [](const std::string& occurs) {
        return "<xs:element name='b' type='xs:int' " + occurs + "/>";
    };
    Readers sequence(
        definition(complex("<xs:sequence>" + a + b("minOccurs='0' maxOccurs='2'") +
                           "<xs:element name='c' maxOccurs='unbounded'><xs:complexType/></xs:element>"
                           "</xs:sequence>")));
    CHECK(sequence.quick(event("<a/><c/>")));
    CHECK(sequence.quick(event("<a></a>\n <b>1</b><b>2</b> <c></c><c/><c/>")));
    CHECK_FALSE(sequence.quick(event("<a/>")));
    CHECK_FALSE(sequence.quick(event("<c/><a/>")));
    CHECK_FALSE(sequence.quick(event("<a/><b>1</b><b>2</b><b>3</b><c/>")));
    CHECK_FALSE(sequence.quick(event("<a/><c> </c>")));
    CHECK_FALSE(sequence.quick(event("<a/>x<c/>")));
    CHECK_FALSE(sequence.quick(event("<a/><c/><a/>")));

    Readers all(definition(complex("<xs:all>" + a + b("minOccurs='0'") + "</xs:all>")));
    CHECK(all.quick(event("<b>1</b><a/>")));
    CHECK(all.quick(event("<a/>")));
    CHECK_FALSE(all.quick(event("<b>1</b>")));
    CHECK_FALSE(all.quick(event("<a/><a/>")));

    Readers choice(definition(complex("<xs:choice>" + a + b("") + "</xs:choice>")));
    CHECK(choice.quick(event("<b>1</b>")));
    CHECK_FALSE(choice.quick(event("<b>1</b><a/>")));
    CHECK_FALSE(choice.quick(event("")));

    const std::string recursive =
        "<xs:complexType name='R'><xs:sequence><xs:element name='r' type='e:R' "
        "minOccurs='0'/></xs:sequence></xs:complexType>";
    Readers deep(
        definition(complex("<xs:sequence><xs:element name='r' type='e:R'/></xs:sequence>"), recursive));
    CHECK(deep.quick(event("<r><r><r/></r></r>")));
    std::string nest = "<r/>";
    for (int i = 0; i < 100; ++i) nest.insert(0, "<r>").append("</r>");
    CHECK_FALSE(deep.quick(event(nest)));
}

TEST_CASE("what is beyond the quick reader makes an element opaque", "[quick]") {
    const std::string a = "<xs:element name='a' type='xs:string'/>";
    const auto quick = [](const std::string& type, const std::string& content, const std::string& more = "") {
        return Readers(definition(type, more)).quick(event(content));
    };
    CHECK(quick(complex("<xs:sequence>" + a + "</xs:sequence>"), "<a/>"));
    CHECK(quick(complex("<xs:sequence>" + a + "</xs:sequence><xs:attribute name='x'/>"), "<a/>"));
    CHECK_FALSE(quick(complex("<xs:sequence>" + a + "</xs:sequence><xs:attribute name='x' use='required'/>"),
                      "<a/>"));
    CHECK_FALSE(
        quick(complex("<xs:sequence>" + a + "</xs:sequence><xs:attribute name='x' default='1'/>"), "<a/>"));
    CHECK_FALSE(
        quick("<xs:complexType mixed='true'><xs:sequence>" + a + "</xs:sequence></xs:complexType>", "<a/>"));
    CHECK_FALSE(quick(complex("<xs:sequence><xs:any processContents='skip'/></xs:sequence>"), "<a/>"));
    CHECK_FALSE(
        quick(complex("<xs:sequence><xs:choice>" + a + "</xs:choice>" + a + "</xs:sequence>"), "<a/><a/>"));
    CHECK_FALSE(quick(complex("<xs:sequence minOccurs='2' maxOccurs='2'>" + a + "</xs:sequence>"), "<a/>"));
    CHECK_FALSE(quick(complex("<xs:choice maxOccurs='2'>" + a + "</xs:choice>"), "<a/><a/><a/>"));
    CHECK_FALSE(quick(complex("<xs:all minOccurs='0'>" + a + "</xs:all>"), ""));
    CHECK_FALSE(
        quick(complex("<xs:sequence><xs:element name='a' form='unqualified'/></xs:sequence>"), "<a/>"));
    CHECK_FALSE(quick(
        complex("<xs:sequence><xs:element name='a' type='xs:string' default='x'/></xs:sequence>"), "<a/>"));
    CHECK_FALSE(quick(complex("<xs:sequence><xs:element name='a' type='xs:string' fixed='x'/></xs:sequence>"),
                      "<a>y</a>"));
    CHECK_FALSE(
        quick(complex("<xs:sequence><xs:element ref='e:h'/></xs:sequence>"), "<h/>",
              "<xs:element name='h' abstract='true'/><xs:element name='i' substitutionGroup='e:h'/>"));
    const auto restricted = [](const std::string& facets, const std::string& base = "xs:string") {
        return "<xs:simpleType><xs:restriction base='" + base + "'>" + facets +
               "</xs:restriction></xs:simpleType>";
    };
    CHECK_FALSE(quick(restricted("<xs:pattern value='[0-9]+'/>"), "1"));
    CHECK_FALSE(quick(restricted("<xs:maxLength value='1'/>"), "1"));
    CHECK_FALSE(quick(restricted("<xs:maxInclusive value='1'/>", "xs:int"), "1"));
    CHECK_FALSE(quick(restricted("<xs:enumeration value='1'/>", "xs:int"), "1"));
    CHECK_FALSE(quick(restricted("<xs:whiteSpace value='collapse'/><xs:enumeration value='1'/>"), "1"));
    CHECK_FALSE(quick("<xs:simpleType><xs:list itemType='xs:int'/></xs:simpleType>", "1 2"));
    CHECK_FALSE(quick("<xs:simpleType><xs:union memberTypes='xs:int xs:boolean'/></xs:simpleType>", "1"));
    const std::string key = "<xs:unique name='k'><xs:selector xpath='e:a'/><xs:field xpath='.'/></xs:unique>";
    const std::string twice =
        "<xs:sequence><xs:element name='a' type='xs:string' maxOccurs='2'/></xs:sequence>";
    CHECK_FALSE(quick(complex(twice) + key, "<a>1</a><a>1</a>"));
}
