// Loading event definitions: every problem is found at once and names its places.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "common/events/catalogue.hpp"

using namespace clacks;
namespace fs = std::filesystem;

namespace {

class Folder {
  public:
    Folder() {
        std::string name = (fs::temp_directory_path() / "clacks-events-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        path = name;
    }
    ~Folder() { fs::remove_all(path); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    void write(const std::string& name, const std::string& text) const { std::ofstream(path / name) << text; }
    fs::path path;
};

std::string schema(const std::string& body, const std::string& target = "http://www.gonicus.de/Events") {
    return "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\"\n "
           "xmlns:e=\"http://www.gonicus.de/Events\"\n"
           " targetNamespace=\"" +
           target + "\" elementFormDefault=\"qualified\">\n" + body + "\n</xs:schema>\n";
}

std::string element(const std::string& name) {
    return "<xs:element name=\"" + name + "\" type=\"xs:string\"/>";
}

Diagnostics problems(const std::vector<fs::path>& folders) {
    auto loaded = events::Catalogue::load(folders);
    REQUIRE_FALSE(loaded.ok());
    return loaded.error();
}

Diagnostics problems(const Folder& folder) {
    return problems(std::vector<fs::path>{folder.path});
}

}  // namespace

TEST_CASE("folders are joined in one catalogue", "[events]") {
    const Folder one;
    const Folder two;
    one.write("Ping.xsd", schema(element("Ping")));
    one.write("notes.txt", "not a schema");
    two.write("Pong.xsd", schema("<xs:element name=\"Pong\" type=\"e:Shared\"/>"));
    one.write("Shared.xsd",
              schema("<xs:complexType name=\"Shared\"><xs:sequence/></xs:complexType>" + element("Shared")));
    auto loaded = events::Catalogue::load({one.path, two.path});
    if (!loaded) FAIL(to_string(loaded.error()));
    CHECK((*loaded)->types().size() == 3);
    CHECK((*loaded)->parse("<Event xmlns='http://www.gonicus.de/Events'><Pong/></Event>").ok());
    CHECK_FALSE((*loaded)->parse("<Event xmlns='http://www.gonicus.de/Events'><Pong>x</Pong></Event>").ok());
    CHECK((*loaded)->find("Ping")->file == one.path / "Ping.xsd");
}

TEST_CASE("two files that define the same type name both places", "[events]") {
    const Folder folder;
    const std::string type = "<xs:complexType name=\"T\"><xs:sequence/></xs:complexType>";
    folder.write("A.xsd", schema(element("A") + "\n" + type));
    folder.write("B.xsd", schema(element("B") + "\n\n" + type));
    const auto found = problems(folder);
    REQUIRE(found.size() == 1);
    CHECK(found[0].code == "schema-duplicate");
    CHECK(found[0].source == (folder.path / "B.xsd").string());
    CHECK(found[0].line == 6);
    CHECK(found[0].message.find((folder.path / "A.xsd").string() + ":5:1") != std::string::npos);
}

TEST_CASE("two folders that define the same event name both places", "[events]") {
    const Folder one;
    const Folder two;
    one.write("Ping.xsd", schema(element("Ping")));
    two.write("Ping.xsd", schema(element("Ping")));
    const auto found = problems({one.path, two.path});
    REQUIRE(found.size() == 1);
    CHECK(found[0].code == "schema-duplicate");
    CHECK(found[0].source == (two.path / "Ping.xsd").string());
    CHECK(found[0].message.find((one.path / "Ping.xsd").string()) != std::string::npos);
}

TEST_CASE("all problems are told at once", "[events]") {
    const Folder folder;
    folder.write("Broken.xsd", "<xs:schema");
    folder.write("Other.xsd", schema(element("Othr")));
    folder.write("Space.xsd", schema(element("Space"), "urn:else"));
    folder.write("Import.xsd", schema("<xs:include schemaLocation=\"/etc/passwd\"/>" + element("Import")));
    folder.write("Type.xsd", schema("<xs:element name=\"Type\" type=\"xs:strin\"/>"));
    folder.write("Dtd.xsd", "<!DOCTYPE x [<!ENTITY a 'b'>]>" + schema(element("Dtd")));
    folder.write("Event.xsd", schema(element("Event")));
    const auto found = problems(folder);
    const auto about = [&](const std::string& file) {
        const Diagnostic* result = nullptr;
        for (const Diagnostic& d : found) {
            if (d.source == (folder.path / file).string()) result = &d;
        }
        INFO(to_string(found));
        REQUIRE(result != nullptr);
        CHECK(result->line > 0);
        return *result;
    };
    CHECK(about("Broken.xsd").code == "xml-malformed");
    for (const Diagnostic& d : found) {
        if (d.code != "xml-malformed") CHECK_FALSE(d.hint.empty());
    }
    CHECK(about("Other.xsd").code == "schema-no-element");
    CHECK(about("Other.xsd").hint.find("Othr") != std::string::npos);
    CHECK(about("Space.xsd").code == "schema-namespace");
    CHECK(about("Import.xsd").code == "schema-import");
    CHECK(about("Type.xsd").code == "schema-invalid");
    CHECK(about("Type.xsd").message.find("strin") != std::string::npos);
    CHECK(about("Dtd.xsd").code == "xml-dtd");
    CHECK(about("Event.xsd").code == "schema-duplicate");
}

TEST_CASE("a folder that is missing or empty is a problem", "[events]") {
    const Folder folder;
    CHECK(problems(folder)[0].code == "schema-folder");
    const auto found = problems({folder.path / "nowhere"});
    REQUIRE(found.size() == 1);
    CHECK(found[0].source == (folder.path / "nowhere").string());
}

TEST_CASE("what may stand in an element beside what is described is told", "[events]") {
    using Value = events::ElementInfo::Value;
    const Folder folder;
    folder.write("Plain.xsd", schema("<xs:element name=\"Plain\"><xs:complexType><xs:sequence>"
                                     "<xs:element name=\"Loose\" form=\"unqualified\" type=\"xs:int\"/>"
                                     "<xs:element name=\"Nil\" nillable=\"true\" type=\"xs:int\"/>"
                                     "<xs:element name=\"List\" type=\"xs:NMTOKENS\"/>"
                                     "</xs:sequence></xs:complexType></xs:element>"));
    folder.write("Any.xsd",
                 schema("<xs:element name=\"Any\"><xs:complexType><xs:sequence>"
                        "<xs:any processContents=\"lax\"/></xs:sequence></xs:complexType></xs:element>"));
    folder.write("Base.xsd",
                 schema("<xs:element name=\"Base\" type=\"e:B\"/>"
                        "<xs:complexType name=\"B\"><xs:sequence/></xs:complexType>"
                        "<xs:complexType name=\"D\"><xs:complexContent><xs:extension base=\"e:B\">"
                        "<xs:sequence><xs:element name=\"More\" type=\"xs:int\"/></xs:sequence>"
                        "</xs:extension></xs:complexContent></xs:complexType>"));
    folder.write(
        "Tree.xsd",
        schema("<xs:element name=\"Tree\" type=\"e:T\"/><xs:complexType name=\"T\"><xs:sequence>"
               "<xs:element name=\"Branch\" type=\"e:T\" minOccurs=\"0\"/></xs:sequence></xs:complexType>"));
    folder.write(
        "Inside.xsd",
        schema("<xs:element name=\"Inside\"><xs:complexType><xs:sequence>"
               "<xs:element name=\"Deep\" type=\"e:B\"/></xs:sequence></xs:complexType></xs:element>"));
    folder.write("Head.xsd",
                 schema("<xs:element name=\"Head\" type=\"xs:string\"/>"
                        "<xs:element name=\"Member\" type=\"xs:string\" substitutionGroup=\"e:Head\"/>"));
    auto loaded = events::Catalogue::load({folder.path});
    if (!loaded.ok()) FAIL(to_string(loaded.error()));
    const auto content = [&](const char* name) -> const events::ElementInfo& {
        return (*loaded)->find(name)->content;
    };
    CHECK_FALSE(content("Plain").open);
    CHECK_FALSE(content("Plain").children.at(0).qualified);
    CHECK(content("Plain").children.at(0).value == Value::number);
    CHECK(content("Plain").children.at(1).value == Value::other);
    CHECK(content("Plain").children.at(2).value == Value::other);
    CHECK(content("Any").open);
    CHECK(content("Base").open);
    // Where it is cut short.
    CHECK(content("Tree").children.at(0).children.at(0).open);
    CHECK(content("Inside").children.at(0).open);
    CHECK(content("Head").replaceable);
    CHECK_FALSE(content("Plain").replaceable);
}
