#include "tests/matching/catalogue_check.hpp"

#include <map>
#include <vector>

#include "common/matching/index.hpp"
#include "common/matching/understanding.hpp"
#include "common/xquery/analysis/conditions.hpp"
#include "common/xquery/xquery.hpp"
#include "tests/matching/random_catalogue.hpp"

namespace clacks::test {

namespace {

struct Filter {
    std::string text;
    xquery::Query query;
    xquery::Query unchanged;  // without rewrites
    matching::Understanding understanding;
};
using Filters = std::map<matching::FilterId, Filter>;

// As an agent inserts it.
void insert(const std::string& text, const events::Catalogue& catalogue, matching::Index& index,
            Filters& filters, Tally& tally) {
    xquery::CompileOptions options;
    options.namespaces = {{"e", std::string(events::kNamespace)}};
    auto query = xquery::Query::compile(text, options);
    const auto condition = xquery::analysis::condition_of(text, options);
    options.without_rewrites = {"all"};
    auto unchanged = xquery::Query::compile(text, options);
    if (!query || !condition || !unchanged) return;  // a type that never fits
    auto known = matching::understand(*condition, catalogue);
    if (known.events.empty()) {
        known.condition = {};
        known.condition.kind = xquery::analysis::Condition::Kind::never;
    }
    ++tally.filters;
    if (known.events.empty()) ++tally.never;
    if (known.sufficient && !known.events.empty()) ++tally.sufficient;
    const auto id = index.insert(known.events, known.condition, known.sufficient);
    filters.emplace(id, Filter{text, std::move(*query), std::move(*unchanged), std::move(known)});
}

std::string shown(const Result<bool>& verdict) {
    return verdict ? (*verdict ? "true" : "false") : to_string(verdict.error());
}

Result<bool> evaluated(const xquery::Query& query, const xml::Tree& tree) {
    xquery::DynamicContext context;
    context.set_context_item(tree);
    return query.matches(context);
}

// What is wrong with what the index says of one filter: nothing, a candidate, or one that is decided.
std::string problem(const Filter& filter, const matching::Candidate* candidate, const Result<bool>& verdict,
                    const Result<bool>& unchanged) {
    const bool matches = verdict && *verdict;
    // Rewrites may leave an error out (XQuery 3.1, 2.3.4), as where count($x) > 0 looks for one item only.
    if (unchanged && matches != *unchanged)
        return "with rewrites it is " + shown(verdict) + ", and without " + shown(unchanged);
    if (matches && candidate == nullptr)
        return filter.understanding.events.empty() ? "it can never match, but does"
                                                   : "it matches, but is left out";
    if (candidate != nullptr && candidate->decided && !matches)
        return "it is decided to match, and evaluated is " + shown(verdict);
    return "";
}

}  // namespace

std::string check_catalogue(Choices& choices, unsigned filters, unsigned events, Tally& tally) {
    const RandomCatalogue random(choices);
    matching::Index index;
    matching::Scratch scratch;
    Filters known;
    for (unsigned i = 0; i < filters; ++i)
        insert(random.filter(choices), random.catalogue(), index, known, tally);
    std::vector<matching::Candidate> candidates;
    for (unsigned i = 0; i < events; ++i) {
        const std::string document = random.event(choices);
        const auto event = random.catalogue().parse(document);
        if (!event) return "an event is not valid: " + to_string(event.error()) + "\n" + document;
        candidates.clear();
        index.candidates(**event, scratch, candidates);
        std::map<matching::FilterId, matching::Candidate> found;
        for (const auto& candidate : candidates) found.emplace(candidate.filter, candidate);
        for (const auto& [id, filter] : known) {
            const auto verdict = evaluated(filter.query, *(*event)->tree);
            const auto unchanged = evaluated(filter.unchanged, *(*event)->tree);
            if (verdict && *verdict) ++tally.matches;
            const auto place = found.find(id);
            const std::string wrong =
                problem(filter, place == found.end() ? nullptr : &place->second, verdict, unchanged);
            if (wrong.empty()) continue;
            std::string told = wrong + "\nfilter: " + filter.text;
            told += "\ncondition: " + to_string(filter.understanding.condition, {});
            told += "\nevent: " + document;
            for (const events::EventType& type : random.catalogue().types()) told += "\n" + type.schema;
            return told;
        }
    }
    return "";
}

}  // namespace clacks::test
