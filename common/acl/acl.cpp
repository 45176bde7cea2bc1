#include "common/acl/acl.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "common/acl/rules.hpp"
#include "common/base/text_file.hpp"

namespace clacks::acl {

namespace {

// What is remembered of names that come from outside; beyond it, it is forgotten and decided anew.
constexpr std::size_t kMaxUsers = 10'000;
constexpr std::size_t kMaxEvents = 10'000;

bool any_matches(const std::vector<Pattern>& patterns, std::string_view text) {
    return std::any_of(patterns.begin(), patterns.end(),
                       [&](const Pattern& pattern) { return pattern.matches(text); });
}

using Groups = std::set<std::string_view>;

Groups groups_of(const Rules& rules, std::string_view user) {
    Groups found;
    for (const auto& [name, members] : rules.groups)
        if (any_matches(members, user)) found.insert(name);
    return found;
}

bool has(const Members& members, std::string_view user, const Groups& groups) {
    return any_matches(members.users, user) ||
           std::any_of(members.groups.begin(), members.groups.end(),
                       [&](const std::string& group) { return groups.contains(group); });
}

}  // namespace

bool TopicPattern::matches(std::string_view topic, const std::vector<Pattern>& ids) const {
    if (around.size() == 1) return around.front().matches(topic);
    return std::any_of(ids.begin(), ids.end(), [&](const Pattern& id) {
        Pattern whole = around.front();
        for (std::size_t i = 1; i < around.size(); ++i) whole = std::move(whole) + id + around[i];
        return whole.matches(topic);
    });
}

std::uint32_t Decision::line() const {
    return rule ? rule->line : 0;
}

std::string_view Decision::text() const {
    return rule ? std::string_view(rule->text) : std::string_view();
}

Rights::Rights(std::shared_ptr<const Rules> rules, const std::string& domain, const std::string& user)
    : all_(std::move(rules)), events_(domain + ".event.") {
    const Groups groups = groups_of(*all_, user);
    agent_ = groups.contains(kAgentsGroup);
    for (const Rule& rule : all_->rules)
        if (has(rule.members, user, groups)) rules_.push_back(&rule);
    ids_.push_back(Pattern::exactly(user));
    for (const Identity& identity : all_->identities)
        if (has(identity.members, user, groups))
            ids_.insert(ids_.end(), identity.ids.begin(), identity.ids.end());
}

Decision Rights::decide(std::string_view topic, Right right) const {
    for (const Rule* rule : rules_) {
        if ((rule->rights & static_cast<unsigned>(right)) == 0) continue;
        if (std::any_of(rule->topics.begin(), rule->topics.end(),
                        [&](const TopicPattern& pattern) { return pattern.matches(topic, ids_); }))
            return {rule->allow, rule};
    }
    return {};
}

Rights::Events Rights::both(const std::string& name) const {
    {
        const std::shared_lock lock(mutex_);
        if (const auto found = decided_.find(name); found != decided_.end()) return found->second;
    }
    const std::string topic = events_ + name;
    const Events events{decide(topic, Right::send), decide(topic, Right::receive)};
    const std::unique_lock lock(mutex_);
    if (decided_.size() >= kMaxEvents) decided_.clear();
    decided_.emplace(name, events);
    return events;
}

Decision Rights::event(const std::string& name, Right right) const {
    const Events events = both(name);
    return right == Right::send ? events.send : events.receive;
}

bool Rights::owns(std::string_view id) const {
    return any_matches(ids_, id);
}

Acl::Acl(std::shared_ptr<const Rules> rules, std::string file, std::string domain)
    : rules_(std::move(rules)), file_(std::move(file)), domain_(std::move(domain)) {}

Result<AclPtr, Diagnostics> Acl::parse(std::string_view text, const std::string& file,
                                       const std::string& domain) {
    auto rules = parse_rules(text, file, domain);
    if (!rules) return std::move(rules).error();
    return AclPtr(new Acl(std::make_shared<const Rules>(std::move(*rules)), file, domain));
}

Result<AclPtr, Diagnostics> Acl::read(const std::filesystem::path& file, const std::string& domain) {
    const auto text = read_text_file(file, "an access control list");
    if (!text) return Diagnostics{text.error()};
    return parse(*text, file.string(), domain);
}

AclPtr Acl::none(const std::string& domain) {
    return AclPtr(new Acl(std::make_shared<const Rules>(), "", domain));
}

std::shared_ptr<const Rights> Acl::rights_of(const std::string& user) const {
    {
        const std::shared_lock lock(mutex_);
        if (const auto found = users_.find(user); found != users_.end()) return found->second;
    }
    auto rights = std::make_shared<const Rights>(rules_, domain_, user);
    const std::unique_lock lock(mutex_);
    if (users_.size() >= kMaxUsers) users_.clear();
    return users_.emplace(user, std::move(rights)).first->second;
}

std::string Acl::event_topic(std::string_view name) const {
    return domain_ + ".event." + std::string(name);
}

std::string Acl::command_topic(std::string_view queue, std::string_view method) const {
    return domain_ + ".command." + std::string(queue) + "." + std::string(method);
}

std::string Acl::client_topic(std::string_view id) const {
    return domain_ + ".client." + std::string(id);
}

}  // namespace clacks::acl
