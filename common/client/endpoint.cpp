#include "common/client/endpoint.hpp"

#include <filesystem>
#include <proton/duration.hpp>
#include <proton/ssl.hpp>

#include "common/client/failure.hpp"
#include "common/client/trust.hpp"

namespace clacks::client {

Result<Endpoint> make_endpoint(const std::string& url, const ConnectOptions& options) {
    auto parsed = parse_url(url);
    if (!parsed) return std::move(parsed).error();
    Endpoint endpoint{std::move(*parsed), {}, options, {}, {}};
    auto own = own_certificate(endpoint.url, options);
    if (!own) return std::move(own).error();
    endpoint.own = std::move(own).value();
    endpoint.domain = endpoint.url.path.empty() ? kDefaultDomain : endpoint.url.path;
    if (!endpoint.url.tls()) return endpoint;
    endpoint.trust = trusted_certificates(endpoint.url, options.ca);
    std::error_code error;
    if (!std::filesystem::is_regular_file(endpoint.trust, error))
        return problem("tls-untrusted", "there is no file of trusted certificates " + endpoint.trust,
                       "name one with --ca or CLACKS_CA, or install ca-certificates");
    return endpoint;
}

proton::connection_options connection_options(const Endpoint& endpoint) {
    proton::connection_options options;
    const Url& url = endpoint.url;
    options.sasl_enabled(true);
    if (!url.user.empty()) options.user(url.user).password(url.password);
    const bool plain = url.tls() || url.loopback();
    const bool certified = !endpoint.own.chain.empty();
    options.sasl_allowed_mechs(certified          ? "EXTERNAL"
                               : url.user.empty() ? "ANONYMOUS"
                               : plain            ? "SCRAM-SHA-256 PLAIN"
                                                  : "SCRAM-SHA-256");
    options.sasl_allow_insecure_mechs(plain);
    options.max_frame_size(64 * 1024).idle_timeout(proton::duration(60000));
    options.virtual_host(url.host);
    if (url.tls()) {
        // proton compares names only, and this machine's certificate carries its name.
        if (url.loopback()) options.virtual_host("localhost");
        options.ssl_client_options(
            certified
                ? proton::ssl_client_options(proton::ssl_certificate(endpoint.own.chain, endpoint.own.key),
                                             endpoint.trust, proton::ssl::VERIFY_PEER_NAME)
                : proton::ssl_client_options(endpoint.trust, proton::ssl::VERIFY_PEER_NAME));
    }
    return options;
}

}  // namespace clacks::client
