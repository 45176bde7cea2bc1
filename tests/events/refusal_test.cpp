// Events that are refused: the code, the place, what would have been right there.
#include <catch2/catch.hpp>
#include <thread>

#include "common/events/catalogue.hpp"

using namespace clacks;

namespace {

const events::CataloguePtr& catalogue() {
    static const events::CataloguePtr shared = [] {
        auto loaded = events::Catalogue::load({CLACKS_SOURCE_DIR "/data/events"});
        if (!loaded) throw std::runtime_error(to_string(loaded.error()));
        return *loaded;
    }();
    return shared;
}

std::string event(const std::string& content) {
    return "<Event xmlns=\"http://www.gonicus.de/Events\">" + content + "</Event>";
}

std::string status(const std::string& load,
                   const std::string& rest = "<Latency>0</Latency><Workers>1</Workers>") {
    return event("<NodeStatus><Id>n</Id><Load>" + load + "</Load>" + rest + "</NodeStatus>");
}

Diagnostic refused(const std::string& bytes) {
    INFO(bytes);
    auto parsed = catalogue()->parse(bytes);
    REQUIRE_FALSE(parsed.ok());
    INFO(to_string(parsed.error()));
    CHECK(parsed.error().source == "event");
    CHECK_FALSE(parsed.error().message.empty());
    return parsed.error();
}

struct Row {
    const char* about;
    std::string bytes;
    const char* code;
    const char* path;
    const char* expected;  // a part of it
    const char* said;      // a part of message and hint
};

}  // namespace

TEST_CASE("what is wrong with an event, where, and what was expected", "[events]") {
    const std::string phone = "<CallerId>1</CallerId><ReceiverId>2</ReceiverId>";
    const Row rows[] = {
        {"an unknown event", event("<PhoneStatu/>"), "event-unknown", "/Event/PhoneStatu", "PhoneStatus",
         "PhoneStatus"},
        {"no event", event(""), "event-count", "/Event", "exactly one", "0"},
        {"two events", event("<ClientPoll/><ClientPoll/>"), "event-count", "/Event/ClientPoll[2]",
         "exactly one", "2"},
        {"no namespace", "<Event><ClientPoll/></Event>", "event-namespace", "/Event", "gonicus",
         "no namespace"},
        {"a wrong namespace", "<Event xmlns='urn:x'><ClientPoll/></Event>", "event-namespace", "/Event",
         "gonicus", "urn:x"},
        {"an inner namespace", event("<PhoneStatus xmlns=''/>"), "event-namespace", "/Event/PhoneStatus",
         "gonicus", "no namespace"},
        {"another root", "<ClientPoll xmlns='http://www.gonicus.de/Events'/>", "event-invalid", "/ClientPoll",
         "Event", "Event"},
        {"a missing element", event("<PhoneStatus>" + phone + "</PhoneStatus>"), "event-invalid",
         "/Event/PhoneStatus", "Status", "lacks"},
        {"an unknown element", event("<PhoneStatus>" + phone + "<Statu>x</Statu></PhoneStatus>"),
         "event-invalid", "/Event/PhoneStatus/Statu", "Status", "did you mean 'Status'"},
        {"an element too many",
         event("<PhoneStatus>" + phone + "<Status>b</Status><Status>b</Status></PhoneStatus>"),
         "event-invalid", "/Event/PhoneStatus/Status[2]", "end of PhoneStatus", "not allowed"},
        {"a wrong type", status("high"), "event-invalid", "/Event/NodeStatus/Load", "float",
         "'high' is not a float"},
        {"a wrong integer", status("1", "<Latency>0</Latency><Workers>1.5</Workers>"), "event-invalid",
         "/Event/NodeStatus/Workers", "int", "1.5"},
        {"not one of the values",
         event("<PuppetReport><Id>n</Id><PuppetLog><Timestamp>1</Timestamp><Level>warn</Level><Message>m</"
               "Message>"
               "<Source>s</Source></PuppetLog></PuppetReport>"),
         "event-invalid", "/Event/PuppetReport/PuppetLog/Level", "warning", "not one of the values"},
        {"text beside elements", event("<PhoneStatus>hello" + phone + "<Status>b</Status></PhoneStatus>"),
         "event-invalid", "/Event/PhoneStatus", "elements only", "text"},
        {"an attribute", event("<ClientPoll x='1'/>"), "event-invalid", "/Event/ClientPoll", "no attribute",
         "'x'"},
        {"elements in text", event("<NodeLeave><Id><b/></Id></NodeLeave>"), "event-invalid",
         "/Event/NodeLeave/Id/b", "string", "text"},
        {"a DTD", "<!DOCTYPE Event [<!ENTITY a 'b'>]>" + event("<ClientPoll/>"), "xml-dtd", "", "", ""},
        {"an entity", event("<NodeLeave><Id>&a;</Id></NodeLeave>"), "xml-malformed", "", "", ""},
        {"not well-formed", event("<ClientPoll>"), "xml-malformed", "", "", ""},
        {"nothing", "", "xml-malformed", "", "", ""},
        {"bad UTF-8", event("<NodeLeave><Id>\xff</Id></NodeLeave>"), "xml-encoding", "", "", ""},
    };
    for (const Row& row : rows) {
        INFO(row.about);
        const Diagnostic d = refused(row.bytes);
        INFO(to_string(d) << " | " << d.path << " | " << d.expected);
        CHECK(d.code == row.code);
        CHECK(d.path == row.path);
        CHECK(d.expected.find(row.expected) != std::string::npos);
        CHECK((d.message + "; " + d.hint).find(row.said) != std::string::npos);
    }
}

TEST_CASE("the place is a line and a column of the sender's text", "[events]") {
    const Diagnostic d = refused(
        "<Event xmlns='http://www.gonicus.de/Events'>\n  <NodeLeave>\n    <Idd>ü</Idd>\n  "
        "</NodeLeave>\n</Event>");
    CHECK(d.line == 3);
    CHECK(d.column == 5);
}

TEST_CASE("an event too large or too deep is refused by its limit", "[events]") {
    CHECK(refused(event("<NodeLeave><Id>" + std::string(300 * 1024, 'x') + "</Id></NodeLeave>")).code ==
          "xml-too-large");
    std::string deep;
    for (int i = 0; i < 100; ++i) deep += "<a>";
    CHECK(refused(event(deep)).code == "xml-too-deep");
    std::string attributes;
    for (int i = 0; i < 100; ++i) attributes += " a" + std::to_string(i) + "='1'";
    CHECK(refused(event("<ClientPoll" + attributes + "/>")).code == "xml-too-many-attributes");
}

TEST_CASE("bytes are kept as they were sent", "[events]") {
    const std::string bytes = "<?xml version='1.0'?>\r\n<!-- note -->" +
                              event("<NodeLeave>\r\n<Id>&lt;&#65;</Id></NodeLeave>") + "\n";
    auto parsed = catalogue()->parse(bytes);
    if (!parsed) FAIL(to_string(parsed.error()));
    CHECK((*parsed)->bytes == bytes);
    CHECK((*parsed)->name == "NodeLeave");
    const xml::Tree& tree = *(*parsed)->tree;
    CHECK(tree.string_value(0) == "\n<A");
}

TEST_CASE("one catalogue serves many threads", "[events]") {
    constexpr int kThreads = 4;
    std::vector<std::thread> threads;
    threads.reserve(kThreads);
    std::atomic<int> wrong{0};
    for (int t = 0; t < kThreads; ++t) {
        threads.emplace_back([&, t] {
            for (int i = 0; i < 200; ++i) {
                const bool valid = (i + t) % 2 == 0;
                if (catalogue()->parse(status(valid ? "0.5" : "x")).ok() != valid) ++wrong;
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(wrong == 0);
}
