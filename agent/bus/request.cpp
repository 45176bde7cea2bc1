#include "agent/bus/request.hpp"

#include "agent/bus/reply_link.hpp"
#include "common/base/text.hpp"

namespace clacks::bus {

Result<void, Refusal> submit_request(Shared& shared, const Peer& peer, const std::string& queue,
                                     IncomingMessage message) {
    if (message.reply_to.empty())
        return Refusal{
            "amqp:invalid-field",
            "a request needs reply-to; attach a receiver with a dynamic source and give its address"};
    const auto found = shared.replies.find(message.reply_to);
    const auto link = found == shared.replies.end() ? nullptr : found->second.lock();
    if (!link)
        return Refusal{"amqp:not-found", "nobody receives at reply-to '" + one_line(message.reply_to, 120) +
                                             "'; attach a receiver with a dynamic source first"};
    if (link->user() != peer.user)
        return Refusal{"amqp:unauthorized-access", "the reply-to address belongs to another user"};
    ++shared.counters.requests;
    auto answer = [&shared, work = shared.work, to = std::weak_ptr(link),
                   id = std::move(message.correlation_id)](std::string json) {
        if (json.empty()) return;
        // The work runs only while the loop lives, and with it `shared`.
        work->post([&shared, to, id, json = std::move(json)] {
            const auto receiver = to.lock();
            if (!receiver || !receiver->reply(id, json)) ++shared.counters.replies_lost;
        });
    };
    shared.handler.request(BusRequest{peer.user, queue, std::move(message.body)}, std::move(answer));
    return {};
}

}  // namespace clacks::bus
