#include "tests/matching/random_check.hpp"

#include <algorithm>
#include <map>
#include <vector>

#include "common/matching/index.hpp"
#include "common/xquery/analysis/holds.hpp"
#include "tests/matching/random_filters.hpp"

namespace clacks::test {

namespace {

using namespace xquery::analysis;

struct Filter {
    std::vector<std::string> events;
    Condition condition;
    bool sufficient = false;
};
using Filters = std::map<matching::FilterId, Filter>;

// Whether a value is no number or boolean though it is compared with one.
bool may_fail(const Condition& condition, const xml::Tree& tree) {
    if (condition.kind != Condition::Kind::test)
        return std::any_of(condition.parts.begin(), condition.parts.end(),
                           [&](const Condition& part) { return may_fail(part, tree); });
    const Test& test = condition.test;
    const bool compares = test.kind != Test::Kind::exists && test.kind != Test::Kind::starts_with &&
                          (test.kind != Test::Kind::within || test.low || test.high);
    if (!compares) return false;
    Test equal = test;  // what can be compared passes this one or its opposite
    equal.kind = Test::Kind::equal;
    if (test.kind == Test::Kind::within) equal.literal = (test.low ? test.low : test.high)->value;
    Test differs = equal;
    differs.kind = Test::Kind::not_equal;
    const auto nodes = nodes_on(test.path, tree);
    return std::any_of(nodes.begin(), nodes.end(), [&](xml::NodeIndex node) {
        const std::string_view value = tree.string_value(node);
        return !passes(equal, value) && !passes(differs, value);
    });
}

bool wants(const Filter& filter, const events::Event& event) {
    const auto& names = filter.events;
    return (names.empty() || std::find(names.begin(), names.end(), event.name) != names.end()) &&
           (holds(filter.condition, *event.tree) ||
            (!filter.sufficient && may_fail(filter.condition, *event.tree)));
}

std::string compare(const Filters& filters, const events::Event& event,
                    const std::vector<matching::Candidate>& candidates) {
    std::map<matching::FilterId, bool> found;
    for (const auto& candidate : candidates)
        if (!found.emplace(candidate.filter, candidate.decided).second)
            return "filter " + std::to_string(candidate.filter) + " came twice";
    for (const auto& [id, filter] : filters) {
        const auto place = found.find(id);
        const bool wanted = wants(filter, event);
        if (wanted != (place != found.end()))
            return "filter " + std::to_string(id) + (wanted ? " was not found" : " was found");
        if (wanted && place->second != filter.sufficient)
            return "filter " + std::to_string(id) + (place->second ? " was decided" : " was not decided");
        if (wanted) found.erase(place);
    }
    return found.empty() ? "" : "filter " + std::to_string(found.begin()->first) + " was found, and is none";
}

}  // namespace

std::string check_index(Choices& choices, unsigned steps) {
    matching::Index index;
    matching::Scratch scratch;
    Filters filters;
    std::vector<matching::Candidate> candidates;
    for (unsigned step = 0; step < steps; ++step) {
        const std::uint32_t what = choices.below(8);
        if (what < 3) {
            Filter filter{random_events(choices), random_condition(choices), choices.one_in(2)};
            const auto id = index.insert(filter.events, filter.condition, filter.sufficient);
            if (!filters.emplace(id, std::move(filter)).second) return "an id was given twice";
        } else if (what < 5 && !filters.empty()) {
            const auto gone =
                std::next(filters.begin(), choices.below(static_cast<std::uint32_t>(filters.size())));
            index.remove(gone->first);
            filters.erase(gone);
        } else {
            const events::Event event = random_event(choices);
            candidates.clear();
            index.candidates(event, scratch, candidates);
            std::string difference = compare(filters, event, candidates);
            if (!difference.empty()) return "step " + std::to_string(step) + ": " + difference;
        }
        if (index.size() != filters.size()) return "the size is wrong";
    }
    return "";
}

}  // namespace clacks::test
