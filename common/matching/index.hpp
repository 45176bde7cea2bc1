// Who wants an event, of very many? Filters are entered by what must hold for them; an event is walked
// through once, its values are looked up, and only the filters come up whose condition holds.
//
// Filters are told apart by numbers that the index gives: small ones, used again after removal, so that an
// array says the rest about them. Inserting and removing change what they must and nothing else: neither the
// number of filters nor what they are makes one of them stop the others for long.
//
// Thread safety: candidates() and size() from any thread, each with a Scratch of its own, while no other
// member runs. See docs/matching.md.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "common/events/event.hpp"
#include "common/xquery/analysis/condition.hpp"

namespace clacks::matching {

using FilterId = std::uint32_t;

struct Candidate {
    FilterId filter;
    bool decided;  // the filter is true; else it has to be evaluated
};

class Scratch;

class Index {
  public:
    Index();
    ~Index();
    Index(Index&&) noexcept;
    Index& operator=(Index&&) noexcept;

    // `events`: the names of the event types that the filter can be true of; none is every one. `condition`:
    // what must hold for it. `sufficient`: it is true if the condition holds.
    FilterId insert(std::span<const std::string> events, const xquery::analysis::Condition& condition,
                    bool sufficient);
    // One that is in the index.
    void remove(FilterId filter);
    std::size_t size() const;

    // Appends the filters whose events have this one and whose condition holds, each once, in no order; of
    // those with a condition that is not sufficient also where a value is no number or boolean though it is
    // compared with one, so that their failure is seen. Takes no memory from the heap once the scratch and
    // `out` have seen the like.
    void candidates(const events::Event& event, Scratch& scratch, std::vector<Candidate>& out) const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

// What matching needs, kept from one event to the next; one at a time uses it, of any indexes.
class Scratch {
  public:
    Scratch();
    ~Scratch();
    Scratch(Scratch&&) noexcept;
    Scratch& operator=(Scratch&&) noexcept;

    // How many filters the last event was entered by, candidates or not: what it cost.
    std::size_t met() const;

  private:
    friend class Index;
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace clacks::matching
