// What a start needs of the machine, looked at before anything is opened or written.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/acl/acl.hpp"
#include "common/base/result.hpp"
#include "common/config/settings.hpp"

namespace clacks {

// Folders of event definitions, the modules' own behind the configured ones. Of the default folders only
// those that are there; that there is none of them is a problem.
std::vector<std::filesystem::path> event_folders(const config::Settings& settings,
                                                 const std::vector<std::filesystem::path>& of_modules,
                                                 Diagnostics& problems);

// The certificate of the TLS listeners: readable, in force, and fit for its key. Nothing without such a
// listener, or where the quickstart will make one.
void check_certificate(const config::Settings& settings, Diagnostics& problems);

// What listeners for clients with a certificate need: authorities, revocation lists, the rule for the name.
// Nothing without such a listener.
void check_client_certificates(const config::Settings& settings, Diagnostics& problems);

// Why nobody will be able to log in, where that can be seen already. No reason not to start: users can be
// added while the agent runs.
std::optional<Diagnostic> missing_users(const config::Settings& settings);

// The ACL that the settings name, or none. `domain`: the one that the agent runs with.
acl::AclPtr load_acl(const config::Settings& settings, const std::string& domain, Diagnostics& problems);
// That there is none, and what to do. No reason not to start: it can be written while the agent runs.
std::optional<Diagnostic> missing_acl(const config::Settings& settings);

// A problem of a module's settings gets the place where they were set, where that is known.
void place_in_file(const config::Settings& settings, Diagnostic& problem);

}  // namespace clacks
