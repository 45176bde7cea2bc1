#include "agent/client/documents.hpp"

#include "common/events/event_maker.hpp"

namespace clacks::machine {

std::string announcement(const Identity& client, const std::vector<NetworkDevice>& network) {
    EventMaker e;
    EventElement devices = e("NetworkInformation");
    for (const NetworkDevice& device : network)
        devices.add(e("NetworkDevice", e("Name", device.name), e("IPAddress", device.ip_address),
                      e("IPv6Address", device.ipv6_address), e("MAC", device.mac),
                      e("Netmask", device.netmask), e("Broadcast", device.broadcast)));
    return e("Event", e("ClientAnnounce", devices, e("Id", client.id), e("Name", client.name))).str();
}

std::string signature(const Identity& client, const std::vector<Method>& methods) {
    EventMaker e;
    EventElement capabilities = e("ClientCapabilities");
    for (const Method& method : methods)
        capabilities.add(e("ClientMethod", e("Name", method.name), e("Path", "client." + method.name),
                           e("Signature", method.signature), e("Documentation", method.documentation)));
    return e("Event", e("ClientSignature", e("Id", client.id), e("Name", client.name), capabilities)).str();
}

std::string ping(const Identity& client) {
    EventMaker e;
    return e("Event", e("ClientPing", e("Id", client.id))).str();
}

std::string leave(const Identity& client) {
    EventMaker e;
    return e("Event", e("ClientLeave", e("Id", client.id))).str();
}

std::string user_session(const Identity& client, const std::vector<std::string>& users) {
    EventMaker e;
    EventElement names = e("User");
    for (const std::string& user : users) names.add(e("Name", user));
    return e("Event", e("UserSession", e("Id", client.id), names)).str();
}

}  // namespace clacks::machine
