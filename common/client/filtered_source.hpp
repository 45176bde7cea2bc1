// The source of a receiver that is to get what an XQuery selects, and the check of the peer's answer to it.
#pragma once

#include <optional>
#include <proton/receiver.hpp>
#include <proton/source_options.hpp>
#include <string>

#include "common/base/url.hpp"
#include "common/client/failure.hpp"

namespace clacks::client {

// An empty xquery: everything.
proton::source_options filtered_source(const std::string& address, const std::string& xquery);
// Whether the peer refused the receiver; a detach with the reason follows.
bool refused(const proton::receiver& receiver);
// Nothing when the filter in force is the one that was asked for.
std::optional<Failure> filter_failure(const proton::receiver& receiver, const std::string& xquery,
                                      const Url& url);

}  // namespace clacks::client
