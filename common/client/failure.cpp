#include "common/client/failure.hpp"

#include <algorithm>
#include <initializer_list>

#include "common/base/text.hpp"

namespace clacks::client {

namespace {

bool has(std::string_view text, std::initializer_list<std::string_view> words) {
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

// What the peer said, fit for one line of a terminal.
std::string said(std::string_view condition, std::string_view description) {
    if (description.empty()) return one_line(condition, 500);
    return one_line(description, 1000);
}

Failure login_failure(std::string_view description, const Url& url, const std::string& certificate) {
    if (!certificate.empty() && !has(description, {"[mech=EXTERNAL]"}))
        return {problem("login-refused",
                        url.shown() + " offers no login by certificate: " + one_line(description, 200),
                        "use the URL of the agent's [amqp] certificate-url"),
                true};
    if (!certificate.empty())
        return {problem("login-refused", url.shown() + " lets nobody in by the certificate in " + certificate,
                        "its log says why; see [amqp] client-identity there"),
                true};
    if (url.user.empty())
        return {problem("login-refused", url.shown() + " asks for a user, and the URL names none",
                        "write amqp://user:password@host/domain"),
                true};
    if (has(description, {"mechanism"}) && !has(description, {"[mech="}))
        return {
            problem("login-refused",
                    url.shown() + " offers no way to log in that is safe here: " + one_line(description, 200),
                    url.tls() ? "is the user database set up?" : "use an amqps URL"),
            true};
    return {problem("login-refused", url.shown() + " refuses the user '" + one_line(url.user, 80) + "'",
                    "check the user and the password in the URL"),
            true};
}

}  // namespace

Diagnostic problem(std::string code, std::string message, std::string hint) {
    Diagnostic diagnostic;
    diagnostic.code = std::move(code);
    diagnostic.message = std::move(message);
    diagnostic.hint = std::move(hint);
    return diagnostic;
}

Failure connection_failure(std::string_view condition, std::string_view description, const Url& url,
                           const std::string& trust, const std::string& certificate) {
    const std::string at = url.shown();
    if (condition == "amqp:unauthorized-access") return login_failure(description, url, certificate);
    if (has(description, {"onnection refused"}))
        return {problem("unreachable", "nobody listens at " + at, "is the agent running?")};
    if (has(description, {"not known", "name resolution", "No address associated"}))
        return {problem("unreachable", "the host '" + one_line(url.host, 80) + "' is not known",
                        "check the host in the URL")};
    if (has(description, {"certificate verify failed"}))
        return {
            problem("tls-untrusted", "the certificate of " + at + " is not one to trust by " + trust,
                    "name the file of the agent's certificate or its authority with --ca or CLACKS_CA, and "
                    "the host as in the certificate")};
    if (has(description, {"certificate required", "did not return a certificate"}))
        return {problem("certificate-refused", at + " asks for the client's certificate",
                        "name one with --certificate or CLACKS_CERTIFICATE, or use the URL for passwords"),
                true};
    if (!certificate.empty() && url.tls() && has(description, {"alert"}))
        return {
            problem("certificate-refused",
                    at + " refuses the certificate in " + certificate + ": " + said(condition, description),
                    "was it signed by an authority in the agent's [amqp] client-ca, and is it in force?"),
            true};
    // What an agent on proton 0.37 does instead of an alert.
    if (url.tls() && has(description, {"unexpected eof"})) {
        if (!certificate.empty())
            return {
                problem("certificate-refused",
                        at + " ended the handshake, as it does where it refuses the client's certificate, " +
                            certificate,
                        "its log says why; was it signed by an authority in the agent's [amqp] client-ca?")};
        return {problem("tls-failed", at + " ended the handshake of TLS",
                        "its log says why; does this port ask for a client's certificate (--certificate)?")};
    }
    if (url.tls() && has(description, {"wrong version number", "SSL", "ssl"}))
        return {problem("tls-failed", "no TLS with " + at + ": " + said(condition, description),
                        "is this the port of the amqps listener?")};
    if (has(condition, {"framing-error"}))
        return {problem("protocol", at + " does not speak AMQP 1.0 here: " + said(condition, description),
                        url.tls() ? "check the port" : "check the port; one with TLS needs an amqps URL")};
    return {problem("disconnected", "the connection to " + at + " ended: " + said(condition, description))};
}

Failure link_failure(std::string_view condition, std::string_view description, const Url& url,
                     const std::string& address) {
    const std::string reason = said(condition, description);
    const std::string at = "'" + one_line(address, 120) + "' at " + url.shown();
    if (condition == "amqp:invalid-field" || condition == "amqp:not-implemented")
        return {problem("filter-refused", reason), true};
    if (condition == "amqp:not-found")
        return {problem("address-unknown", "no address " + at + ": " + reason,
                        has(reason, {"did you mean"}) ? "" : "the URL's path is the domain, as org.clacks"),
                true};
    if (condition == "amqp:unauthorized-access")
        return {problem("access-refused", "no access to " + at + ": " + reason), true};
    return {problem("link-lost", "the link to " + at + " ended: " + reason)};
}

Failure time_out(const Url& url, const std::string& doing) {
    return {problem("time-out", "time over while " + doing + " at " + url.shown(),
                    "is the agent busy, or the port another program's?")};
}

}  // namespace clacks::client
