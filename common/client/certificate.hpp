// The certificate by which a client logs in (SASL EXTERNAL), in place of a user and a password.
#pragma once

#include <string>

#include "common/base/result.hpp"
#include "common/base/url.hpp"
#include "common/client/connect_options.hpp"

namespace clacks::client {

struct OwnCertificate {
    std::string chain;  // PEM, the client's own first; "": there is none
    std::string key;    // PEM; may be the same file
};

// As the options name it, else $CLACKS_CERTIFICATE and $CLACKS_PRIVATE_KEY. Errors, each with the file: one
// that cannot be read, a key that is of another certificate or encrypted, a certificate that has expired; and
// a URL with which none can be shown.
Result<OwnCertificate> own_certificate(const Url& url, const ConnectOptions& options);

// Whether the files can be used, as they are now. Without a certificate there is nothing to say.
Result<void, Diagnostic> check_certificate(const OwnCertificate& own);

}  // namespace clacks::client
