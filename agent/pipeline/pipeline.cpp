#include "agent/pipeline/pipeline.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <shared_mutex>
#include <utility>

#include "agent/pipeline/audience.hpp"
#include "agent/pipeline/expressions.hpp"
#include "agent/pipeline/workplace.hpp"
#include "common/base/uuid.hpp"
#include "common/events/fields.hpp"

namespace clacks {

namespace {

// The names of the events that somebody may read; nothing: all of them, as the agent's own modules may.
using Readable = std::optional<std::set<std::string, std::less<>>>;
using KnownFilters = std::map<std::string, KnownFilter, std::less<>>;  // by text

bool may_read(const Readable& readable, const std::string& event) {
    return !readable || readable->contains(event);
}

}  // namespace

struct Pipeline::State {
    State(PipelineOptions given, const acl::Access& rights, Counters& counted, const Clock& time)
        : options(std::move(given)),
          limits(filter_limits(options)),
          access(rights),
          counters(counted),
          clock(time),
          budgets(options.steps_per_second),
          workplaces(limits) {}

    const PipelineOptions options;
    const xquery::Limits limits;
    const acl::Access& access;
    Counters& counters;
    const Clock& clock;

    // Changed with the table's lock held, too: the table's filters are known beside this one.
    mutable std::mutex catalogue_mutex;
    events::CataloguePtr catalogue;

    // Everyone passes the turnstile before the table's lock, so that a steady stream of publishers,
    // whose shared locks overlap, cannot keep a new or an ending subscription waiting for ever.
    mutable std::mutex turnstile;
    mutable std::shared_mutex table_mutex;
    // By what their owners may read, so that rights are looked at once for an event and not for each of its
    // subscriptions, and a filter is never asked about an event that is none of its owner's business.
    std::map<Readable, Audience> audiences;
    std::uint64_t last_id = 0;
    DeliveryCounts ended;  // of subscriptions that are no more

    FilterBudgets budgets;
    Workplaces workplaces;

    std::shared_lock<std::shared_mutex> reading() const {
        const std::lock_guard turn(turnstile);
        return std::shared_lock(table_mutex);
    }

    std::unique_lock<std::shared_mutex> writing() const {
        const std::lock_guard turn(turnstile);
        return std::unique_lock(table_mutex);
    }

    EventMessagePtr make_message(events::EventPtr event, Publication& publication) const {
        auto message = std::make_shared<EventMessage>();
        message->event = std::move(event);
        message->message_id = random_uuid();
        message->user_id = std::move(publication.user);
        message->node = options.node;
        message->creation_time = clock.wall();
        message->standard_properties = std::move(publication.properties);
        message->application_properties = std::move(publication.application_properties);
        return message;
    }

    void count_error(const FilterGroup& group, const Diagnostic& problem) {
        ++counters.filter_errors;
        const std::string text = to_string(problem);
        for (const auto& subscriber : group.subscribers) {
            ++subscriber->counters.errors;
            subscriber->keep_error(text);
        }
    }

    static bool can_be_paid(const FilterGroup& group, SteadyTime now) {
        return std::any_of(group.payers.begin(), group.payers.end(),
                           [now](const auto& payer) { return !payer.budget || payer.budget->left(now); });
    }

    // Nobody can pay for the evaluation.
    void leave_out(const FilterGroup& group, SteadyTime now) {
        ++counters.filters_left_out;
        for (const auto& subscriber : group.subscribers) subscriber->leave_out();
        for (const auto& payer : group.payers)
            if (const auto more = payer.budget->left_out(now))
                options.warn("filter-budget", to_string(payer.budget->exhausted()) + *more);
    }

    bool is_true(const FilterGroup& group, const EventMessage& message, xquery::DynamicContext& context,
                 SteadyTime now) {
        if (!can_be_paid(group, now)) {
            leave_out(group, now);
            return false;
        }
        const auto bound = bind_message(*group.query, message, context);
        const Result<bool> verdict = bound ? group.query->matches(context) : Result<bool>(bound.error());
        const std::uint64_t steps = bound ? context.steps_used() : 0;
        for (const auto& subscriber : group.subscribers) subscriber->counters.evaluation(steps);
        for (const auto& payer : group.payers)
            if (payer.budget) payer.budget->pay(steps, now);
        if (verdict) return *verdict;
        count_error(group, verdict.error());
        return false;
    }

    // A subscriber that fails is its own loss, never the publisher's.
    bool hand_over(Subscriber& subscriber, const EventMessagePtr& message) {
        try {
            subscriber.delivery->deliver(message);
            return true;
        } catch (...) {
            ++subscriber.counters.failed;
            return false;
        }
    }

    std::size_t distribute(const EventMessagePtr& message) {
        Workplaces::Lease workplace(workplaces);
        std::size_t matched = 0;
        const auto lock = reading();
        for (const auto& [readable, audience] : audiences)
            if (may_read(readable, message->event->name))
                matched += distribute(audience, message, *workplace);
        return matched;
    }

    std::size_t distribute(const Audience& audience, const EventMessagePtr& message, Workplace& workplace) {
        std::size_t matched = 0;
        const SteadyTime now = clock.steady();
        audience.candidates(*message->event, workplace.scratch, workplace.candidates);
        for (const matching::Candidate& candidate : workplace.candidates) {
            const FilterGroup& group = audience.group(candidate.filter);
            if (!candidate.decided && !is_true(group, *message, workplace.context, now)) continue;
            for (const auto& subscriber : group.subscribers) matched += hand_over(*subscriber, message);
        }
        return matched;
    }

    events::CataloguePtr current_catalogue() const {
        const std::lock_guard lock(catalogue_mutex);
        return catalogue;
    }

    Readable readable(const std::string& owner, bool own) const {
        if (own) return std::nullopt;
        const auto rights = access.current()->rights_of(owner);
        std::set<std::string, std::less<>> names;
        for (const events::EventType& type : current_catalogue()->types())
            if (rights->event(type.name, acl::Right::receive).allowed) names.insert(type.name);
        return names;
    }

    // As SubscriptionInfo tells them. With the table's lock held.
    std::optional<std::vector<std::string>> events_of(const Readable& readable, const std::string& filter,
                                                      const FilterGroup& group) const {
        const auto types = catalogue->types();
        std::vector<std::string> names;
        const auto add = [&](const std::string& name) {
            if (may_read(readable, name)) names.push_back(name);
        };
        if (filter.empty())
            for (const events::EventType& type : types) add(type.name);
        else
            for (const std::string& name : group.events) add(name);
        if (names.size() == types.size()) return std::nullopt;
        return names;
    }

    std::set<std::string> texts() const {
        std::set<std::string> all;
        const auto lock = reading();
        for (const auto& [unused, audience] : audiences)
            for (const auto& [text, group] : audience.groups()) all.insert(text);
        return all;
    }

    // Of a text that can be used.
    const KnownFilter& know(const std::string& text, const events::Catalogue& beside,
                            KnownFilters& known) const {
        const auto found = known.find(text);
        if (found != known.end()) return found->second;
        return known.emplace(text, know_filter(text, limits, beside).value()).first->second;
    }

    // Events of both catalogues may be on their way meanwhile; each is judged by the one that is in force
    // when it is distributed.
    void replace_catalogue(events::CataloguePtr replacement) {
        KnownFilters filters;
        for (const std::string& text : texts()) know(text, *replacement, filters);
        const auto lock = writing();
        {
            const std::lock_guard catalogue_lock(catalogue_mutex);
            catalogue.swap(replacement);
        }
        std::map<std::pair<std::string, bool>, Readable> known;  // by owner
        for (const auto& [unused, audience] : std::exchange(audiences, {}))
            for (const auto& [text, group] : audience.groups())
                for (const auto& subscriber : group.subscribers) {
                    const auto [found, added] = known.try_emplace({subscriber->owner, subscriber->own});
                    if (added) found->second = readable(subscriber->owner, subscriber->own);
                    const KnownFilter& filter = know(text, *catalogue, filters);
                    judge(*subscriber, filter);
                    audiences[found->second].add(subscriber, filter);
                }
    }

    // With the table's lock held.
    void judge(Subscriber& subscriber, const KnownFilter& filter) const {
        const std::string change = subscriber.judge(filter);
        if (!change.empty()) options.warn("filter-never", change);
    }

    // The filter is known beside the catalogue.
    void add(const std::shared_ptr<Subscriber>& subscriber, KnownFilter filter,
             const events::CataloguePtr& beside) {
        const auto lock = writing();
        if (beside != catalogue) filter = know_filter(subscriber->filter, limits, *catalogue).value();
        subscriber->id = ++last_id;
        judge(*subscriber, filter);
        audiences[readable(subscriber->owner, subscriber->own)].add(subscriber, filter);
        ++counters.subscriptions;
    }

    void remove(const std::shared_ptr<Subscriber>& subscriber) {
        const auto lock = writing();
        for (auto audience = audiences.begin(); audience != audiences.end(); ++audience) {
            if (!audience->second.remove(*subscriber)) continue;
            if (audience->second.groups().empty()) audiences.erase(audience);
            ended += subscriber->counts();
            --counters.subscriptions;
            return;
        }
    }
};

namespace {

template <class State>
class Handle final : public Subscription {
  public:
    Handle(std::shared_ptr<State> state, std::shared_ptr<Subscriber> subscriber)
        : state_(std::move(state)), subscriber_(std::move(subscriber)) {}
    ~Handle() override { state_->remove(subscriber_); }
    std::uint64_t id() const override { return subscriber_->id; }

  private:
    std::shared_ptr<State> state_;
    std::shared_ptr<Subscriber> subscriber_;
};

Result<void, Diagnostic> permitted(const acl::Access& access, const Publication& publication,
                                   const events::Event& event) {
    if (!publication.module.empty()) return {};
    const bool somebody = acl::Access::tells_of_somebody(event.name);
    return access.may_publish(publication.user, event.name, somebody ? events::field(event, "Id") : "");
}

}  // namespace

Pipeline::Pipeline(events::CataloguePtr catalogue, PipelineOptions options, const acl::Access& access,
                   Counters& counters, const Clock& clock)
    : state_(std::make_shared<State>(std::move(options), access, counters, clock)) {
    state_->catalogue = std::move(catalogue);
}

Pipeline::~Pipeline() = default;

Result<Published> Pipeline::publish(Publication publication) {
    auto event = catalogue()->parse(std::move(publication.document));
    if (!event) {
        ++state_->counters.rejected;
        return std::move(event).error();
    }
    if (auto may = permitted(state_->access, publication, **event); !may) {
        ++state_->counters.rejected;
        return std::move(may).error();
    }
    const EventMessagePtr message = state_->make_message(std::move(*event), publication);
    ++state_->counters.published;
    const std::size_t matched = state_->distribute(message);
    return Published{message->message_id, matched};
}

Result<void, Diagnostics> Pipeline::check(const std::string& filter) const {
    auto query = compile_filter(filter, state_->limits);
    if (!query) return std::move(query).error();
    return {};
}

Result<std::unique_ptr<Subscription>, Diagnostics> Pipeline::subscribe(SubscriptionRequest request) {
    if (state_->readable(request.owner, request.own) == Readable(std::in_place))
        return Diagnostics{acl::nothing_to_read(*state_->access.current(), request.owner)};
    const events::CataloguePtr beside = catalogue();
    auto filter = know_filter(request.filter, state_->limits, *beside);
    if (!filter) {
        ++state_->counters.filters_refused;
        return std::move(filter).error();
    }
    if (!filter->never.empty() && !request.lenient && !request.own) {
        ++state_->counters.filters_refused;
        return std::move(filter->never);
    }
    auto subscriber = std::make_shared<Subscriber>();
    subscriber->owner = std::move(request.owner);
    subscriber->link = std::move(request.link);
    subscriber->filter = std::move(request.filter);
    subscriber->delivery = std::move(request.delivery);
    subscriber->own = request.own;
    if (!request.own) subscriber->budget = state_->budgets.of(subscriber->owner, state_->clock.steady());
    subscriber->since = state_->clock.wall();
    state_->add(subscriber, std::move(*filter), beside);
    return std::unique_ptr<Subscription>(std::make_unique<Handle<State>>(state_, std::move(subscriber)));
}

std::vector<SubscriptionInfo> Pipeline::list() const {
    std::vector<SubscriptionInfo> out;
    const auto lock = state_->reading();
    for (const auto& [readable, audience] : state_->audiences)
        for (const auto& [text, group] : audience.groups()) {
            const auto events = state_->events_of(readable, text, group);
            for (const auto& subscriber : group.subscribers) {
                out.push_back(subscriber->info());
                out.back().events = events;
            }
        }
    std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
    return out;
}

DeliveryCounts Pipeline::totals() const {
    const auto lock = state_->reading();
    DeliveryCounts all = state_->ended;
    for (const auto& [readable, audience] : state_->audiences)
        for (const auto& [text, group] : audience.groups())
            for (const auto& subscriber : group.subscribers) all += subscriber->counts();
    return all;
}

events::CataloguePtr Pipeline::catalogue() const {
    return state_->current_catalogue();
}

void Pipeline::replace_catalogue(events::CataloguePtr catalogue) {
    state_->replace_catalogue(std::move(catalogue));
}

}  // namespace clacks
