#include "common/client/certificate.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <cstdlib>
#include <filesystem>
#include <memory>

#include "common/base/text.hpp"
#include "common/client/failure.hpp"

namespace clacks::client {

namespace {

constexpr const char* kCode = "certificate-unusable";

std::string or_environment(const std::string& given, const char* name) {
    const char* value = given.empty() ? std::getenv(name) : nullptr;
    return value ? value : given;
}

// OpenSSL would ask at the terminal.
int no_passphrase(char*, int, int, void* asked) {
    *static_cast<bool*>(asked) = true;
    return 0;
}

std::string reason() {
    const auto* text = ERR_reason_error_string(ERR_peek_last_error());
    ERR_clear_error();
    return text ? text : "unknown";
}

std::string date(const ASN1_TIME* time) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> memory(BIO_new(BIO_s_mem()), BIO_free);
    char* text = nullptr;
    if (!memory || ASN1_TIME_print(memory.get(), time) != 1) return "an unknown date";
    const long length = BIO_get_mem_data(memory.get(), &text);
    return {text, static_cast<std::size_t>(length)};
}

Result<void, Diagnostic> readable(const std::string& what, const std::string& file) {
    std::error_code error;
    if (std::filesystem::is_regular_file(file, error)) return {};
    return problem(kCode, "there is no file " + one_line(file, 200) + " with the client's " + what,
                   "name a PEM file that this user may read");
}

}  // namespace

Result<void, Diagnostic> check_certificate(const OwnCertificate& own) {
    if (own.chain.empty()) return {};
    if (auto there = readable("certificate", own.chain); !there) return there;
    if (auto there = readable("private key", own.key); !there) return there;
    const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_client_method()),
                                                                    SSL_CTX_free);
    if (!context) return problem(kCode, "OpenSSL cannot be used: " + reason());
    bool asked = false;
    SSL_CTX_set_default_passwd_cb(context.get(), no_passphrase);
    SSL_CTX_set_default_passwd_cb_userdata(context.get(), &asked);
    ERR_clear_error();
    if (SSL_CTX_use_certificate_chain_file(context.get(), own.chain.c_str()) != 1)
        return problem(kCode,
                       one_line(own.chain, 200) + " holds no certificate that can be used: " + reason(),
                       "it must be a PEM file that this user may read");
    if (SSL_CTX_use_PrivateKey_file(context.get(), own.key.c_str(), SSL_FILETYPE_PEM) != 1) {
        const std::string why = reason();
        if (asked)
            return problem(
                kCode, "the private key in " + one_line(own.key, 200) + " is encrypted",
                "decrypt it, as with openssl pkey -in FILE -out FILE, and let nobody else read it");
        return problem(kCode,
                       "the private key in " + one_line(own.key, 200) +
                           " does not go with the certificate in " + one_line(own.chain, 200) + ": " + why,
                       "it must be a PEM file with the key of that certificate");
    }
    const auto* end = X509_get0_notAfter(SSL_CTX_get0_certificate(context.get()));
    if (X509_cmp_current_time(end) < 0)
        return problem(kCode, "the certificate in " + one_line(own.chain, 200) + " expired on " + date(end),
                       "renew it");
    return {};
}

Result<OwnCertificate> own_certificate(const Url& url, const ConnectOptions& options) {
    OwnCertificate own{or_environment(options.certificate, "CLACKS_CERTIFICATE"),
                       or_environment(options.private_key, "CLACKS_PRIVATE_KEY")};
    if (own.chain.empty() && own.key.empty()) return own;
    if (own.chain.empty())
        return problem(kCode, "there is a private key, and no certificate to show", "name both, or neither");
    if (own.key.empty()) own.key = own.chain;
    if (!url.tls())
        return problem(kCode, "a certificate can be shown over TLS only, and " + url.shown() + " is without",
                       "use an amqps URL, that of the agent's [amqp] certificate-url");
    if (!url.user.empty())
        return problem(kCode,
                       "the URL names the user '" + one_line(url.user, 80) +
                           "', and there is a certificate to log in by",
                       "leave one of them out; who you are is in the certificate");
    if (auto usable = check_certificate(own); !usable) return std::move(usable).error();
    return own;
}

}  // namespace clacks::client
