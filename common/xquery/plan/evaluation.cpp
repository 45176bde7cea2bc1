#include "common/xquery/plan/evaluation.hpp"

#include <algorithm>
#include <type_traits>

#include "common/base/text.hpp"

namespace clacks::xquery::detail {

namespace {

Item instant_of(std::int64_t milliseconds) {
    const std::int64_t seconds = milliseconds / 1000 - (milliseconds % 1000 < 0 ? 1 : 0);
    const auto rest = static_cast<std::uint32_t>(milliseconds - seconds * 1000);
    return Item::of_instant(seconds, rest * 1'000'000, 0, Type::date_time);
}

Value value_of(const AtomicValue& given) {
    return std::visit(
        [](const auto& v) -> Value {
            using T = std::decay_t<decltype(v)>;
            if constexpr (std::is_same_v<T, std::monostate>) return {};
            if constexpr (std::is_same_v<T, bool>) return Item::of_bool(v);
            if constexpr (std::is_same_v<T, std::int64_t>) return Item::of_integer(v, Type::long_);
            if constexpr (std::is_same_v<T, double>) return Item::of_double(v);
            if constexpr (std::is_same_v<T, std::string_view>) return Item::of_text(v);
            if constexpr (std::is_same_v<T, Timestamp>) return instant_of(v.time_since_epoch().count());
        },
        given);
}

template <class T>
std::span<T> cleared(Arena& arena, std::size_t n, const T& value) {
    const std::span<T> room = arena.take_array<T>(n);
    std::uninitialized_fill(room.begin(), room.end(), value);
    return room;
}

void bind_external(const Program& program, ContextState& state, plan::Frame& frame) {
    const std::size_t n = program.externals.size();
    const std::span<Value> values = cleared(state.arena, n, Value());
    const std::span<bool> bound = cleared(state.arena, n, false);
    for (std::size_t i = 0; i < n; ++i) {
        const ExternalVariable& wanted = program.externals[i];
        const auto found = std::find_if(state.bindings.begin(), state.bindings.end(), [&](const auto& b) {
            return b.local == wanted.local && b.uri == wanted.uri;
        });
        if (found == state.bindings.end()) continue;
        values[i] = found->items ? *found->items : value_of(found->value);
        bound[i] = true;
    }
    frame.external = values;
    frame.bound = bound;
}

// declare context item as T := default
void settle_context_item(const Program& program, plan::Frame& frame) {
    frame.where = program.context_offset;
    if (!frame.focus.present && program.context_default != nullptr) {
        const plan::Single item = program.context_default->single(frame);
        frame.where = program.context_offset;
        if (item.count != 1)
            fail(Code::XPTY0004, "the context item's declared value must be exactly one item");
        frame.focus = {item.item, 1, 1, true};
    }
    if (!program.context_required_type || !frame.focus.present) return;
    if (!matches(Value(frame.focus.item), program.context_type)) {
        fail(Code::XPTY0004,
             "the context item is not of its declared type " + to_string(program.context_type));
    }
}

}  // namespace

std::size_t Program::memory() const {
    std::size_t bytes = sizeof(Program) + text.capacity() + arena.held();
    for (const auto& [prefix, uri] : namespaces)
        bytes += sizeof(prefix) * 2 + prefix.capacity() + uri.capacity();
    return bytes + externals.capacity() * sizeof(ExternalVariable);
}

ContextState::Binding& ContextState::binding(std::string_view name) {
    std::string_view uri;
    if (const std::size_t end = name.find('}'); name.starts_with("Q{") && end != std::string_view::npos) {
        uri = name.substr(2, end - 2);
        name.remove_prefix(end + 1);
    }
    for (Binding& known : bindings) {
        if (known.local == name && known.uri == uri) return known;
    }
    Binding& made = bindings.emplace_back();
    made.uri = uri;
    made.local = name;
    return made;
}

plan::Frame begin(const Program& program, ContextState& state) {
    state.arena.reset();
    state.steps.reset();
    state.reached = {program.resolver.get(), {}};
    plan::Frame frame{
        {state.arena, state.steps, program.statics, {}, state.current_time_ms, state.zone, &state.reached},
        {},
        {},
        0,
        {},
        {},
        {},
        {}};
    frame.recursion = state.limits.recursion;
    try {
        frame.slots = cleared(state.arena, program.slots, Value());
        frame.memos = cleared(state.arena, program.memos, plan::NameMemo{nullptr, 0});
        frame.made = cleared(state.arena, program.slots, plan::Making::not_begun);
        if (!program.externals.empty()) bind_external(program, state, frame);
        if (state.context_item) frame.focus = {*state.context_item, 1, 1, true};
        if (program.context_required_type || program.context_default != nullptr)
            settle_context_item(program, frame);
    } catch (Error& error) {
        if (error.offset == Error::kNowhere) error.offset = frame.where;
        throw;
    }
    frame.initial_focus = frame.focus;
    return frame;
}

Diagnostic diagnose(const Error& error, std::string_view text, std::string_view source) {
    Diagnostic d;
    d.code = error.name.empty() ? std::string(code_name(error.code)) : error.name;
    d.message = error.message;
    d.hint = error.hint;
    d.source = source;
    if (error.offset != Error::kNowhere) {
        const Position at = position_of(text, std::min(error.offset, text.size()));
        d.line = static_cast<std::uint32_t>(at.line);
        d.column = static_cast<std::uint32_t>(at.column);
    }
    return d;
}

}  // namespace clacks::xquery::detail
