#include "common/client/failure.hpp"

#include <catch2/catch.hpp>

using namespace clacks;
using namespace clacks::client;

namespace {

const Url kUrl = parse_url("amqp://admin:s3cr3t@localhost/org.clacks").value();
const Url kTls = parse_url("amqps://admin:s3cr3t@localhost/org.clacks").value();

std::string code(std::string_view condition, std::string_view description, const Url& url = kUrl) {
    return connection_failure(condition, description, url, "/ca.pem").diagnostic.code;
}

}  // namespace

TEST_CASE("what proton says becomes what a person can act on") {
    CHECK(code("proton:io", "Connection refused - connect to localhost:5672") == "unreachable");
    CHECK(code("proton:io", "Name or service not known - connect") == "unreachable");
    CHECK(code("amqp:connection:framing-error", "SSL Failure: certificate verify failed", kTls) ==
          "tls-untrusted");
    CHECK(code("amqp:connection:framing-error", "SSL Failure: wrong version number", kTls) == "tls-failed");
    CHECK(code("amqp:connection:framing-error", "Expected AMQP protocol header") == "protocol");
    CHECK(code("amqp:connection:forced", "the agent stops") == "disconnected");
}

TEST_CASE("only a refused login or link is permanent") {
    CHECK(connection_failure("amqp:unauthorized-access", "Authentication failed [mech=PLAIN]", kUrl, "")
              .permanent);
    CHECK_FALSE(connection_failure("amqp:connection:forced", "the agent stops", kUrl, "").permanent);
    CHECK_FALSE(connection_failure("proton:io", "Connection refused", kUrl, "").permanent);
    CHECK_FALSE(time_out(kUrl, "connecting").permanent);
    CHECK(link_failure("amqp:invalid-field", "filter:1:2: [XPST0003] no", kUrl, "a").permanent);
    CHECK(link_failure("amqp:not-implemented", "no such filter", kUrl, "a").permanent);
    CHECK(link_failure("amqp:not-found", "unknown", kUrl, "a").permanent);
    CHECK(link_failure("amqp:unauthorized-access", "no", kUrl, "a").permanent);
    CHECK_FALSE(link_failure("amqp:resource-limit-exceeded", "too many", kUrl, "a").permanent);
}

TEST_CASE("a refused login tells what to do about it") {
    const auto hint = [](const char* url) {
        return to_string(connection_failure("amqp:unauthorized-access", "Authentication failed [mech=PLAIN]",
                                            parse_url(url).value(), "")
                             .diagnostic);
    };
    CHECK(hint("amqp://admin:x@localhost").find("'admin'") != std::string::npos);
    CHECK(hint("amqp://localhost").find("names none") != std::string::npos);
}

TEST_CASE("no password is ever shown") {
    for (const char* condition : {"amqp:unauthorized-access", "proton:io", "amqp:connection:forced"})
        for (const char* description : {"", "Connection refused", "certificate verify failed", "mechanism"})
            for (const Url& url : {kUrl, kTls}) {
                const auto failure = connection_failure(condition, description, url, "/ca.pem");
                CHECK(to_string(failure.diagnostic).find("s3cr3t") == std::string::npos);
                CHECK(to_string(link_failure(condition, description, url, "a").diagnostic).find("s3cr3t") ==
                      std::string::npos);
            }
}

TEST_CASE("a peer's text stays on one line") {
    CHECK(link_failure("amqp:invalid-field", "a\nb\x1b[2J", kUrl, "a").diagnostic.message == "a\\nb\\x1b[2J");
}
