// A URL and options, turned into what proton needs to connect.
#pragma once

#include <proton/connection_options.hpp>
#include <string>

#include "common/base/result.hpp"
#include "common/base/url.hpp"
#include "common/client/certificate.hpp"
#include "common/client/connect_options.hpp"

namespace clacks::client {

inline constexpr const char* kDefaultDomain = "org.clacks";

struct Endpoint {
    Url url;
    std::string domain;
    ConnectOptions options;
    std::string trust;  // the file of trusted certificates
    OwnCertificate own;
};

// Errors: the URL, a file of trusted certificates that is not there, or a certificate of its own that cannot
// be used.
Result<Endpoint> make_endpoint(const std::string& url, const ConnectOptions& options);

// Passwords leave this machine only over TLS or by a mechanism that does not show them. Throws
// proton::error where a file of certificates cannot be used.
proton::connection_options connection_options(const Endpoint& endpoint);

}  // namespace clacks::client
