#include "common/client/trust.hpp"

#include <cstdlib>

namespace clacks::client {

namespace {

constexpr const char* kSystemList = "/etc/ssl/certs/ca-certificates.crt";
constexpr const char* kCertificate = "quickstart-cert.pem";

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value ? value : "";
}

}  // namespace

std::vector<std::filesystem::path> quickstart_certificate_paths() {
    std::vector<std::filesystem::path> paths{std::filesystem::path("/var/lib/clacks") / kCertificate};
    if (const std::string state = environment("XDG_STATE_HOME"); !state.empty())
        paths.push_back(std::filesystem::path(state) / "clacks" / kCertificate);
    if (const std::string home = environment("HOME"); !home.empty())
        paths.push_back(std::filesystem::path(home) / ".local/state/clacks" / kCertificate);
    return paths;
}

std::string trusted_certificates(const Url& url, const std::string& wanted) {
    if (!wanted.empty()) return wanted;
    if (std::string named = environment("CLACKS_CA"); !named.empty()) return named;
    std::string newest;
    std::filesystem::file_time_type newest_time{};
    for (const auto& path :
         url.loopback() ? quickstart_certificate_paths() : std::vector<std::filesystem::path>{}) {
        std::error_code error;
        const auto time = std::filesystem::last_write_time(path, error);
        if (error || (!newest.empty() && time <= newest_time)) continue;
        newest = path;
        newest_time = time;
    }
    return newest.empty() ? kSystemList : newest;
}

}  // namespace clacks::client
