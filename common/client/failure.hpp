// What a failed connection or link means to a person, from what proton and the peer say about it.
#pragma once

#include <string>
#include <string_view>

#include "common/base/result.hpp"
#include "common/base/url.hpp"

namespace clacks::client {

struct Failure {
    Diagnostic diagnostic;
    bool permanent = false;  // trying again cannot help: the login or the subscription was refused
};

// Of the connection: `condition` and `description` as proton reports them, `trust` the file of trusted
// certificates, `certificate` that by which the client logs in, or "".
Failure connection_failure(std::string_view condition, std::string_view description, const Url& url,
                           const std::string& trust, const std::string& certificate = {});
// Of a link to `address`, which the peer detached with an error.
Failure link_failure(std::string_view condition, std::string_view description, const Url& url,
                     const std::string& address);

Failure time_out(const Url& url, const std::string& doing);
Diagnostic problem(std::string code, std::string message, std::string hint = {});

}  // namespace clacks::client
