#include "agent/bus/request.hpp"

#include <algorithm>
#include <vector>

#include "agent/bus/encoder.hpp"
#include "agent/bus/inbox_link.hpp"
#include "common/base/text.hpp"
#include "common/base/uuid.hpp"

namespace clacks::bus {

namespace {

// Where the answer to a request goes.
Result<std::shared_ptr<InboxLink>, Refusal> reply_inbox(const Shared& shared, const Peer& peer,
                                                        const std::string& reply_to) {
    if (reply_to.empty())
        return Refusal{
            "amqp:invalid-field",
            "a request needs reply-to; attach a receiver with a dynamic source and give its address"};
    const auto address = amqp::parse_address(reply_to, shared.options.domain);
    if (address && address->kind == amqp::AddressKind::reply)
        if (auto inbox = find_inbox(shared, peer.user, *address)) return inbox;
    return Refusal{"amqp:not-found", "nobody receives at reply-to '" + one_line(reply_to, 120) +
                                         "'; attach a receiver with a dynamic source first"};
}

// Twice as many as were left the last time, so that many requests at once do not cost the square.
void sweep_asked(Shared& shared) {
    if (shared.asked.size() < shared.sweep_asked_at) return;
    std::erase_if(shared.asked, [](const auto& entry) { return entry.second.expired(); });
    shared.sweep_asked_at = std::max<std::size_t>(64, 2 * shared.asked.size());
}

}  // namespace

Refusal no_receiver(const Shared& shared, const amqp::Address& address) {
    if (address.kind == amqp::AddressKind::client)
        return {"amqp:not-found",
                "no such client is connected: nobody receives at '" +
                    one_line(amqp::client_address(shared.options.domain, address.name), 120) +
                    "'; a client is reached by its own user while it is attached"};
    return {"amqp:not-found", "nobody receives at '" +
                                  one_line(amqp::reply_address(shared.options.domain, address.name), 120) +
                                  "'; a reply address is gone with its link"};
}

Result<void, Refusal> submit_request(Shared& shared, const Peer& peer, const std::string& queue,
                                     IncomingMessage message) {
    const auto inbox = reply_inbox(shared, peer, message.reply_to);
    if (!inbox) return inbox.error();
    ++shared.counters.requests;
    auto refusals = std::make_shared<std::vector<Refusal>>();
    auto answer = [&shared, work = shared.work, to = std::weak_ptr(inbox.value()),
                   id = std::move(message.correlation_id), peer, refusals](std::string json) {
        if (json.empty() && refusals->empty()) return;
        // The work runs only while the loop lives, and with it `shared`.
        work->post([&shared, to, id, peer, refusals, json = std::move(json)] {
            for (const Refusal& refusal : *refusals) peer.note_refusal("request", refusal);
            if (json.empty()) return;
            const auto receiver = to.lock();
            if (!receiver || !receiver->put(encode_reply(receiver->address(), id, json)))
                ++shared.counters.replies_lost;
        });
    };
    BusRequest request{peer.user, queue, std::move(message.body)};
    request.refused = [refusals](int code, const std::string& why) {
        refusals->push_back({std::to_string(code), why});
    };
    shared.handler.request(std::move(request), std::move(answer));
    return {};
}

void ask_client(Shared& shared, const ClientRequest& request, const std::weak_ptr<ClientAnswer>& taker) {
    const auto answer = taker.lock();
    if (!answer) return;
    sweep_asked(shared);
    const amqp::Address client{amqp::AddressKind::client, request.client, {}};
    Diagnostic away;
    away.code = "client-away";
    if (auto may = shared.handler.may_receive_at_client(request.user, request.client); !may) {
        away.message = to_string(may.error());
        return (*answer)(away);
    }
    const auto receiver = find_inbox(shared, request.user, client);
    if (!receiver) {
        away.message = no_receiver(shared, client).description;
        return (*answer)(away);
    }
    const std::string reply_to = amqp::reply_address(shared.options.domain, random_uuid());
    if (!receiver->put(
            encode_request({receiver->address(), reply_to, "", shared.options.node, request.body}))) {
        away.message = "too much waits for the client already";
        return (*answer)(away);
    }
    ++shared.counters.requests;
    shared.asked[{request.user, reply_to}] = taker;
}

bool awaited(const Shared& shared, const std::string& user, const amqp::Address& address) {
    return address.kind == amqp::AddressKind::reply &&
           shared.asked.contains({user, amqp::reply_address(shared.options.domain, address.name)});
}

Result<void, Refusal> forward(Shared& shared, const Peer& peer, const amqp::Address& address,
                              const IncomingMessage& message) {
    if (awaited(shared, peer.user, address)) {
        const auto entry =
            shared.asked.extract({peer.user, amqp::reply_address(shared.options.domain, address.name)});
        if (const auto answer = entry.mapped().lock()) (*answer)(message.body);
        return {};
    }
    if (address.kind == amqp::AddressKind::client)
        if (auto may = shared.handler.may_send_to_client(peer.user, address.name); !may)
            return refusal_of(may.error());
    const auto receiver = find_inbox(shared, peer.user, address);
    if (!receiver) return no_receiver(shared, address);
    std::string reply_to;
    if (address.kind == amqp::AddressKind::client) {
        const auto inbox = reply_inbox(shared, peer, message.reply_to);
        if (!inbox) return inbox.error();
        reply_to = inbox.value()->address();
        ++shared.counters.requests;
    }
    if (receiver->put(
            encode_request({receiver->address(), reply_to, message.correlation_id, peer.user, message.body})))
        return {};
    return Refusal{"amqp:resource-limit-exceeded",
                   "too much waits at '" + receiver->address() + "' already; try again later"};
}

}  // namespace clacks::bus
