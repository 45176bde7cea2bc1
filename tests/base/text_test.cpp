#include "common/base/text.hpp"

#include <catch2/catch.hpp>

using namespace clacks;

TEST_CASE("nearest finds slips and nothing far") {
    const std::vector<std::string> names{"PhoneStatus", "NodeStatus", "NodeLeave"};
    CHECK(nearest("PhoneStatsu", names) == "PhoneStatus");
    CHECK(nearest("phonestatus", names) == "PhoneStatus");
    CHECK(nearest("NodLeave", names) == "NodeLeave");
    CHECK(nearest("Invoice", names).empty());
    CHECK(nearest("", names).empty());
    CHECK(nearest(std::string(100000, 'x'), names).empty());
}

TEST_CASE("UTF-8 is judged as RFC 3629 says") {
    CHECK(is_utf8("aä€𝄞"));
    for (const char* bad : {"\x80", "\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80",
                            "\xF5\x80\x80\x80", "\xC3", "\xFF"}) {
        CAPTURE(bad);
        CHECK(invalid_utf8(std::string("ok") + bad) == 2);
    }
}

TEST_CASE("one_line is safe for a log") {
    CHECK(one_line("a\nb\x01\xFF") == "a\\nb\\x01\\xff");
    CHECK(one_line("ää", 2) == "ä…");
}

TEST_CASE("white space is collapsed as XML Schema says") {
    CHECK(collapsed(" \n a\t\r\n b  ") == "a b");
    CHECK(collapsed(" \t").empty());
    CHECK(collapsed("a\u00A0 b") == "a\u00A0 b");  // no other space counts
}

TEST_CASE("positions count code points") {
    const Position p = position_of("a\nä€x", 1 + 1 + 2 + 3);
    CHECK(p.line == 2);
    CHECK(p.column == 3);
}
