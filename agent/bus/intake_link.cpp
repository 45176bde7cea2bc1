#include "agent/bus/intake_link.hpp"

#include "agent/bus/decoder.hpp"
#include "common/base/text.hpp"

namespace clacks::bus {

Result<void, Refusal> intake_target(const OpenIntake& intake, std::string_view address) {
    const std::string& own = intake.wanted.address;
    std::string_view path = address;
    if (path.starts_with('/')) path.remove_prefix(1);
    if (path == own || (path.starts_with(own) && path[own.size()] == '/')) return {};
    return Refusal{"amqp:not-found",
                   "'" + one_line(address, 120) + "' is not known here; this listener takes messages to '" +
                       own + "' only, and everything else goes to the agent's own listeners, with a login"};
}

IntakeLink::IntakeLink(pn_link_t* link, Shared& shared, Peer peer, std::shared_ptr<const OpenIntake> intake,
                       bool named)
    : IncomingLink(link, shared, std::move(peer)), intake_(std::move(intake)), named_(named) {}

Result<void, Refusal> IntakeLink::take(std::string_view bytes) {
    auto message = decode(bytes);
    if (!message) return std::move(message).error();
    if (!named_)
        if (auto found = intake_target(*intake_, message->to); !found) return found;
    if (intake_->handler(std::move(message->body))) return {};
    return Refusal{"amqp:resource-deleted", "the module that listened here has ended"};
}

}  // namespace clacks::bus
