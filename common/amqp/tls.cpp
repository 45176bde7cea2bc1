#include "common/amqp/tls.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <proton/ssl.h>
#include <proton/transport.h>

#include <filesystem>
#include <vector>

namespace clacks::amqp {

namespace {

// Keys and signatures of 112 bits of security or more. proton sets 0 for a server, so that it could do
// without any certificate.
constexpr int kSecurityLevel = 2;

template <auto Free>
struct Freed {
    template <class T>
    void operator()(T* object) const {
        Free(object);
    }
};
using File = std::unique_ptr<BIO, Freed<BIO_free_all>>;
using Store = std::unique_ptr<X509_STORE, Freed<X509_STORE_free>>;
void free_infos(STACK_OF(X509_INFO) * infos) {
    sk_X509_INFO_pop_free(infos, X509_INFO_free);
}
using Infos = std::unique_ptr<STACK_OF(X509_INFO), Freed<free_infos>>;

// proton hides its SSL_CTX and SSL. OpenSSL tells of each one as it is made, on the thread that makes it
// (CRYPTO_get_ex_new_index(3)).
template <class T>
thread_local T* made = nullptr;

template <class T>
void note_made(void* parent, void*, CRYPTO_EX_DATA*, int, long, void*) {
    made<T> = static_cast<T*>(parent);
}

bool watch_openssl() {
    static const bool watched =
        CRYPTO_get_ex_new_index(CRYPTO_EX_INDEX_SSL_CTX, 0, nullptr, note_made<SSL_CTX>, nullptr, nullptr) >=
            0 &&
        CRYPTO_get_ex_new_index(CRYPTO_EX_INDEX_SSL, 0, nullptr, note_made<SSL>, nullptr, nullptr) >= 0;
    return watched;
}

Diagnostic problem(std::string message, std::string hint, const std::string& file = {}) {
    Diagnostic error;
    error.code = "tls-unusable";
    error.message = std::move(message);
    error.hint = std::move(hint);
    error.source = file;
    ERR_clear_error();
    return error;
}

Diagnostic unreadable(const std::string& what, const std::string& file) {
    return problem("the " + what + " cannot be used",
                   "it must be a PEM file that the agent may read, and fit the other one", file);
}

Result<void, Diagnostic> use_certificate(pn_ssl_domain_t* domain, const TlsFiles& files) {
    for (const auto& [what, file] : {std::pair{"certificate", files.chain}, std::pair{"key", files.key}})
        if (std::error_code error; !std::filesystem::is_regular_file(file, error))
            return unreadable(what, file);
    if (pn_ssl_domain_set_credentials(domain, files.chain.c_str(), files.key.c_str(), nullptr) != 0)
        return unreadable("certificate with its key", files.chain);
    return {};
}

// All that a PEM file holds; null where it cannot be read.
Infos read_pem(const std::string& path) {
    const File file(BIO_new_file(path.c_str(), "r"));
    return Infos(file ? PEM_X509_INFO_read_bio(file.get(), nullptr, nullptr, nullptr) : nullptr);
}

Result<std::vector<X509*>, Diagnostic> add_authorities(X509_STORE* store, const Infos& infos,
                                                       const std::string& path) {
    std::vector<X509*> added;
    for (int i = 0; infos && i < sk_X509_INFO_num(infos.get()); ++i)
        if (X509* certificate = sk_X509_INFO_value(infos.get(), i)->x509) {
            if (X509_STORE_add_cert(store, certificate) != 1)
                return unreadable("list of clients' authorities", path);
            added.push_back(certificate);
        }
    if (!added.empty()) return added;
    return problem("the list of clients' authorities holds no certificate in PEM form",
                   "it must be a file that the agent may read, and begin with -----BEGIN CERTIFICATE-----",
                   path);
}

std::string name_of(const X509* certificate) {
    const File memory(BIO_new(BIO_s_mem()));
    if (!memory ||
        X509_NAME_print_ex(memory.get(), X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253) < 0)
        return {};
    char* text = nullptr;
    const long length = BIO_get_mem_data(memory.get(), &text);
    return length > 0 ? std::string(text, static_cast<std::size_t>(length)) : std::string();
}

// An authority without a list would lock out all of its clients, one by one and without a hint here.
Result<void, Diagnostic> add_revocations(X509_STORE* store, const std::vector<X509*>& authorities,
                                         const std::string& path) {
    const Infos infos = read_pem(path);
    std::vector<const X509_CRL*> lists;
    for (int i = 0; infos && i < sk_X509_INFO_num(infos.get()); ++i)
        if (X509_CRL* list = sk_X509_INFO_value(infos.get(), i)->crl) {
            if (X509_STORE_add_crl(store, list) != 1) return unreadable("revocation list", path);
            lists.push_back(list);
        }
    if (lists.empty())
        return problem("the file holds no revocation list in PEM form",
                       "it must be a file that the agent may read, and begin with -----BEGIN X509 CRL-----",
                       path);
    for (const X509* authority : authorities) {
        bool found = false;
        for (const X509_CRL* list : lists)
            found =
                found || (X509_NAME_cmp(X509_CRL_get_issuer(list), X509_get_subject_name(authority)) == 0 &&
                          X509_CRL_verify(const_cast<X509_CRL*>(list), X509_get0_pubkey(authority)) == 1);
        if (!found)
            return problem("there is no revocation list of the authority " + name_of(authority),
                           "every authority in client-ca needs one", path);
    }
    X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
    return {};
}

// A store of our own: into that of proton go all authorities that the system trusts for servers.
Result<void, Diagnostic> verify_clients(pn_ssl_domain_t* domain, SSL_CTX* context, const TlsFiles& files) {
    Store store(X509_STORE_new());
    if (!store) return problem("OpenSSL cannot make a store of authorities", "see whether memory is short");
    const Infos infos = read_pem(files.client_ca);
    const auto authorities = add_authorities(store.get(), infos, files.client_ca);
    if (!authorities) return authorities.error();
    if (!files.client_crl.empty())
        if (auto added = add_revocations(store.get(), *authorities, files.client_crl); !added) return added;
    if (pn_ssl_domain_set_peer_authentication(domain, PN_SSL_VERIFY_PEER, files.client_ca.c_str()) != 0)
        return unreadable("list of clients' authorities", files.client_ca);
    SSL_CTX_set_cert_store(context, store.release());
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
    SSL_CTX_set_num_tickets(context, 0);
    return {};
}

}  // namespace

Result<std::shared_ptr<const TlsServer>, Diagnostic> TlsServer::load(const TlsFiles& files,
                                                                     bool client_certificates) {
    made<SSL_CTX> = nullptr;
    const bool watched = watch_openssl();
    const std::shared_ptr<pn_ssl_domain_t> domain(pn_ssl_domain(PN_SSL_MODE_SERVER),
                                                  [](pn_ssl_domain_t* old) {
                                                      if (old) pn_ssl_domain_free(old);
                                                  });
    SSL_CTX* context = made<SSL_CTX>;
    if (!domain || !watched || !context)
        return problem("TLS cannot be set up: proton and the agent do not share one OpenSSL",
                       "use a proton that is linked to the OpenSSL of this system, as Debian's is");
    if (SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1)
        return problem("TLS 1.2 cannot be set up", "check the OpenSSL installation");
    SSL_CTX_set_security_level(context, kSecurityLevel);
    // proton has read all authorities that the system trusts, though here nobody is judged by them.
    SSL_CTX_set_cert_store(context, X509_STORE_new());
    if (auto used = use_certificate(domain.get(), files); !used) return used.error();
    if (client_certificates) {
        if (auto verified = verify_clients(domain.get(), context, files); !verified) return verified.error();
        SSL_CTX_set_security_level(context, kSecurityLevel);
    }
    ERR_clear_error();
    return std::shared_ptr<const TlsServer>(new TlsServer(domain));
}

SSL* TlsServer::attach(pn_transport_t* transport) const {
    made<SSL> = nullptr;
    pn_transport_require_encryption(transport, true);
    return pn_ssl_init(pn_ssl(transport), domain_.get(), nullptr) == 0 ? made<SSL> : nullptr;
}

}  // namespace clacks::amqp
