// The event definitions that ship: all load, all are documented, all have a valid example.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "common/events/catalogue.hpp"

using namespace clacks;
namespace fs = std::filesystem;

namespace {

const fs::path kFolder = fs::path(CLACKS_SOURCE_DIR) / "data/events";

std::string text_of(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

events::CataloguePtr shipped() {
    auto catalogue = events::Catalogue::load({kFolder});
    if (!catalogue) FAIL(to_string(catalogue.error()));
    return *catalogue;
}

const events::ElementInfo& child(const events::ElementInfo& parent, std::string_view name) {
    for (const events::ElementInfo& info : parent.children) {
        if (info.name == name) return info;
    }
    FAIL(parent.name << " has no " << name);
    return parent;
}

}  // namespace

TEST_CASE("the whole catalogue ships", "[events][shipped]") {
    const auto catalogue = shipped();
    std::vector<std::string> names;
    for (const events::EventType& type : catalogue->types()) names.push_back(type.name);
    CHECK(names == std::vector<std::string>{"AsteriskNotification", "ClientAnnounce", "ClientLeave",
                                            "ClientPing", "ClientPoll", "ClientSignature", "CollectD",
                                            "NodeAnnounce", "NodeCapabilities", "NodeLeave", "NodeStatus",
                                            "PhoneStatus", "PuppetReport", "UserSession"});
}

TEST_CASE("every event has documentation and a valid example", "[events][shipped]") {
    const auto catalogue = shipped();
    std::set<std::string> examples;
    for (const events::EventType& type : catalogue->types()) {
        INFO(type.name);
        CHECK_FALSE(type.documentation.empty());
        CHECK(type.documentation.find("  ") == std::string::npos);
        CHECK(type.schema == text_of(type.file));
        const std::string bytes = text_of(kFolder / "examples" / (type.name + ".xml"));
        const auto event = catalogue->parse(bytes);
        if (!event) FAIL(to_string(event.error()));
        CHECK((*event)->name == type.name);
        CHECK((*event)->bytes == bytes);
        examples.insert(type.name + ".xml");
    }
    for (const auto& entry : fs::directory_iterator(kFolder / "examples"))
        CHECK(examples.contains(entry.path().filename().string()));
}

TEST_CASE("every named type has a documentation sentence", "[events][shipped]") {
    const auto catalogue = shipped();
    for (const events::EventType& type : catalogue->types()) {
        auto tree = xml::parse(type.schema);
        REQUIRE(tree.ok());
        const xml::Tree& schema = **tree;
        for (xml::NodeIndex i = 0; i < schema.size(); ++i) {
            if (schema.kind(i) != xml::NodeKind::element) continue;
            const auto name = schema.name(i).view().local;
            if (name != "complexType" && name != "simpleType") continue;
            INFO(type.file << ":" << schema.line(i));
            xml::NodeIndex first = schema.first_child(i);
            while (first < schema[i].end && schema.kind(first) != xml::NodeKind::element)
                first = schema[first].end;
            REQUIRE(first < schema[i].end);
            CHECK(schema.name(first).view().local == "annotation");
            CHECK(schema.string_value(first).size() > 10);
        }
    }
}

TEST_CASE("what the text of an element can be read as is told", "[events][shipped]") {
    using Value = events::ElementInfo::Value;
    const auto catalogue = shipped();
    const events::ElementInfo& status = catalogue->find("NodeStatus")->content;
    CHECK(child(status, "Load").value == Value::number);
    CHECK(child(status, "Workers").value == Value::number);
    CHECK(child(status, "Indexed").value == Value::boolean);
    CHECK(child(status, "Id").value == Value::text);
    CHECK(child(status, "Id").qualified);
    CHECK(status.value == Value::other);
    for (const events::EventType& type : catalogue->types()) CHECK_FALSE(type.content.open);
}

TEST_CASE("the content of an event is described", "[events][shipped]") {
    const auto catalogue = shipped();
    CHECK(catalogue->find("Nothing") == nullptr);
    const events::EventType* status = catalogue->find("NodeStatus");
    REQUIRE(status != nullptr);
    CHECK(status->content.name == "NodeStatus");
    CHECK(child(status->content, "Load").type == "float");
    CHECK(child(status->content, "Indexed").min_occurs == 0);

    const events::ElementInfo& report = catalogue->find("PuppetReport")->content;
    const events::ElementInfo& log = child(report, "PuppetLog");
    CHECK(log.min_occurs == 1);
    CHECK(log.max_occurs == 0);
    CHECK(child(log, "Level").enumeration ==
          std::vector<std::string>{"debug", "info", "notice", "warning", "err", "alert", "emerg", "crit"});
    CHECK_FALSE(child(log, "Timestamp").documentation.empty());
    CHECK(child(child(log, "Tag"), "value").max_occurs == 0);
    // a choice: each of its elements may be absent
    CHECK(catalogue->find("AsteriskNotification")->content.children.front().min_occurs == 0);
}

TEST_CASE("the joined schema names every event under Event", "[events][shipped]") {
    const auto catalogue = shipped();
    auto joined = xml::parse(catalogue->joined_schema());
    REQUIRE(joined.ok());
    for (const events::EventType& type : catalogue->types())
        CHECK(catalogue->joined_schema().find("ref=\"e:" + type.name + "\"") != std::string::npos);
}
