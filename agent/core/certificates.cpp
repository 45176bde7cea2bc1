#include "agent/core/certificates.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <array>
#include <ctime>
#include <memory>

namespace clacks {

namespace {

constexpr std::chrono::hours kDay{24};
constexpr std::chrono::hours kAhead = 14 * kDay;

void free_infos(STACK_OF(X509_INFO) * infos) {
    sk_X509_INFO_pop_free(infos, X509_INFO_free);
}
void free_file(BIO* file) {
    BIO_free_all(file);
}
using Infos = std::unique_ptr<STACK_OF(X509_INFO), decltype(&free_infos)>;
using File = std::unique_ptr<BIO, decltype(&free_file)>;

WallTime time_of(const ASN1_TIME* time) {
    std::tm parts{};
    // A list without an end, or a date that nobody can read, is never late.
    if (!time || ASN1_TIME_to_tm(time, &parts) != 1) return WallTime::max();
    return WallTime(std::chrono::seconds(::timegm(&parts)));
}

std::string shown(WallTime time) {
    if (time == WallTime::max()) return "no known date";
    const std::time_t seconds =
        std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
    std::tm parts{};
    std::array<char, 40> text{};
    ::gmtime_r(&seconds, &parts);
    std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M UTC", &parts);
    return text.data();
}

std::string shown(const X509_NAME* name) {
    const File memory(BIO_new(BIO_s_mem()), &free_file);
    char* text = nullptr;
    if (!memory || X509_NAME_print_ex(memory.get(), name, 0, XN_FLAG_RFC2253) < 0) return {};
    const long length = BIO_get_mem_data(memory.get(), &text);
    return length > 0 ? std::string(text, static_cast<std::size_t>(length)) : std::string();
}

// "AB:CD:…", as `openssl x509 -fingerprint -sha256` shows it.
std::string fingerprint(const X509* certificate) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    if (X509_digest(certificate, EVP_sha256(), digest.data(), &length) != 1) return "unknown";
    static constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string text;
    for (unsigned i = 0; i < length; ++i) {
        if (i > 0) text += ':';
        text += kDigits[digest[i] >> 4];
        text += kDigits[digest[i] & 15];
    }
    return text;
}

Diagnostic line(std::string code, const std::filesystem::path& file, std::string message,
                std::string hint = {}) {
    Diagnostic made;
    made.code = std::move(code);
    made.source = file.string();
    made.message = std::move(message);
    made.hint = std::move(hint);
    return made;
}

}  // namespace

CertificateWatch::CertificateWatch(Say say) : say_(std::move(say)) {
    if (!say_) say_ = [](log::Level level, const Diagnostic& found) { log::problem(level, found); };
}

void CertificateWatch::take(const std::vector<WatchedFile>& files, WallTime now) {
    {
        const std::lock_guard lock(mutex_);
        dated_.clear();
        looked_ = {};
        for (const auto& file : files) read(file);
    }
    look(now);
}

void CertificateWatch::read(const WatchedFile& file) {
    const File opened(BIO_new_file(file.path.c_str(), "r"), &free_file);
    const Infos infos(opened ? PEM_X509_INFO_read_bio(opened.get(), nullptr, nullptr, nullptr) : nullptr,
                      &free_infos);
    ERR_clear_error();
    const std::size_t before = dated_.size();
    for (int i = 0; infos && i < sk_X509_INFO_num(infos.get()); ++i) {
        const X509_INFO* info = sk_X509_INFO_value(infos.get(), i);
        if (info->x509) {
            const Dated one{file, shown(X509_get_subject_name(info->x509)),
                            time_of(X509_get0_notAfter(info->x509))};
            say_(log::Level::Info, line("certificate", file.path,
                                        file.what + " of " + one.name + ", valid until " + shown(one.until) +
                                            ", SHA-256 " + fingerprint(info->x509)));
            dated_.push_back(one);
        }
        if (info->crl)
            dated_.push_back({file, shown(X509_CRL_get_issuer(info->crl)),
                              time_of(X509_CRL_get0_nextUpdate(info->crl)), true});
    }
    if (dated_.size() == before)
        say_(log::Level::Warning, line("certificate", file.path, "the " + file.what + " cannot be watched",
                                       "it could be used, but not be read once more; reload"));
}

void CertificateWatch::look(WallTime now) {
    const std::lock_guard lock(mutex_);
    if (now >= looked_ && now - looked_ < kDay) return;
    looked_ = now;
    for (const auto& one : dated_) look_at(one, now);
}

void CertificateWatch::look_at(const Dated& one, WallTime now) const {
    const std::string what = "the " + one.file.what + " of " + one.name;
    if (one.until == WallTime::max()) return;
    if (now >= one.until)
        return say_(
            log::Level::Error,
            line("certificate-expired", one.file.path,
                 what + (one.list ? " is out of date since " : " has expired on ") + shown(one.until),
                 one.list ? "fetch the present one, then reload; until then nobody gets in by certificate"
                          : "renew it, then reload"));
    if (!one.list && now >= one.until - kAhead)
        say_(log::Level::Warning, line("certificate-expires", one.file.path,
                                       what + " expires on " + shown(one.until), "renew it, then reload"));
}

}  // namespace clacks
