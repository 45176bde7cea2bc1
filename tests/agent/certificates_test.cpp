// When certificates are told of: the one of a quickstart, which lasts ten years, at other times.
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <vector>

#include "agent/core/certificates.hpp"
#include "agent/core/quickstart.hpp"

using namespace clacks;
using std::chrono::hours;

namespace {

struct Fixture {
    Fixture() {
        std::string pattern = std::filesystem::temp_directory_path() / "certificates-test-XXXXXX";
        folder = ::mkdtemp(pattern.data());
        const auto made = make_quickstart_certificate(folder);
        REQUIRE(made);
        file = made->certificate;
    }
    ~Fixture() { std::filesystem::remove_all(folder); }

    // The codes of what is said from now on.
    std::vector<std::string> said() { return std::exchange(codes, {}); }

    std::filesystem::path folder, file;
    std::vector<std::string> codes;
    std::vector<log::Level> levels;
    std::string last;
    CertificateWatch watch{[this](log::Level level, const Diagnostic& found) {
        codes.push_back(found.code);
        levels.push_back(level);
        last = to_string(found);
    }};
    const WallTime start = system_clock().wall();
    const WallTime end = start + hours(24 * 3650);
};

using Codes = std::vector<std::string>;

}  // namespace

TEST_CASE_METHOD(Fixture,
                 "fingerprint and expiry are told when the files are taken, and nothing while all is well") {
    watch.take({{"certificate", file}}, start);
    CHECK(said() == Codes{"certificate"});
    CHECK(levels == std::vector{log::Level::Info});
    CHECK(last.find("of CN=localhost, valid until 20") != std::string::npos);
    const auto print = last.find("SHA-256 ");
    REQUIRE(print != std::string::npos);
    CHECK(last.size() == print + 8 + 95);
    watch.look(end - hours(24 * 15));
    CHECK(said().empty());
}

TEST_CASE_METHOD(Fixture, "a warning comes 14 days before the end, once a day, and an error after it") {
    watch.take({{"certificate", file}}, end - hours(24 * 15));
    CHECK(said() == Codes{"certificate"});
    watch.look(end - hours(24 * 13));
    CHECK(said() == Codes{"certificate-expires"});
    CHECK(levels.back() == log::Level::Warning);
    watch.look(end - hours(24 * 13) + hours(23));
    CHECK(said().empty());
    watch.look(end - hours(24 * 12));
    CHECK(said() == Codes{"certificate-expires"});
    watch.look(end + hours(1));
    CHECK(said() == Codes{"certificate-expired"});
    CHECK(levels.back() == log::Level::Error);
}

TEST_CASE_METHOD(Fixture, "a clock that is set back is looked at anew") {
    watch.take({{"certificate", file}}, end + hours(1));
    CHECK(said() == Codes{"certificate", "certificate-expired"});
    watch.look(end - hours(24));
    CHECK(said() == Codes{"certificate-expires"});
}

TEST_CASE_METHOD(Fixture, "files that are taken replace those before") {
    watch.take({{"certificate", file}}, end + hours(1));
    watch.take({}, end + hours(2));
    said();
    watch.look(end + hours(24 * 7));
    CHECK(said().empty());
}

TEST_CASE_METHOD(Fixture, "a file that has gone is told") {
    watch.take({{"certificate", folder / "none"}}, start);
    CHECK(said() == Codes{"certificate"});
    CHECK(levels.back() == log::Level::Warning);
}
