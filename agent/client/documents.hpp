// The events that a client sends, as documents.
#pragma once

#include <string>
#include <vector>

#include "agent/client/identity.hpp"

namespace clacks::machine {

struct Method {
    std::string name, signature, documentation;  // the signature: names of parameters with commas between
};

struct Identity {
    std::string id, name;
};

std::string announcement(const Identity& client, const std::vector<NetworkDevice>& network);
std::string signature(const Identity& client, const std::vector<Method>& methods);
std::string ping(const Identity& client);
std::string leave(const Identity& client);
std::string user_session(const Identity& client, const std::vector<std::string>& users);

}  // namespace clacks::machine
