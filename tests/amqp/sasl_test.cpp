// The user database and the plugin on both of its sides: a proton client of this process against a bus.
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <future>
#include <proton/connection.hpp>
#include <proton/connection_options.hpp>
#include <proton/container.hpp>
#include <proton/error_condition.hpp>
#include <proton/messaging_handler.hpp>
#include <proton/reconnect_options.hpp>
#include <proton/sasl.hpp>
#include <proton/transport.hpp>

#include "common/amqp/sasl_plugin.hpp"
#include "common/amqp/sasldb.hpp"
#include "tests/support/echo_handler.hpp"

using namespace clacks;

namespace {

struct Folder {
    Folder() {
        std::string pattern = std::filesystem::temp_directory_path() / "amqp-test-XXXXXX";
        path = ::mkdtemp(pattern.data());
    }
    ~Folder() { std::filesystem::remove_all(path); }
    std::filesystem::path path;
};

class Login : public proton::messaging_handler {
  public:
    Login(std::string url, const proton::connection_options& options)
        : url_(std::move(url)), options_(options) {}
    void on_container_start(proton::container& container) override { container.connect(url_, options_); }
    void on_connection_open(proton::connection& connection) override {
        mechanism = connection.transport().sasl().mech();
        connection.close();
    }
    void on_transport_error(proton::transport& transport) override { error = transport.error().what(); }
    void on_error(const proton::error_condition& condition) override { error = condition.what(); }
    std::string mechanism, error;

  private:
    std::string url_;
    proton::connection_options options_;
};

Login log_in(std::uint16_t port, const std::string& password, const std::string& mechanism) {
    amqp::install_sasl_client();
    proton::connection_options options;
    options.user("admin").password(password).sasl_enabled(true).sasl_allow_insecure_mechs(true);
    options.sasl_allowed_mechs(mechanism).reconnect(proton::reconnect_options().max_attempts(1));
    Login login("amqp://127.0.0.1:" + std::to_string(port), options);
    proton::container container(login);
    container.run();
    return login;
}

}  // namespace

TEST_CASE("the user database is made private, and a password can be changed") {
    Folder folder;
    const std::string file = folder.path / "users";
    REQUIRE(amqp::set_password(file, "clacks", "admin", "first"));
    struct stat info {};
    REQUIRE(::stat(file.c_str(), &info) == 0);
    CHECK((info.st_mode & 0777) == 0600);
    CHECK(amqp::set_password(file, "clacks", "admin", "second"));
}

TEST_CASE("a user database that cannot be written is an error that names it") {
    const auto set = amqp::set_password("/nonexistent/folder/users", "clacks", "admin", "secret");
    REQUIRE_FALSE(set);
    CHECK(set.error().code == "sasldb-unwritable");
    CHECK(set.error().source == "/nonexistent/folder/users");
    CHECK_FALSE(set.error().hint.empty());
    CHECK(to_string(set.error()).find("secret") == std::string::npos);
}

TEST_CASE("a proton client logs in by PLAIN and by SCRAM-SHA-256, and not with a wrong password") {
    Folder folder;
    BusOptions options;
    options.listeners = {{}};
    options.node = "n";
    options.sasldb = folder.path / "users";
    REQUIRE(amqp::set_password(options.sasldb, options.realm, "admin", "secret"));
    tests::EchoHandler handler;
    Bus bus(options, handler);
    REQUIRE(bus.start());
    const auto port = bus.ports().front();
    for (const char* mechanism : {"PLAIN", "SCRAM-SHA-256"}) {
        const Login good = log_in(port, "secret", mechanism);
        CHECK(good.error.empty());
        CHECK(good.mechanism == mechanism);
        const Login bad = log_in(port, "wrong", mechanism);
        CHECK(bad.mechanism.empty());
        CHECK(bad.error.find("amqp:unauthorized-access") != std::string::npos);
    }
    bus.stop();
    CHECK(bus.counters().auth_failures == 2);
}

TEST_CASE("a bus starts once, stops twice, and takes no work after that") {
    Folder folder;
    BusOptions options;
    options.listeners = {{}, {}};
    options.node = "n";
    options.sasldb = folder.path / "users";
    tests::EchoHandler handler;
    Bus bus(options, handler);
    REQUIRE(bus.start());
    CHECK(bus.ports().size() == 2);
    std::promise<void> ran;
    bus.post([&] { ran.set_value(); });
    ran.get_future().wait();
    bus.stop();
    bus.stop();
    bus.post([] { FAIL("ran after the stop"); });
}
