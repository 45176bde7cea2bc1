// The addresses of the bus ({d} is the domain): {d}.event, {d}/event and {d} for events,
// {d}.command.QUEUE[.NODE] for commands, {d}.client.UUID for one client, {d}.reply.UUID for the
// replies of a dynamic source. A URL (amqps://host/{d}.event) or a leading slash is taken by its path.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"

namespace clacks::amqp {

enum class AddressKind { events, command, client, reply };

struct Address {
    AddressKind kind = AddressKind::events;
    std::string name;  // command: the queue; client and reply: the UUID; events: ""
    std::string node;  // command for one node only, else ""
};

// `queues` are the names that may stand behind {d}.command.; empty: any name will do. An unknown
// address is an error with code "address-unknown" and the nearest known name as its hint.
Result<Address> parse_address(std::string_view text, std::string_view domain,
                              const std::vector<std::string>& queues = {});

std::string event_address(std::string_view domain);
std::string command_address(std::string_view domain, std::string_view queue, std::string_view node = "");
std::string client_address(std::string_view domain, std::string_view uuid);
std::string reply_address(std::string_view domain, std::string_view uuid);

}  // namespace clacks::amqp
