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
    std::optional<Item> context_item;
    std::vector<Binding> bindings;
    std::int64_t current_time_ms = 0;
    std::int16_t zone = 0;
    Reached reached;
    SequenceState result;
    // What the name tests of the program that ran last found in its tree: the next run need not look again.
    std::vector<plan::NameMemo> memos;
    std::uint64_t memos_of = 0;  // that program's serial

    // The one of this name, made where there is none: "local" or "Q{uri}local".
    Binding& binding(std::string_view name);
};

// Sets up a frame in the context's arena, which is reset first. Fails (throws Error) where the
// context does not fit the program's declarations.
plan::Frame begin(const Program& program, ContextState& state);
// A frame of another program within an evaluation: with its memory and steps, as deep as it is.
plan::Frame begin_within(const Program& program, const plan::Frame& caller);
// The error as a person sees it.
Diagnostic diagnose(const Error& error, const Program& program);

}  // namespace clacks::xquery::detail
