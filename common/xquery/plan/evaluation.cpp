#include "common/xquery/plan/evaluation.hpp"

#include <algorithm>
#include <atomic>
#include <iterator>
#include <type_traits>

#include "common/xquery/syntax/place.hpp"

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

// The frame of a program that was not the last to run.
void make_frame(const Program& program, ContextState& state) {
    state.slots.assign(program.slots, {});
    state.made.assign(program.prolog_slots, {});
    state.memos.assign(program.memos, {});
    state.reached.resolver = program.resolver.get();
    plan::Frame& frame = state.frame.emplace(plan::Frame{
        {state.arena, state.steps, &program.main().statics, {}, 0, 0, &state.reached, &state.regexes},
        state.slots,
        state.memos,
        0,
        state.made,
        {},
        {},
        {}});
    frame.program = &program;
    frame.recursion = state.limits.recursion;
    state.frame_of = program.serial;
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
    if (!frame.focus.present) return;
    for (const SequenceType& type : program.context_types) {
        if (!matches(Value(frame.focus.item), type, &frame.steps))
            fail(Code::XPTY0004, "the context item is not of its declared type " + to_string(type));
    }
}

}  // namespace

std::uint64_t Program::next_serial() {
    static std::atomic<std::uint64_t> last = 0;
    return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

std::size_t Program::memory() const {
    std::size_t bytes = sizeof(Program) + arena.held();
    for (const Module& module : modules) {
        bytes += sizeof(Module) + module.text.capacity() + module.source.capacity() +
                 module.namespaces.capacity() * sizeof(NamespaceBinding);
    }
    for (const Diagnostic& warning : warnings)
        bytes += sizeof(warning) + warning.message.capacity() + warning.hint.capacity();
    return bytes + externals.capacity() * sizeof(ExternalVariable);
}

const Program::Module& Program::module_at(std::size_t offset) const {
    const auto next = std::find_if(std::next(modules.begin()), modules.end(),
                                   [&](const Module& module) { return module.first > offset; });
    return *std::prev(next);
}

Program::Module& Program::add_module(std::string_view text, std::string_view source) {
    // One byte between two texts, so that the end of each is a place of its own.
    const std::size_t first = modules.empty() ? 0 : modules.back().first + modules.back().text.size() + 1;
    Module& module = modules.emplace_back();
    module.text = text;
    module.source = source;
    module.first = first;
    module.statics.collation_names = collation_names;
    return module;
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
    Binding& added = bindings.emplace_back();
    added.uri = uri;
    added.local = name;
    return added;
}

plan::Frame begin_within(const Program& program, const plan::Frame& caller) {
    plan::Frame frame = caller;
    frame.focus = frame.initial_focus = {};
    frame.watcher = nullptr;  // which knows the caller's expressions
    frame.program = &program;
    frame.statics = &program.main().statics;
    frame.slots = cleared(frame.arena, program.slots, Value());
    frame.made = cleared(frame.arena, program.prolog_slots, plan::Making::not_begun);
    frame.memos = cleared(frame.arena, program.memos, plan::NameMemo());
    frame.external = cleared(frame.arena, program.externals.size(), Value());
    frame.bound = cleared(frame.arena, program.externals.size(), false);
    return frame;
}

plan::Frame& begin(const Program& program, ContextState& state) {
    state.arena.reset();
    state.steps.reset();
    if (!state.reached.documents.empty()) state.reached.documents.clear();
    if (state.frame_of != program.serial) make_frame(program, state);
    plan::Frame& frame = *state.frame;
    frame.current_time_ms = state.current_time_ms;
    frame.implicit_zone = state.zone;
    frame.where = 0;
    frame.focus = state.focus;
    std::fill(frame.made.begin(), frame.made.end(), plan::Making::not_begun);
    try {
        if (!program.externals.empty()) bind_external(program, state, frame);
        if (!program.context_types.empty() || program.context_default != nullptr)
            settle_context_item(program, frame);
    } catch (Error& error) {
        if (error.offset == Error::kNowhere) error.offset = frame.where;
        throw;
    }
    frame.initial_focus = frame.focus;
    return frame;
}

Diagnostic diagnose(const Error& error, const Program& program) {
    Diagnostic d;
    d.code = error.name.empty() ? std::string(code_name(error.code)) : error.name;
    if (!error.uri.empty() && error.uri != kErrNamespace) d.code = "Q{" + error.uri + "}" + d.code;
    d.message = error.message;
    d.hint = error.hint;
    d.source = program.main().source;
    if (error.offset != Error::kNowhere) {
        const Program::Module& module = program.module_at(error.offset);
        d.source = module.source;
        syntax::set_place(d, module.text, error.offset - module.first, error.length);
    }
    return d;
}

}  // namespace clacks::xquery::detail
