#include "common/xquery/xquery.hpp"

#include <algorithm>
#include <new>

#include "common/xquery/plan/compile.hpp"
#include "common/xquery/plan/evaluation.hpp"
#include "common/xquery/plan/explain.hpp"
#include "common/xquery/serialize/serializer.hpp"
#include "common/xquery/values/atomize.hpp"

namespace clacks::xquery {

namespace {

Error out_of_memory() {
    return {Code::limit_memory, "there is no more memory for this query", {}, {}};
}

// Runs `action(frame)` in the context; what is thrown becomes a Diagnostic.
template <class T, class Action>
Result<T> run(const detail::Program& program, detail::ContextState& state, Action action) {
    std::size_t where = 0;
    try {
        plan::Frame& frame = detail::begin(program, state);
        try {
            return action(frame);
        } catch (Error& error) {
            if (error.offset == Error::kNowhere) error.offset = frame.where;
            throw;
        } catch (const std::bad_alloc&) {
            where = frame.where;
            throw;
        }
    } catch (const Error& error) {
        state.frame_of = 0;
        return detail::diagnose(error, program);
    } catch (const std::bad_alloc&) {
        state.frame_of = 0;
        Error error = out_of_memory();
        error.offset = where;
        return detail::diagnose(error, program);
    }
}

// For people, who are better served by a part than by an error.
std::string adaptive(const detail::SequenceState& state, const Value& value) {
    SerializationParameters parameters;
    parameters.method = "adaptive";
    Steps steps(state.program->limits.steps);
    std::string out;
    for (std::uint64_t i = 0; i < value.size(); ++i) {
        try {
            const std::string text =
                xquery::serialize(value[i], parameters, steps, state.program->limits.memory - out.size());
            if (i > 0) out += '\n';
            out += text;
        } catch (const Error&) {
            return out + " …";
        }
    }
    return out;
}

}  // namespace

std::span<const std::string_view> rewrites() {
    return plan::rewrite_names();
}

Query::Query(std::shared_ptr<const detail::Program> program) : program_(std::move(program)) {}

Result<Query, Diagnostics> Query::compile(std::string_view text, const CompileOptions& options) {
    auto compiled = detail::compile(text, options);
    if (!compiled) return std::move(compiled).error();
    return Query(std::move(compiled).value());
}

const Diagnostics& Query::warnings() const {
    return program_->warnings;
}

Result<bool> Query::matches(DynamicContext& context) const {
    return run<bool>(*program_, *context.state_,
                     [&](plan::Frame& frame) { return program_->body->ebv(frame); });
}

Result<Sequence> Query::evaluate(DynamicContext& context) const {
    detail::ContextState& state = *context.state_;
    return run<Sequence>(*program_, state, [&](plan::Frame& frame) {
        const Value value = program_->body->all(frame);
        // A range is not written out, but whoever reads the result will go through it.
        if (value.is_range()) frame.steps.take(value.size());
        state.result = {value, program_};
        Sequence sequence;
        sequence.state_ = &state.result;
        return sequence;
    });
}

Explanation Query::explain(DynamicContext& context) const {
    plan::Watcher watcher(*program_);
    Explanation explanation;
    explanation.verdict = run<bool>(*program_, *context.state_, [&](plan::Frame& frame) {
        frame.watcher = &watcher;
        return program_->body->ebv(frame);
    });
    context.state_->frame_of = 0;  // nobody watches the next one
    explanation.expressions = plan::explained(*program_, watcher, explanation.verdict);
    return explanation;
}

Result<SerializationParameters> Query::serialization(SerializationParameters defaults) const {
    try {
        detail::apply_output(*program_, defaults);
        return defaults;
    } catch (const Error& error) {
        return detail::diagnose(error, *program_);
    }
}

std::span<const ExternalVariable> Query::external_variables() const {
    return program_->externals;
}

std::string_view Query::text() const {
    return program_->main().text;
}

std::size_t Query::memory() const {
    return program_->memory();
}

DynamicContext::DynamicContext(const Limits& limits)
    : state_(std::make_unique<detail::ContextState>(limits)) {}
DynamicContext::DynamicContext(DynamicContext&&) noexcept = default;
DynamicContext& DynamicContext::operator=(DynamicContext&&) noexcept = default;
DynamicContext::~DynamicContext() = default;

void DynamicContext::set_context_item(const xml::Tree& tree, xml::NodeIndex node) {
    state_->focus = {Item::of_node(tree, node), 1, 1, true};
}

void DynamicContext::set_context_item(const Sequence& item) {
    if (item.size() == 1) state_->focus = {item.state_->value.front(), 1, 1, true};
}

void DynamicContext::clear_context_item() {
    state_->focus = {};
}

void DynamicContext::bind(std::string_view name, const AtomicValue& value) {
    detail::ContextState::Binding& binding = state_->binding(name);
    binding.value = value;
    binding.items.reset();
}

void DynamicContext::bind(std::string_view name, const Sequence& value) {
    state_->binding(name).items = value.state_ == nullptr ? Value() : value.state_->value;
}

void DynamicContext::clear_variables() {
    state_->bindings.clear();
}

void DynamicContext::set_current_time(Timestamp time) {
    state_->current_time_ms = time.time_since_epoch().count();
}

void DynamicContext::set_implicit_timezone(int minutes) {
    state_->zone = static_cast<std::int16_t>(std::clamp(minutes, -840, 840));
}

const Limits& DynamicContext::limits() const {
    return state_->limits;
}

std::uint64_t DynamicContext::steps_used() const {
    return state_->steps.used();
}

std::size_t DynamicContext::memory_used() const {
    return state_->arena.used();
}

std::size_t Sequence::size() const {
    return state_ == nullptr ? 0 : state_->value.size();
}

std::string Sequence::item(std::size_t i) const {
    return i < size() ? adaptive(*state_, state_->value[i]) : std::string();
}

std::string Sequence::serialize() const {
    return state_ == nullptr ? std::string() : adaptive(*state_, state_->value);
}

Result<std::string> Sequence::serialize(const SerializationParameters& parameters) const {
    if (state_ == nullptr) return std::string();
    const Limits& limits = state_->program->limits;
    Steps steps(limits.steps);
    try {
        return xquery::serialize(state_->value, parameters, steps, limits.memory);
    } catch (const Error& error) {
        return detail::diagnose(error, *state_->program);
    }
}

Result<bool> Sequence::effective_boolean_value() const {
    if (state_ == nullptr) return false;
    try {
        return xquery::effective_boolean_value(state_->value);
    } catch (const Error& error) {
        return detail::diagnose(error, *state_->program);
    }
}

}  // namespace clacks::xquery
