// Paths of conditions followed through the catalogue instead of an event: what they can find there.
//
// Thread safety: pure.
#pragma once

#include <string>
#include <vector>

#include "common/events/catalogue.hpp"
#include "common/xquery/analysis/condition.hpp"

namespace clacks::matching {

namespace analysis = xquery::analysis;

// A kind of node in events of one type: the document, its element Event, or an element inside.
struct SchemaNode {
    enum class Kind : std::uint8_t { document, event, element };
    Kind kind = Kind::document;
    const events::EventType* type = nullptr;
    const events::ElementInfo* info = nullptr;  // of an element
};

// What a path finds in events of one type.
struct Reached {
    std::vector<SchemaNode> nodes;
    bool unknown = false;  // attributes, or elements that the catalogue leaves open
    bool single = true;    // one at most
    bool sure = true;      // each of the nodes one at least
};

Reached follow(const analysis::Path& path, const events::EventType& type);

enum class Verdict : std::uint8_t {
    no_node,   // the path finds nothing
    no_value,  // what it finds can have no such value
    maybe,
    always,
};

Verdict verdict(const analysis::Test& test, const Reached& reached);

// Whether at most one node is found, and its value can be compared with the literal.
bool is_settled(const analysis::Test& test, const Reached& reached);

// The literal of a comparison, or a bound's.
const analysis::Literal& literal_of(const analysis::Test& test);

bool is_number(std::string_view text);

}  // namespace clacks::matching
