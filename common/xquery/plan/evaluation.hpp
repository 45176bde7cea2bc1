// The state behind a DynamicContext, and one evaluation of a program in it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/xquery/plan/program.hpp"
#include "common/xquery/values/sequence_state.hpp"

namespace clacks::xquery::detail {

struct ContextState {
    explicit ContextState(const Limits& given) : limits(given), arena(given.memory), steps(given.steps) {}

    struct Binding {
        std::string uri;
        std::string local;
        AtomicValue value;
        std::optional<Value> items;  // instead of `value`
    };
    Limits limits;
    Arena arena;
    Steps steps;
    RegexCache regexes;
    Focus focus;  // the context item
    std::vector<Binding> bindings;
    std::int64_t current_time_ms = 0;
    std::int16_t zone = 0;
    Reached reached;
    SequenceState result;

    // Kept from one evaluation to the next, as mostly the same program runs again: its frame, and what lies
    // in that. Their size is bounded by that of the program, so they are not of the arena.
    std::optional<plan::Frame> frame;
    std::uint64_t frame_of = 0;  // the program's serial
    std::vector<Value> slots;    // each is bound before it is read
    std::vector<plan::Making> made;
    std::vector<plan::NameMemo> memos;  // what the name tests found in the tree that was seen last

    // The one of this name, made where there is none: "local" or "Q{uri}local".
    Binding& binding(std::string_view name);
};

// The context's frame, set up for the program; its arena is reset first. Fails (throws Error) where the
// context does not fit the program's declarations. An evaluation that ends leaves the frame as it found it;
// for one that failed, `frame_of` is to be set to 0.
plan::Frame& begin(const Program& program, ContextState& state);
// A frame of another program within an evaluation: with its memory and steps, as deep as it is.
plan::Frame begin_within(const Program& program, const plan::Frame& caller);
// The error as a person sees it.
Diagnostic diagnose(const Error& error, const Program& program);

}  // namespace clacks::xquery::detail
