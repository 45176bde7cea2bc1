#include "common/base/result.hpp"

#include <catch2/catch.hpp>

using namespace clacks;

TEST_CASE("a diagnostic reads as file, place, problem, hint") {
    Diagnostic d{.code = "x",
                 .message = "unknown key 'nod'",
                 .hint = "did you mean 'node'?",
                 .source = "a.conf",
                 .line = 3,
                 .column = 7};
    CHECK(to_string(d) == "a.conf:3:7: unknown key 'nod'; did you mean 'node'?");
    d.path = "/Event";
    d.expected = "PhoneStatus";
    CHECK(to_string(d) ==
          "a.conf:3:7: /Event: unknown key 'nod', expected PhoneStatus; did you mean 'node'?");
    d.code = "XPST0003";
    CHECK(to_string(d) ==
          "a.conf:3:7: /Event: [XPST0003] unknown key 'nod', expected PhoneStatus; did you mean 'node'?");
    CHECK(to_string(Diagnostics{{.message = "a"}, {.message = "b"}}) == "a\nb");
}

TEST_CASE("a result holds a value or an error") {
    Result<int> good = 5;
    REQUIRE(good);
    CHECK(*good == 5);
    Result<int> bad = Diagnostic{.code = "no"};
    REQUIRE_FALSE(bad);
    CHECK(bad.error().code == "no");
    Result<void, Diagnostic> nothing;
    CHECK(nothing.ok());
}
