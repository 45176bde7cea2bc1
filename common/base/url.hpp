// URLs of the form (amqp|amqps)://user:password@host:port/path (RFC 3986), with the password kept out
// of everything that is shown.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/result.hpp"

namespace clacks {

struct Url {
    std::string scheme;  // "amqp" or "amqps"
    std::string user;    // percent-decoded, may be empty
    std::string password;
    std::string host;  // without brackets for IPv6
    std::uint16_t port = 0;
    std::string path;  // percent-decoded, without the leading slash; the domain

    bool tls() const { return scheme == "amqps"; }
    bool loopback() const;  // localhost, 127.0.0.0/8 or ::1
    // scheme://user@host:port/path: never shows the password.
    std::string shown() const;
};

// The port defaults to 5672 or 5671 by scheme; port 0 is allowed (a listener picks one).
Result<Url> parse_url(std::string_view text);

}  // namespace clacks
