// Who this machine is: its UUID, its name, its network interfaces.
#pragma once

#include <string>
#include <vector>

#include "common/base/result.hpp"

namespace clacks::machine {

// As an element NetworkDevice tells it; addresses that it lacks are "".
struct NetworkDevice {
    std::string name, ip_address, ipv6_address, mac, netmask, broadcast;
};

std::string host_name();
// The UUID in lower case, or why the text is none.
Result<std::string> uuid_of(const std::string& text);
// A UUID of this machine for this program alone, which tells nobody the machine's own id; the same at every
// start.
Result<std::string> machine_uuid();
// Of all interfaces, in the order of their names; the first address of each family.
Result<std::vector<NetworkDevice>> network_devices();

}  // namespace clacks::machine
