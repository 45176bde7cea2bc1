// Which certificates a client trusts.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "common/base/url.hpp"

namespace clacks::client {

// Where an agent of the quickstart on this machine leaves its self-signed certificate, likeliest first:
// the state directories of the system's agent and of the user's own.
std::vector<std::filesystem::path> quickstart_certificate_paths();

// The PEM file to verify the peer of `url` by: `wanted` where given, $CLACKS_CA, for a loopback host the
// newest of the quickstart's certificates that exist, else the system's list.
std::string trusted_certificates(const Url& url, const std::string& wanted);

}  // namespace clacks::client
