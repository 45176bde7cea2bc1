// Filters beside the event definitions that ship.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "common/matching/schema_paths.hpp"
#include "common/matching/understanding.hpp"
#include "common/xquery/analysis/conditions.hpp"
#include "common/xquery/analysis/holds.hpp"

namespace clacks::matching_understanding_tests {

using matching::understand;
using matching::Understanding;
namespace fs = std::filesystem;

namespace {

const std::vector<std::pair<std::string, std::string>> kNamespaces = {{"e", std::string(events::kNamespace)}};

events::CataloguePtr shipped() {
    auto loaded = events::Catalogue::load({fs::path(CLACKS_SOURCE_DIR) / "data/events"});
    if (!loaded.ok()) FAIL(to_string(loaded.error()));
    return *loaded;
}

Understanding of(std::string_view filter, const events::Catalogue& catalogue) {
    xquery::CompileOptions options;
    options.namespaces = kNamespaces;
    const auto condition = xquery::analysis::condition_of(filter, options);
    if (!condition.ok()) FAIL(to_string(condition.error()));
    return understand(*condition, catalogue);
}

Understanding of(std::string_view filter) {
    static const events::CataloguePtr catalogue = shipped();
    return of(filter, *catalogue);
}

std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : " ") + name;
    return text;
}

// Events, the condition that remains, and whether it suffices.
std::string told(std::string_view filter) {
    const Understanding found = of(filter);
    return joined(found.events) + ": " + to_string(found.condition, kNamespaces) +
           (found.sufficient ? "!" : "");
}

std::string problem(std::string_view filter) {
    const Understanding found = of(filter);
    INFO(filter);
    CHECK(found.events.empty());
    REQUIRE_FALSE(found.problems.empty());
    CHECK(found.problems.front().code == "filter-never");
    return to_string(found.problems);
}

// Event definitions for one test.
class Folder {
  public:
    Folder() {
        std::string name = (fs::temp_directory_path() / "clacks-matching-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        path_ = name;
    }
    ~Folder() { fs::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    void write(const std::string& name, const std::string& body) const {
        std::ofstream(path_ / (name + ".xsd"))
            << "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' "
               "xmlns:e='http://www.gonicus.de/Events'\n"
               " targetNamespace='http://www.gonicus.de/Events' elementFormDefault='qualified'>\n"
            << body << "</xs:schema>\n";
    }
    events::CataloguePtr load() const {
        auto loaded = events::Catalogue::load({path_});
        if (!loaded.ok()) FAIL(to_string(loaded.error()));
        return *loaded;
    }

  private:
    fs::path path_;
};

}  // namespace

TEST_CASE("What a filter asks for tells the events, and they tell what need not be asked", "[matching]") {
    CHECK(told("./e:Event/e:PhoneStatus") == "PhoneStatus: true()!");
    CHECK(told("./e:Event/(e:NodeLeave | e:ClientLeave)") == "ClientLeave NodeLeave: true()!");
    CHECK(told("e:Event/e:PhoneStatus/e:Status = 'busy'") ==
          "PhoneStatus: e:Event/e:PhoneStatus/e:Status = \"busy\"!");
    CHECK(told("e:Event/e:PhoneStatus[e:Status = 'busy' and starts-with(e:CallerId, '01')]") ==
          "PhoneStatus: e:Event/e:PhoneStatus/e:Status = \"busy\" and "
          "starts-with(e:Event/e:PhoneStatus/e:CallerId, \"01\")!");
    CHECK(told("//e:Load > 0.5") == "NodeStatus: //e:Load > 0.5!");
    CHECK(told("e:Event/e:NodeStatus/e:Indexed = true()") ==
          "NodeStatus: e:Event/e:NodeStatus/e:Indexed = true()!");
    CHECK(told("//e:Workers and //e:CallerId or //e:Caller and e:Event/e:NodeLeave") == ": false()!");
}

TEST_CASE("Where nodes may be several or texts no numbers, the filter is evaluated", "[matching]") {
    CHECK(told("//e:PuppetLog[e:Level = 'err' and e:Line = 5]").find('!') == std::string::npos);
    CHECK(told("//e:PuppetLog/e:Level = 'err'").find('!') != std::string::npos);
    CHECK(told("e:Event/e:PhoneStatus/e:CallerId > 5").find('!') == std::string::npos);
    CHECK(told("contains(//e:CallerId, '5')").find('!') == std::string::npos);
}

TEST_CASE("What is not, is any other event", "[matching]") {
    const Understanding found = of("not(e:Event/e:NodeStatus)");
    CHECK(found.events.size() == shipped()->types().size() - 1);
    CHECK(found.condition.kind == xquery::analysis::Condition::Kind::always);
    CHECK(found.sufficient);
}

TEST_CASE("A filter that can never match is told why", "[matching]") {
    CHECK(problem("e:Event/e:PhoneStatus/e:Statsu = 'busy'") ==
          "filter:1:23: there is no element 'Statsu' in PhoneStatus, which has CallerId, ReceiverId, Status; "
          "did "
          "you mean 'Status' (PhoneStatus.xsd:13)?");
    CHECK(problem("e:Event/e:PhoneStatsu") ==
          "filter:1:9: there is no event 'PhoneStatsu'; did you mean 'PhoneStatus' (PhoneStatus.xsd:18)?");
    CHECK(problem("e:Event/PhoneStatus") ==
          "filter:1:9: 'PhoneStatus' is in no namespace here, and events are in "
          "'http://www.gonicus.de/Events'; "
          "write e:PhoneStatus");
    CHECK(problem("Event/PhoneStatus").find("write e:Event") != std::string::npos);
    CHECK(problem("//Status = 'busy'").find("write e:Status") != std::string::npos);
    CHECK(problem("//e:Caller").find("no event has an element 'Caller'") != std::string::npos);
    CHECK(problem("e:PhoneStatus").find("write e:Event/e:PhoneStatus") != std::string::npos);
    CHECK(problem("e:Event/e:PhoneStatus/e:Status/e:Text") ==
          "filter:1:32: there is no element 'Text' in Status, which has none inside; see PhoneStatus.xsd:13");
}

TEST_CASE("A value that can never be is told with what can", "[matching]") {
    CHECK(problem("//e:PuppetLog/e:Level = 'warnin'") ==
          "filter:1:1: 'Level' is one of debug, info, notice, warning, err, alert, emerg, crit; it can never "
          "be = "
          "\"warnin\"; did you mean 'warning'? see PuppetReport.xsd:29");
    CHECK(problem("//e:Level = 5").find("'Level' is one of") != std::string::npos);
    CHECK(problem("//e:Load = 'high'").find("'Load' is a number; it can never be = \"high\"") !=
          std::string::npos);
    CHECK(problem("e:Event/e:NodeStatus/e:Indexed = 'yes'").find("'Indexed' is a boolean, true or false") !=
          std::string::npos);
    CHECK(problem("e:Event/e:NodeStatus/e:Indexed = 5").find("boolean") != std::string::npos);
    CHECK(problem("//e:Load eq 5").find("compare numbers with = or <") != std::string::npos);
    CHECK(problem("e:Event/e:NodeLeave and e:Event/e:NodeStatus").find("exactly one event") !=
          std::string::npos);
}

TEST_CASE("What can match is not refused", "[matching]") {
    for (const char* filter :
         {"//e:Level = ' warning '", "//e:Load = ' 5 '", "//e:Load != 'high'", "//e:Load > 'high'",
          "e:Event/e:NodeStatus/e:Indexed = 1", "e:Event/e:NodeStatus/@x = 'y'", "//e:PuppetLog = 'x'",
          "e:Event = 'x'", "*/*/e:Id = 'x'", "//*:Id", "e:Event/e:NodeStatus/..", "/", "1 = 1"}) {
        INFO(filter);
        CHECK_FALSE(of(filter).events.empty());
        CHECK(of(filter).problems.empty());
    }
}

TEST_CASE("Nothing that an example event has is ruled out", "[matching]") {
    const events::CataloguePtr catalogue = shipped();
    std::size_t asked = 0;
    for (const events::EventType& type : catalogue->types()) {
        std::ifstream file(fs::path(CLACKS_SOURCE_DIR) / "data/events/examples" / (type.name + ".xml"));
        const auto event = catalogue->parse(std::string(std::istreambuf_iterator<char>(file), {}));
        if (!event.ok()) FAIL(to_string(event.error()));
        const xml::Tree& tree = *(*event)->tree;
        for (xml::NodeIndex node = 1; node < tree.size(); ++node) {
            if (tree.kind(node) != xml::NodeKind::element) continue;
            const std::string name = "e:" + std::string(tree.name(node).local);
            const std::string value(tree.string_value(node));
            const std::string path = "//" + name, equal_to = path + " = ", text = "'" + value + "'";
            std::string at_least = path;
            at_least.append("[. >= ").append(text).append("]");
            for (const std::string& filter :
                 {path, equal_to + text, "some $n in //* satisfies $n/self::" + name,
                  equal_to + (matching::is_number(value) ? value : text), at_least}) {
                if (filter.find('&') != std::string::npos || value.find('\'') != std::string::npos) continue;
                const Understanding found = of(filter, *catalogue);
                const bool kept = std::count(found.events.begin(), found.events.end(), type.name) > 0;
                INFO(type.name << ": " << filter);
                if (!kept) FAIL("the event is ruled out");
                if (!xquery::analysis::holds(found.condition, tree))
                    FAIL("the condition does not hold: " + to_string(found.condition, kNamespaces));
                ++asked;
            }
        }
    }
    CHECK(asked > 300);
}

TEST_CASE("A part that never holds is a warning where others may", "[matching]") {
    const Understanding found = of("e:Event/e:PhoneStatus or e:Event/e:NodeStats");
    CHECK(joined(found.events) == "PhoneStatus");
    REQUIRE(found.warnings.size() == 1);
    CHECK(found.warnings.front().message == "there is no event 'NodeStats'");
    CHECK(found.warnings.front().column == 34);
    CHECK(of("not(e:Event/e:PhoneStatsu)").warnings.size() == 1);
}

TEST_CASE("Elements that the definitions leave open may have any name", "[matching]") {
    const Folder folder;
    folder.write("Open",
                 "<xs:element name='Open'><xs:complexType><xs:sequence>"
                 "<xs:any processContents='lax'/></xs:sequence></xs:complexType></xs:element>");
    folder.write("Loose",
                 "<xs:element name='Loose'><xs:complexType><xs:sequence>"
                 "<xs:element name='Id' form='unqualified' type='xs:int' maxOccurs='2'/>"
                 "</xs:sequence></xs:complexType></xs:element>");
    const events::CataloguePtr catalogue = folder.load();
    CHECK(joined(of("e:Event/e:Open/e:What/e:Ever = 5", *catalogue).events) == "Open");
    CHECK_FALSE(of("e:Event/e:Open/e:What = 'x'", *catalogue).sufficient == false);
    CHECK(joined(of("e:Event/e:Loose/Id = 5", *catalogue).events) == "Loose");
    CHECK_FALSE(of("e:Event/e:Loose/Id = 5", *catalogue).sufficient);
    const Understanding wrong = of("e:Event/e:Loose/e:Id = 5", *catalogue);
    REQUIRE(wrong.problems.size() == 1);
    CHECK(wrong.problems.front().hint == "write it without a prefix, as Q{}Id");
}

TEST_CASE("An event that another element may stand for is not told by its name", "[matching]") {
    const Folder folder;
    folder.write("Head",
                 "<xs:element name='Head' type='xs:string'/>"
                 "<xs:element name='Member' type='xs:string' substitutionGroup='e:Head'/>");
    folder.write("Other", "<xs:element name='Other' type='xs:string'/>");
    const events::CataloguePtr catalogue = folder.load();
    CHECK(joined(of("e:Event/e:Member", *catalogue).events) == "Head Other");
}

}  // namespace clacks::matching_understanding_tests
