#include "agent/core/checks.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

#include "common/amqp/identity.hpp"
#include "common/amqp/tls.hpp"

namespace clacks {

namespace fs = std::filesystem;

namespace {

template <auto Free>
struct Freed {
    template <class T>
    void operator()(T* object) const {
        Free(object);
    }
};
using File = std::unique_ptr<BIO, Freed<BIO_free_all>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;

Diagnostic problem(std::string code, const fs::path& source, std::string message, std::string hint) {
    Diagnostic made;
    made.code = std::move(code);
    made.source = source.string();
    made.message = std::move(message);
    made.hint = std::move(hint);
    return made;
}

File open(const fs::path& file, const char* what, Diagnostics& problems) {
    errno = 0;
    File opened(BIO_new_file(file.c_str(), "r"));
    const int reason = errno;
    ERR_clear_error();
    if (!opened)
        problems.push_back(problem("certificate", file,
                                   std::string("the ") + what + " cannot be read: " + std::strerror(reason),
                                   "check its path and permissions"));
    return opened;
}

Certificate read_certificate(const fs::path& file, Diagnostics& problems) {
    const File opened = open(file, "certificate", problems);
    if (!opened) return nullptr;
    Certificate certificate(PEM_read_bio_X509(opened.get(), nullptr, nullptr, nullptr));
    ERR_clear_error();
    if (!certificate)
        problems.push_back(problem("certificate", file, "the file holds no certificate in PEM form",
                                   "it begins with -----BEGIN CERTIFICATE-----"));
    return certificate;
}

// Asked for a passphrase, it has none: a service has nobody to type it.
int no_passphrase(char*, int, int, void*) {
    return -1;
}

Key read_key(const fs::path& file, Diagnostics& problems) {
    const File opened = open(file, "private key", problems);
    if (!opened) return nullptr;
    Key key(PEM_read_bio_PrivateKey(opened.get(), nullptr, no_passphrase, nullptr));
    ERR_clear_error();
    if (!key)
        problems.push_back(problem("certificate", file,
                                   "the file holds no private key in PEM form without a passphrase",
                                   "it begins with -----BEGIN PRIVATE KEY-----; remove a passphrase with: "
                                   "openssl pkey -in OLD -out NEW"));
    return key;
}

}  // namespace

void check_certificate(const config::Settings& settings, Diagnostics& problems) {
    const config::AmqpSettings& amqp = settings.amqp;
    const bool tls =
        !amqp.certificate_listeners.empty() ||
        std::any_of(amqp.listeners.begin(), amqp.listeners.end(), [](const Url& url) { return url.tls(); });
    if (!tls || amqp.certificate.empty() || amqp.private_key.empty()) return;
    const Certificate certificate = read_certificate(amqp.certificate, problems);
    const Key key = read_key(amqp.private_key, problems);
    if (certificate && X509_cmp_current_time(X509_get0_notAfter(certificate.get())) < 0)
        problems.push_back(
            problem("certificate", amqp.certificate, "the certificate has expired", "renew it"));
    if (certificate && X509_cmp_current_time(X509_get0_notBefore(certificate.get())) > 0)
        problems.push_back(problem("certificate", amqp.certificate, "the certificate is not yet in force",
                                   "check this machine's clock"));
    if (certificate && key && X509_check_private_key(certificate.get(), key.get()) != 1)
        problems.push_back(
            problem("certificate", amqp.private_key,
                    "the private key does not belong to the certificate " + amqp.certificate.string(),
                    "take the key that the certificate was requested with"));
    ERR_clear_error();
}

void check_client_certificates(const config::Settings& settings, Diagnostics& problems) {
    const config::AmqpSettings& amqp = settings.amqp;
    if (amqp.certificate_listeners.empty()) return;
    if (auto rule = amqp::parse_identity_rule(amqp.client_identity); !rule) problems.push_back(rule.error());
    // In a quickstart the start makes the certificate, and then finds what is wrong with the others.
    if (amqp.certificate.empty() || !problems.empty()) return;
    auto loaded = amqp::TlsServer::load({amqp.certificate.string(), amqp.private_key.string(),
                                         amqp.client_ca.string(), amqp.client_crl.string()},
                                        true);
    if (!loaded) problems.push_back(std::move(loaded).error());
}

std::vector<fs::path> event_folders(const config::Settings& settings, const std::vector<fs::path>& of_modules,
                                    Diagnostics& problems) {
    std::vector<fs::path> folders;
    for (const fs::path& folder : settings.agent.events) {
        std::error_code error;
        if (settings.agent.events_configured || fs::exists(folder, error)) folders.push_back(folder);
    }
    if (folders.empty())
        problems.push_back(problem("schema-folder", settings.files.empty() ? "" : settings.files.front(),
                                   "there is no folder of event definitions: " +
                                       settings.agent.events.front().string() + " does not exist",
                                   "install it, or set [agent] events"));
    folders.insert(folders.end(), of_modules.begin(), of_modules.end());
    return folders;
}

std::optional<Diagnostic> missing_users(const config::Settings& settings) {
    const fs::path& users = settings.amqp.user_database;
    if (::access(users.c_str(), R_OK) == 0) return std::nullopt;
    const int reason = errno;
    if (reason == ENOENT)
        return problem("no-users", users, "nobody can log in, as there is no user database",
                       "make one with: clacks user add NAME --sasldb " + users.string() + " --realm " +
                           settings.amqp.realm);
    return problem(
        "no-users", users,
        std::string("nobody can log in, as the user database cannot be read: ") + std::strerror(reason),
        "give the file to the user that the agent runs as (chown)");
}

acl::AclPtr load_acl(const config::Settings& settings, const std::string& domain, Diagnostics& problems) {
    if (settings.acl.file.empty()) return acl::Acl::none(domain);
    auto read = acl::Acl::read(settings.acl.file, domain);
    if (read) return std::move(*read);
    problems.insert(problems.end(), read.error().begin(), read.error().end());
    return nullptr;
}

std::optional<Diagnostic> missing_acl(const config::Settings& settings) {
    if (!settings.acl.file.empty()) return std::nullopt;
    return problem("no-acl", settings.files.front(),
                   "nobody may send, call or receive anything, as there is no access control list",
                   "write one, as: allow NAME * xr, set [acl] file to it, and reload; see clacks-agent(8)");
}

void place_in_file(const config::Settings& settings, Diagnostic& problem) {
    static constexpr std::string_view kBefore = "[module ";
    if (!problem.source.starts_with(kBefore) || !problem.source.ends_with("]")) return;
    const std::string name =
        problem.source.substr(kBefore.size(), problem.source.size() - kBefore.size() - 1);
    auto found = settings.module_places.find({name, problem.path});
    if (found == settings.module_places.end()) found = settings.module_places.find({name, ""});
    if (found == settings.module_places.end()) return;
    problem.source = found->second.file.string();
    problem.line = found->second.line;
    problem.column = found->second.column;
    problem.path = "";  // the message or the place tells it
}

}  // namespace clacks
