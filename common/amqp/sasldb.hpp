// The user database of libsasl2 (sasldb, a Berkeley DB file made and read by libsasl2-modules-db).
#pragma once

#include <string>

#include "common/base/result.hpp"

namespace clacks::amqp {

// Creates the user, or changes the password of an existing one. The file is created with mode 0600.
Result<void, Diagnostic> set_password(const std::string& sasldb, const std::string& realm,
                                      const std::string& user, const std::string& password);

}  // namespace clacks::amqp
