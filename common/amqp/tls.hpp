// TLS of accepted connections: 1.2 or later, and where it is asked for with a client certificate that one of
// the named authorities, and nobody else, has signed. proton makes the handshake; what its interface has no
// words for goes to the OpenSSL objects that it makes.
#pragma once

#include <openssl/types.h>

#include <memory>
#include <string>

#include "common/base/result.hpp"

struct pn_ssl_domain_t;
struct pn_transport_t;

namespace clacks::amqp {

struct TlsFiles {
    std::string chain, key;             // PEM
    std::string client_ca, client_crl;  // PEM; for client certificates, the second one may be ""
};

// Thread safety: load() from any thread; attach() from the thread of the transport.
class TlsServer {
  public:
    // Reads the files now. With `client_certificates` a peer must show one that chains to client_ca, is in
    // force, is fit for a client, and with client_crl is not revoked, nor any authority above it; no login is
    // resumed, so each is judged anew.
    static Result<std::shared_ptr<const TlsServer>, Diagnostic> load(const TlsFiles& files,
                                                                     bool client_certificates);

    // The peer of this accepted transport must speak TLS. The object lives as long as the transport; null
    // when it could not be made.
    SSL* attach(pn_transport_t* transport) const;

  private:
    explicit TlsServer(std::shared_ptr<pn_ssl_domain_t> domain) : domain_(std::move(domain)) {}
    std::shared_ptr<pn_ssl_domain_t> domain_;
};

}  // namespace clacks::amqp
