// The part of a user database that libsasl2 has no word for.
#pragma once

#include <string>

#include "common/base/result.hpp"

namespace clacks::amqp {

// Makes an empty database, unless the file is there: mode 0600, and where root makes it the owner of its
// folder. libsasl2 would make one that the group can read, and root's own.
Result<void, Diagnostic> make_private_sasldb(const std::string& sasldb);

}  // namespace clacks::amqp
