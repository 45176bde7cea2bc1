// The event catalogue: every XSD of the configured folders joined under one Event element, compiled
// once, then immutable. NAME.xsd must declare the global element NAME in the events namespace.
//
// Thread safety: a loaded Catalogue may be used by any number of threads.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"
#include "common/events/event.hpp"
#include "common/xml/parser.hpp"

namespace clacks::events {

// One element of an event's content: names, types and documentation from the XSD, and what can be relied on.
struct ElementInfo {
    // What the text of every such element can be read as. Other: of several types, or not known to be of one.
    enum class Value : std::uint8_t { other, text, number, boolean };
    std::string name;
    std::string type;  // as in the XSD without its prefix ("string"), or "" for an anonymous complex type
    std::string documentation;
    unsigned min_occurs = 1;
    unsigned max_occurs = 1;  // 0 means unbounded
    std::vector<std::string> enumeration;
    std::vector<ElementInfo> children;
    Value value = Value::other;
    bool qualified = true;     // in the events namespace, else in none
    bool open = false;         // elements may stand in it that `children` does not name
    bool replaceable = false;  // another element may stand in its place (a substitution group)
};

struct EventType {
    std::string name;
    std::string documentation;
    std::filesystem::path file;
    std::string schema;   // the XSD's text
    ElementInfo content;  // the event element itself
};

class Catalogue {
  public:
    // Loads NAME.xsd files of all folders in sorted order. A folder that does not exist is a problem.
    // All problems are reported at once, each with file:line:column; two definitions of one type or
    // element name both places. `limits` are those of the events, not of the files. Parses with no DTD and no
    // file or network access beyond the folders.
    static Result<std::shared_ptr<const Catalogue>, Diagnostics> load(
        const std::vector<std::filesystem::path>& folders, const xml::ParseLimits& limits = {});

    // Validates. Errors: code "xml-…" from the parser, "event-unknown" (with the nearest name),
    // "event-namespace", "event-count" (not exactly one child), "event-invalid" (line, column, path,
    // expected).
    Result<EventPtr> parse(std::string bytes) const;

    std::span<const EventType> types() const;            // sorted by name
    const EventType* find(std::string_view name) const;  // nullptr when unknown
    const std::string& joined_schema() const;            // the schema document with Event as a choice of one

    ~Catalogue();

  private:
    struct State;
    explicit Catalogue(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

using CataloguePtr = std::shared_ptr<const Catalogue>;

}  // namespace clacks::events
