#include "agent/core/quickstart.hpp"

#include <fcntl.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>

namespace clacks {

namespace fs = std::filesystem;

namespace {

constexpr long kLifetime = 10L * 365 * 24 * 3600;  // seconds

template <auto Free>
struct Freed {
    template <class T>
    void operator()(T* object) const {
        Free(object);
    }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>>;
using Memory = std::unique_ptr<BIO, Freed<BIO_free_all>>;

Diagnostic failed(const fs::path& file, std::string message, std::string hint) {
    Diagnostic problem;
    problem.code = "quickstart";
    problem.message = std::move(message);
    problem.hint = std::move(hint);
    problem.source = file.string();
    return problem;
}

bool extend(X509* certificate, int nid, const char* value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value));
    return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

bool name(X509* certificate) {
    X509_NAME* subject = X509_get_subject_name(certificate);
    const auto* common_name = reinterpret_cast<const unsigned char*>("localhost");
    return X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, common_name, -1, -1, 0) == 1 &&
           X509_set_issuer_name(certificate, subject) == 1;
}

bool number(X509* certificate) {
    unsigned char bytes[8];
    if (RAND_bytes(bytes, sizeof bytes) != 1) return false;
    std::uint64_t serial = 0;
    std::memcpy(&serial, bytes, sizeof serial);
    return ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial >> 1) == 1;
}

// The certificate is its own authority, so that a client can trust exactly this one.
Certificate self_signed(EVP_PKEY* key) {
    Certificate certificate(X509_new());
    X509* x = certificate.get();
    const bool made = x && X509_set_version(x, 2) == 1 && number(x) &&
                      X509_gmtime_adj(X509_getm_notBefore(x), -3600) &&
                      X509_gmtime_adj(X509_getm_notAfter(x), kLifetime) && X509_set_pubkey(x, key) == 1 &&
                      name(x) && extend(x, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1,IP:::1") &&
                      extend(x, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
                      extend(x, NID_key_usage, "critical,digitalSignature,keyCertSign") &&
                      extend(x, NID_ext_key_usage, "serverAuth") &&
                      extend(x, NID_subject_key_identifier, "hash") && X509_sign(x, key, EVP_sha256()) > 0;
    if (!made) certificate.reset();
    return certificate;
}

std::string content(BIO* memory) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(memory, &data);
    return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

// Written beside its place and renamed, so that no half file is ever read.
Result<void, Diagnostic> write_file(const fs::path& file, const std::string& text, mode_t mode) {
    const std::string hint = "check the state directory's permissions and free space";
    const fs::path draft = file.string() + ".new";
    ::unlink(draft.c_str());
    const int handle = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
    if (handle < 0) return failed(draft, std::string("cannot be created: ") + std::strerror(errno), hint);
    const bool written = ::write(handle, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    const int reason = errno;
    if (::close(handle) != 0 || !written || ::rename(draft.c_str(), file.c_str()) != 0) {
        const std::string why = std::strerror(written ? errno : reason);
        ::unlink(draft.c_str());
        return failed(file, "cannot be written: " + why, hint);
    }
    return {};
}

}  // namespace

QuickstartFiles quickstart_files(const fs::path& state_directory) {
    return {state_directory / "quickstart-cert.pem", state_directory / "quickstart-key.pem"};
}

Result<QuickstartFiles> make_quickstart_certificate(const fs::path& state_directory) {
    const QuickstartFiles files = quickstart_files(state_directory);
    std::error_code error;
    if (fs::exists(files.certificate, error) && fs::exists(files.private_key, error)) return files;
    fs::create_directories(state_directory, error);
    if (error)
        return failed(state_directory, "cannot be created: " + error.message(),
                      "set [agent] state-directory to a folder that this user may write");

    const Key key(EVP_EC_gen("P-256"));
    const Certificate certificate = key ? self_signed(key.get()) : nullptr;
    const Memory key_text(BIO_new(BIO_s_mem())), certificate_text(BIO_new(BIO_s_mem()));
    if (!certificate || !key_text || !certificate_text ||
        PEM_write_bio_PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1 ||
        PEM_write_bio_X509(certificate_text.get(), certificate.get()) != 1)
        return failed(files.certificate,
                      std::string("OpenSSL could not make a certificate: ") +
                          ERR_error_string(ERR_get_error(), nullptr),
                      "set [amqp] certificate and private-key to files of your own");
    if (auto done = write_file(files.private_key, content(key_text.get()), 0600); !done)
        return std::move(done).error();
    if (auto done = write_file(files.certificate, content(certificate_text.get()), 0644); !done)
        return std::move(done).error();
    return files;
}

}  // namespace clacks
