// Prints docs/events.md from a folder of event definitions and their examples: clacks-events-doc FOLDER
#include <cctype>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

#include "common/events/catalogue.hpp"

namespace {

using namespace clacks;

constexpr const char* kIntroduction = R"(# Events

The events that ship, each with its elements and an example. An event of your own is a file more in
`/etc/clacks/events`; see [operations](operations.md#add-an-event-definition). What an agent really knows is listed
by `clacks events`, and `clacks events NAME --schema` shows an event's XSD.

All elements are in the namespace `http://www.gonicus.de/Events`. A document is one `Event` with one of these in it;
what happens to others is told in [errors](errors.md#events). This page is printed by `clacks-events-doc data/events`
from the definitions in [data/events](../data/events).

)";

// Of a heading, as web pages make it.
std::string anchor(std::string name) {
    for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return name;
}

std::string times(const events::ElementInfo& element) {
    const bool optional = element.min_occurs == 0;
    if (element.max_occurs == 0) return optional ? "any number" : "1 or more";
    if (element.max_occurs == 1) return optional ? "0 or 1" : "1";
    return std::to_string(element.min_occurs) + " to " + std::to_string(element.max_occurs);
}

std::string listed(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "`" : ", `") + word + "`";
    return text;
}

// One row for the element, and below it one for each in it.
void add_row(std::string& page, const events::ElementInfo& element, const std::string& above) {
    const std::string path = above + element.name;
    std::string type = element.children.empty() ? element.type : "elements";
    if (!element.enumeration.empty()) type = listed(element.enumeration);
    page += "| `" + path + "` | " + type + " | " + times(element) + " | " + element.documentation + " |\n";
    for (const events::ElementInfo& child : element.children) add_row(page, child, path + "/");
}

bool add_event(std::string& page, const events::EventType& type, const std::filesystem::path& example) {
    std::ifstream file(example);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    if (text.empty()) {
        std::fprintf(stderr, "%s: an example of each event must be there\n", example.c_str());
        return false;
    }
    page += "\n## " + type.name + "\n\n" + type.documentation + "\n\n";
    if (!type.content.children.empty()) {
        page += "| element | type | times | meaning |\n|---|---|---|---|\n";
        for (const events::ElementInfo& child : type.content.children) add_row(page, child, "");
        page += "\n";
    }
    page += "```xml\n" + text + "```\n";
    return true;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fputs("usage: clacks-events-doc FOLDER\n", stderr);
        return 2;
    }
    const std::filesystem::path folder = argv[1];
    const auto catalogue = events::Catalogue::load({folder});
    if (!catalogue) {
        std::fprintf(stderr, "%s\n", to_string(catalogue.error()).c_str());
        return 1;
    }
    std::string page = kIntroduction;
    for (const events::EventType& type : (*catalogue)->types())
        page += "- [" + type.name + "](#" + anchor(type.name) + ")\n";
    for (const events::EventType& type : (*catalogue)->types())
        if (!add_event(page, type, folder / "examples" / (type.name + ".xml"))) return 1;
    return std::fputs(page.c_str(), stdout) < 0 ? 1 : 0;
}
