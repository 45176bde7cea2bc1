#include "agent/pipeline/match.hpp"

#include <algorithm>
#include <optional>
#include <type_traits>

#include "common/base/text.hpp"
#include "common/matching/understanding.hpp"
#include "common/xquery/analysis/conditions.hpp"

namespace clacks {

namespace {

xquery::AtomicValue value_of(const PropertyValue& property) {
    return std::visit(
        [](const auto& value) -> xquery::AtomicValue {
            using T = std::decay_t<decltype(value)>;
            if constexpr (std::is_same_v<T, std::string>)
                return std::string_view(value);
            else if constexpr (std::is_same_v<T, WallTime>)
                return std::chrono::time_point_cast<std::chrono::milliseconds>(value);
            else
                return value;
        },
        property);
}

const PropertyValue* find(const Properties& properties, std::string_view name) {
    const auto found = std::find_if(properties.begin(), properties.end(),
                                    [&](const auto& property) { return property.first == name; });
    return found == properties.end() ? nullptr : &found->second;
}

// What a filter sees under a name: the agent's own words first, then the sender's.
std::optional<xquery::AtomicValue> visible(const EventMessage& message, std::string_view name) {
    if (name == "message-id") return std::string_view(message.message_id);
    if (name == "user-id") return std::string_view(message.user_id);
    if (name == "creation-time") return value_of(message.creation_time);
    if (name == "content-type") return std::string_view("application/xml");
    if (name == "event") return std::string_view(message.event->name);
    if (name == "node") return std::string_view(message.node);
    if (const auto* value = find(message.standard_properties, name)) return value_of(*value);
    if (name == "subject") return std::string_view("event");
    if (const auto* value = find(message.application_properties, name)) return value_of(*value);
    return std::nullopt;
}

// XQuery 3.1, 2.1.2: a variable without a value. Said for every declared one, used or not, so that a
// filter does not behave differently from one event to the next.
Diagnostic lacking(const xquery::ExternalVariable& variable) {
    Diagnostic problem;
    problem.code = "XPDY0002";
    problem.source = "filter";
    problem.message = "the message has no property for the external variable $" + variable.local +
                      ", and its type " + variable.type + " does not allow for none";
    problem.hint = "declare it with a type that may be empty, as " + variable.type + "?";
    return problem;
}

xquery::CompileOptions compile_options(const xquery::Limits& limits) {
    xquery::CompileOptions options;
    options.namespaces = {{"e", std::string(events::kNamespace)}};
    options.source = "filter";
    options.limits = limits;
    return options;
}

}  // namespace

void Subscriber::keep_error(const std::string& text) {
    const std::lock_guard lock(error_mutex_);
    last_error_ = text;
    left_out_ = false;
}

void Subscriber::leave_out() {
    ++counters.errors;
    if (left_out_) return;
    keep_error(to_string(budget->exhausted()));
    left_out_ = true;
}

void SubscriptionCounters::evaluation(std::uint64_t steps_used) {
    evaluated.fetch_add(1, std::memory_order_relaxed);
    steps.fetch_add(steps_used, std::memory_order_relaxed);
    std::uint64_t most = most_steps.load(std::memory_order_relaxed);
    while (steps_used > most &&
           !most_steps.compare_exchange_weak(most, steps_used, std::memory_order_relaxed)) {
    }
}

std::string Subscriber::judge(const KnownFilter& known) {
    indexed = known.query == nullptr;
    std::string now = to_string(known.never);
    if (now == never) return {};
    never = std::move(now);
    const std::string who = "the filter of subscription " + std::to_string(id) + " of " + owner;
    return never.empty() ? who + " can match events again"
                         : who + " can match no event: " + one_line(never, 1000);
}

SubscriptionInfo Subscriber::info() const {
    SubscriptionInfo info;
    info.id = id;
    info.owner = owner;
    info.filter = filter;
    info.link = link;
    info.never = never;
    info.since = since;
    info.evaluated = counters.evaluated;
    info.errors = counters.errors;
    info.steps = counters.steps;
    info.most_steps = counters.most_steps;
    info.indexed = indexed;
    info.counts = counts();
    const std::lock_guard lock(error_mutex_);
    info.last_error = last_error_;
    return info;
}

DeliveryCounts Subscriber::counts() const {
    DeliveryCounts all = delivery->counts();
    const std::uint64_t failed = counters.failed;
    all.matched += failed;
    all.drop(DropReason::failed, failed);
    return all;
}

Result<xquery::Query, Diagnostics> compile_filter(const std::string& text, const xquery::Limits& limits) {
    return xquery::Query::compile(text, compile_options(limits));
}

Result<KnownFilter, Diagnostics> know_filter(const std::string& text, const xquery::Limits& limits,
                                             const events::Catalogue& catalogue) {
    KnownFilter known;
    if (text.empty()) return known;
    auto query = compile_filter(text, limits);
    if (!query) return std::move(query).error();
    const auto condition = xquery::analysis::condition_of(text, compile_options(limits));
    if (!condition) return condition.error();
    auto understanding = matching::understand(*condition, catalogue);
    known.events = std::move(understanding.events);
    known.condition = std::move(understanding.condition);
    known.never = std::move(understanding.problems);
    if (known.events.empty()) {
        known.condition = {};
        known.condition.kind = xquery::analysis::Condition::Kind::never;
    }
    // A message may lack what an external variable needs, which is an error.
    if (!understanding.sufficient || !query->external_variables().empty())
        known.query = std::make_shared<const xquery::Query>(std::move(*query));
    return known;
}

Result<void> bind_message(const xquery::Query& query, const EventMessage& message,
                          xquery::DynamicContext& context) {
    context.clear_variables();
    for (const xquery::ExternalVariable& variable : query.external_variables()) {
        const auto value = variable.uri.empty() ? visible(message, variable.local) : std::nullopt;
        if (value)
            context.bind(variable.local, *value);
        else if (!variable.allows_empty && !variable.has_default)
            return lacking(variable);
        else if (!variable.has_default)  // what a message lacks is empty
            context.bind("Q{" + variable.uri + "}" + variable.local, std::monostate());
    }
    context.set_context_item(*message.event->tree);
    context.set_current_time(std::chrono::time_point_cast<std::chrono::milliseconds>(message.creation_time));
    return {};
}

}  // namespace clacks
