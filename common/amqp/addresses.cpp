#include "common/amqp/addresses.hpp"

#include <algorithm>

#include "common/base/text.hpp"

namespace clacks::amqp {

namespace {

// Longer ones are not looked at: the near miss costs the product of the lengths.
constexpr std::size_t kMaxAddress = 512;

// The path of a URL, or the address itself, without leading slashes.
std::string_view path_of(std::string_view text) {
    if (const auto scheme = text.find("://"); scheme != std::string_view::npos) {
        text.remove_prefix(scheme + 3);
        const auto slash = text.find('/');
        text = slash == std::string_view::npos ? std::string_view{} : text.substr(slash);
    }
    while (text.starts_with('/')) text.remove_prefix(1);
    return text;
}

Diagnostic unknown(std::string_view shown, std::string message, std::string hint) {
    Diagnostic error;
    error.code = "address-unknown";
    error.message = "the address '" + one_line(shown, 120) + "' " + std::move(message);
    error.hint = std::move(hint);
    error.source = "address";
    return error;
}

std::string meant(const std::string& name) {
    return "did you mean '" + name + "'?";
}

Result<Address> parse_command(std::string_view shown, std::string_view rest, std::string_view domain,
                              const std::vector<std::string>& queues) {
    const auto dot = rest.find('.');
    Address address{AddressKind::command, std::string(rest.substr(0, dot)), {}};
    if (dot != std::string_view::npos) address.node = rest.substr(dot + 1);
    if (address.name.empty() || (dot != std::string_view::npos && address.node.empty()))
        return unknown(
            shown, "lacks a part",
            "commands are at '" + command_address(domain, "core") + "', for one node with its id behind");
    if (queues.empty() || std::find(queues.begin(), queues.end(), address.name) != queues.end())
        return address;
    const std::string near = nearest(address.name, queues);
    return unknown(shown, "names no command queue of this agent",
                   near.empty() ? "the core's commands are at '" + command_address(domain, "core") + "'"
                                : meant(command_address(domain, near, address.node)));
}

}  // namespace

Result<Address> parse_address(std::string_view text, std::string_view domain,
                              const std::vector<std::string>& queues) {
    const std::string_view shown = text;
    if (text.size() > kMaxAddress) return unknown(shown, "is too long", "the limit is 512 bytes");
    text = path_of(text);
    if (text == domain) return Address{};
    if (text.starts_with(domain)) {
        std::string_view rest = text.substr(domain.size());
        if (rest == ".event" || rest == "/event") return Address{};
        for (const auto& [prefix, kind] : {std::pair{std::string_view(".client."), AddressKind::client},
                                           std::pair{std::string_view(".reply."), AddressKind::reply}})
            if (rest.starts_with(prefix) && rest.size() > prefix.size())
                return Address{kind, std::string(rest.substr(prefix.size())), {}};
        if (rest.starts_with(".command."))
            return parse_command(shown, rest.substr(std::string_view(".command.").size()), domain, queues);
    }
    std::vector<std::string> known{std::string(domain), event_address(domain), std::string(domain) + "/event",
                                   command_address(domain, "core")};
    for (const auto& queue : queues) known.push_back(command_address(domain, queue));
    const std::string near = nearest(text, known);
    return unknown(shown, "is not known here",
                   near.empty() ? "events are at '" + event_address(domain) + "', commands at '" +
                                      command_address(domain, "core") + "'"
                                : meant(near));
}

std::string event_address(std::string_view domain) {
    return std::string(domain) + ".event";
}

std::string command_address(std::string_view domain, std::string_view queue, std::string_view node) {
    std::string address = std::string(domain) + ".command." + std::string(queue);
    if (!node.empty()) address.append(".").append(node);
    return address;
}

std::string client_address(std::string_view domain, std::string_view uuid) {
    return std::string(domain) + ".client." + std::string(uuid);
}

std::string reply_address(std::string_view domain, std::string_view uuid) {
    return std::string(domain) + ".reply." + std::string(uuid);
}

}  // namespace clacks::amqp
