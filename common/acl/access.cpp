#include "common/acl/access.hpp"

#include <utility>

#include "common/base/text.hpp"

namespace clacks::acl {

namespace {

Diagnostic refusal(const std::string& user, const std::string& what, const std::string& why) {
    Diagnostic problem;
    problem.code = "not-permitted";
    problem.message = "the user '" + one_line(user, 80) + "' may not " + what + ": " + why;
    return problem;
}

Diagnostic decided(const Acl& acl, const std::string& user, const std::string& what, const Decision& decision,
                   const std::string& topic, Right right) {
    if (!acl.configured()) {
        Diagnostic problem = refusal(user, what, "this agent has no ACL, so nobody may do anything");
        problem.hint = "its administrator sets [acl] file";
        return problem;
    }
    Diagnostic problem =
        refusal(user, what,
                decision.rule ? "line " + std::to_string(decision.line()) + " of the ACL denies it"
                              : "no line of the ACL allows it");
    problem.hint = "its administrator can see it by: clacks acl check " + one_line(user, 80) + " " +
                   one_line(topic, 120) + (right == Right::receive ? " r" : "");
    return problem;
}

}  // namespace

AclPtr Access::current() const {
    const std::lock_guard lock(mutex_);
    return acl_;
}

void Access::replace(AclPtr acl) {
    const std::lock_guard lock(mutex_);
    acl_.swap(acl);
}

bool Access::tells_of_somebody(std::string_view event) {
    return event.starts_with("Node") || event.starts_with("Client") || event == "UserSession";
}

Result<void, Diagnostic> Access::may_publish(const std::string& user, const std::string& event,
                                             std::string_view id) const {
    const AclPtr acl = current();
    const auto rights = acl->rights_of(user);
    const Decision decision = rights->event(event, Right::send);
    if (decision.allowed &&
        (!tells_of_somebody(event) || rights->agent() || (!id.empty() && rights->owns(id))))
        return {};
    const std::string what = "send the event '" + event + "'";
    if (!decision.allowed) return decided(*acl, user, what, decision, acl->event_topic(event), Right::send);
    if (id.empty()) {
        Diagnostic problem = refusal(user, what, "it has no Id, so only an agent may send it");
        problem.hint = "agents are the members of the ACL's group 'agents'";
        return problem;
    }
    Diagnostic problem = refusal(user, what + " with the Id '" + one_line(id, 80) + "'",
                                 "it is not the sender's own, and the sender is no agent");
    problem.hint = "log in as that user, or give the Id to this one by a line of the ACL: identity " +
                   one_line(user, 80) + " " + one_line(id, 80);
    return problem;
}

Result<void, Diagnostic> Access::may_call(const std::string& user, std::string_view provider,
                                          std::string_view method) const {
    const AclPtr acl = current();
    const std::string topic = acl->command_topic(provider, method);
    const Decision decision = acl->rights_of(user)->decide(topic, Right::send);
    if (decision.allowed) return {};
    return decided(*acl, user, "call '" + one_line(method, 80) + "'", decision, topic, Right::send);
}

Result<void, Diagnostic> Access::may_use_client(const std::string& user, std::string_view id,
                                                Right right) const {
    const AclPtr acl = current();
    const std::string topic = acl->client_topic(id);
    const Decision decision = acl->rights_of(user)->decide(topic, right);
    if (decision.allowed) return {};
    return decided(
        *acl, user,
        std::string(right == Right::send ? "send to" : "receive at") + " '" + one_line(topic, 120) + "'",
        decision, topic, right);
}

Diagnostic nothing_to_read(const Acl& acl, const std::string& user) {
    return decided(acl, user, "receive any event", {}, acl.event_topic("NAME"), Right::receive);
}

}  // namespace clacks::acl
