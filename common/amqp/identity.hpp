// Who a client's certificate says that it is (RFC 5280: the subject, 4.1.2.6; alternative names, 4.2.1.6).
#pragma once

#include <openssl/types.h>

#include <string>

#include "common/base/result.hpp"

namespace clacks::amqp {

// Where in a verified certificate the user's name stands.
struct IdentityRule {
    enum class From { subject, dns, email, uri };
    From from = From::subject;
    std::string attribute = "CN";  // of the subject, by OpenSSL's short or long name
};

// "subject CN" with any attribute that OpenSSL knows, "san dns", "san email" or "san uri".
Result<IdentityRule, Diagnostic> parse_identity_rule(const std::string& text);

// The user's name, or why there is none: the certificate must have exactly one such value, of 1 to 255 bytes
// UTF-8 without control characters and blanks around it.
struct NoIdentity {
    std::string reason;
};
Result<std::string, NoIdentity> identity_of(const X509* certificate, const IdentityRule& rule);

}  // namespace clacks::amqp
