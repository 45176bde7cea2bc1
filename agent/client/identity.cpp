#include "agent/client/identity.hpp"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netpacket/packet.h>
#include <systemd/sd-id128.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <map>
#include <memory>
#include <system_error>

#include "common/base/text.hpp"
#include "common/client/failure.hpp"

namespace clacks::machine {

namespace {

// Of this program, for sd_id128_get_machine_app_specific(3); it must never change.
constexpr sd_id128_t kApplication =
    SD_ID128_MAKE(8e, 4b, 1d, 2a, 60, f3, 4c, 57, 9a, 0e, d1, 37, b5, 2c, 88, 61);

std::string address_text(const sockaddr* address) {
    if (address == nullptr) return {};
    char text[INET6_ADDRSTRLEN] = {};
    const void* bytes =
        address->sa_family == AF_INET
            ? static_cast<const void*>(&reinterpret_cast<const sockaddr_in*>(address)->sin_addr)
            : &reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr;
    return inet_ntop(address->sa_family, bytes, text, sizeof text) ? text : std::string();
}

std::string mac_text(const sockaddr* address) {
    const auto* link = reinterpret_cast<const sockaddr_ll*>(address);
    std::string text;
    for (int i = 0; i < std::min<int>(link->sll_halen, sizeof link->sll_addr); ++i) {
        char byte[4];
        std::snprintf(byte, sizeof byte, "%s%02x", i == 0 ? "" : ":", link->sll_addr[i]);
        text += byte;
    }
    return text;
}

void add(NetworkDevice& device, const ifaddrs& entry) {
    if (entry.ifa_addr == nullptr) return;
    if (entry.ifa_addr->sa_family == AF_PACKET) device.mac = mac_text(entry.ifa_addr);
    if (entry.ifa_addr->sa_family == AF_INET6 && device.ipv6_address.empty())
        device.ipv6_address = address_text(entry.ifa_addr);
    if (entry.ifa_addr->sa_family != AF_INET || !device.ip_address.empty()) return;
    device.ip_address = address_text(entry.ifa_addr);
    device.netmask = address_text(entry.ifa_netmask);
    if ((entry.ifa_flags & IFF_BROADCAST) != 0) device.broadcast = address_text(entry.ifa_broadaddr);
}

}  // namespace

std::string host_name() {
    char name[256] = {};
    if (gethostname(name, sizeof name - 1) != 0 || name[0] == '\0') return "localhost";
    return name;
}

Result<std::string> uuid_of(const std::string& text) {
    constexpr std::string_view kShape = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    std::string id = text;
    bool good = id.size() == kShape.size();
    for (std::size_t i = 0; good && i < id.size(); ++i) {
        const auto c = static_cast<unsigned char>(id[i]);
        good = kShape[i] == '-' ? c == '-' : std::isxdigit(c) != 0;
        id[i] = static_cast<char>(std::tolower(c));
    }
    if (good) return id;
    return client::problem("config-value", "'" + one_line(text, 60) + "' is no UUID",
                           "uuidgen makes one; without the line it is derived from /etc/machine-id");
}

Result<std::string> machine_uuid() {
    sd_id128_t id;
    if (const int error = sd_id128_get_machine_app_specific(kApplication, &id); error < 0)
        return client::problem("machine-id",
                               "this machine has no id that the client's could be derived from: " +
                                   std::system_category().message(-error),
                               "run systemd-machine-id-setup, or set [client] id");
    char text[SD_ID128_UUID_STRING_MAX];
    return std::string(sd_id128_to_uuid_string(id, text));
}

Result<std::vector<NetworkDevice>> network_devices() {
    ifaddrs* first = nullptr;
    if (getifaddrs(&first) != 0)
        return client::problem(
            "network", "the network interfaces cannot be listed: " + std::system_category().message(errno),
            "the service needs RestrictAddressFamilies=AF_NETLINK");
    const std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> owner(first, freeifaddrs);
    std::map<std::string, NetworkDevice> devices;
    for (const ifaddrs* entry = first; entry != nullptr; entry = entry->ifa_next) {
        NetworkDevice& device = devices[entry->ifa_name];
        device.name = entry->ifa_name;
        add(device, *entry);
    }
    std::vector<NetworkDevice> list;
    list.reserve(devices.size());
    for (auto& [name, device] : devices) list.push_back(std::move(device));
    return list;
}

}  // namespace clacks::machine
