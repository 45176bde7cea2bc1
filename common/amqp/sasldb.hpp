// The user database of libsasl2 (sasldb, a Berkeley DB file made and written by libsasl2-modules-db).
//
// Thread safety: calls for one file come from one thread at a time.
#pragma once

#include <string>
#include <vector>

#include "common/base/result.hpp"

namespace clacks::amqp {

// Creates the user, or changes the password of an existing one. A new file is for its owner only (mode
// 0600), and the owner is that of its folder where this process may give it away; an existing file keeps
// owner and mode.
Result<void, Diagnostic> set_password(const std::string& sasldb, const std::string& realm,
                                      const std::string& user, const std::string& password);

// The user can log in no more. A user who is not there is an error, "user-unknown".
Result<void, Diagnostic> remove_user(const std::string& sasldb, const std::string& realm,
                                     const std::string& user);

// Those with a password in this realm, sorted. None where there is no file.
Result<std::vector<std::string>> list_users(const std::string& sasldb, const std::string& realm);

}  // namespace clacks::amqp
