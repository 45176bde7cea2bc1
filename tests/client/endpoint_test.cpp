#include "common/client/endpoint.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "common/base/uuid.hpp"
#include "common/client/trust.hpp"
#include "common/config/settings.hpp"

using namespace clacks;
using namespace clacks::client;
namespace fs = std::filesystem;

namespace {

// Sets a variable of the environment for one test.
class Variable {
  public:
    Variable(const char* name, const std::string& value) : name_(name) {
        if (const char* old = std::getenv(name)) old_ = old;
        ::setenv(name, value.c_str(), 1);
    }
    ~Variable() {
        if (old_)
            ::setenv(name_, old_->c_str(), 1);
        else
            ::unsetenv(name_);
    }

  private:
    const char* name_;
    std::optional<std::string> old_;
};

struct Folder {
    fs::path path = fs::temp_directory_path() / ("clacks-" + random_uuid());
    Folder() { fs::create_directories(path / "clacks"); }
    ~Folder() { fs::remove_all(path); }
};

Url url(const std::string& text) {
    return parse_url(text).value();
}

}  // namespace

TEST_CASE("the URL's path is the domain, and there is a default") {
    CHECK(make_endpoint("amqp://a:b@localhost/net.example", {})->domain == "net.example");
    CHECK(make_endpoint("amqp://a:b@localhost", {})->domain == "org.clacks");
    CHECK_FALSE(make_endpoint("http://localhost", {}));
}

TEST_CASE("a file of trusted certificates that is not there is an error that names it") {
    ConnectOptions options;
    options.ca = "/nonexistent/ca.pem";
    CHECK(make_endpoint("amqp://localhost", options));
    const auto endpoint = make_endpoint("amqps://localhost", options);
    REQUIRE_FALSE(endpoint);
    CHECK(endpoint.error().code == "tls-untrusted");
    CHECK(endpoint.error().message.find("/nonexistent/ca.pem") != std::string::npos);
}

TEST_CASE("trust: what was named, then the environment, then the quickstart for this machine only") {
    const Folder folder;
    const Variable state("XDG_STATE_HOME", folder.path.string());
    const fs::path certificate = folder.path / "clacks" / "quickstart-cert.pem";
    std::ofstream(certificate) << "x";
    fs::last_write_time(certificate, fs::file_time_type::clock::now() + std::chrono::hours(1));
    {
        const Variable none("CLACKS_CA", "");
        CHECK(trusted_certificates(url("amqps://localhost"), "") == certificate);
        CHECK(trusted_certificates(url("amqps://example.net"), "") == "/etc/ssl/certs/ca-certificates.crt");
    }
    const Variable named("CLACKS_CA", "/some/ca.pem");
    CHECK(trusted_certificates(url("amqps://localhost"), "") == "/some/ca.pem");
    CHECK(trusted_certificates(url("amqps://localhost"), "/own.pem") == "/own.pem");
}

TEST_CASE("the quickstart's certificate is looked for where the agent leaves it") {
    const auto paths = quickstart_certificate_paths();
    const auto agent = config::default_state_directory() / "quickstart-cert.pem";
    CHECK(std::find(paths.begin(), paths.end(), agent) != paths.end());
    CHECK(std::find(paths.begin(), paths.end(), "/var/lib/clacks/quickstart-cert.pem") != paths.end());
}
