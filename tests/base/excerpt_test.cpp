#include "common/base/excerpt.hpp"

#include <catch2/catch.hpp>

using namespace clacks;

namespace {

Diagnostic at(std::uint32_t line, std::uint32_t column, std::uint32_t end_line, std::uint32_t end_column) {
    Diagnostic problem;
    problem.line = line;
    problem.column = column;
    problem.end_line = end_line;
    problem.end_column = end_column;
    return problem;
}

}  // namespace

TEST_CASE("An excerpt marks what is wrong in its line") {
    CHECK(excerpt("let $x\nretrun $x", at(2, 1, 2, 7)) == "retrun $x\n^^^^^^\n");
    CHECK(excerpt("a\r\nb\rc + d", at(3, 3, 3, 4)) == "c + d\n  ^\n");
    CHECK(excerpt("\xEF\xBB\xBFnix()", at(1, 1, 1, 4)) == "nix()\n^^^\n");
}

TEST_CASE("An excerpt without an end, or with an end elsewhere, is marked all the same") {
    CHECK(excerpt("1 +", at(1, 4, 1, 4)) == "1 +\n   ^\n");
    CHECK(excerpt("1 + x", at(1, 5, 0, 0)) == "1 + x\n    ^\n");
    CHECK(excerpt("a (b\nc)", at(1, 3, 2, 3)) == "a (b\n  ^^\n");
    CHECK(excerpt("short", at(1, 90, 1, 99)) == "short\n     ^\n");
}

TEST_CASE("There is no excerpt of what has no place in the text") {
    CHECK(excerpt("text", {}).empty());
    CHECK(excerpt("text", at(2, 1, 2, 2)).empty());
    CHECK(excerpt("text", at(1, 0, 0, 0)).empty());
}

TEST_CASE("Carets stand below what they mark, whatever the characters") {
    CHECK(excerpt("\t'ä€' + x", at(1, 9, 1, 10)) == " 'ä€' + x\n        ^\n");
    CHECK(excerpt("'日本' + x", at(1, 1, 1, 5)) == "'日本' + x\n^^^^^^\n");
    CHECK(excerpt("'日本' + x", at(1, 8, 1, 9)) == "'日本' + x\n         ^\n");
    CHECK(excerpt("'e\xCC\x81' + x", at(1, 8, 1, 9)) == "'e\xCC\x81' + x\n      ^\n");
}

TEST_CASE("An excerpt cannot steer a terminal") {
    CHECK(excerpt("'\x1B[2J\xC2\x9B\xE2\x80\xAE' x", at(1, 10, 1, 11)) == "'?[2J?\?' x\n         ^\n");
    CHECK(excerpt("\xFF\x80 x", at(1, 1, 1, 2)).find('^') != std::string::npos);
}

TEST_CASE("A long line is cut around the place") {
    const std::string text = std::string(500, 'a') + "!" + std::string(500, 'b');
    CHECK(excerpt(text, at(1, 501, 1, 502), 12) == "…aaaa!bbbbbbb…\n     ^\n");
    CHECK(excerpt(text, at(1, 501, 1, 900), 12) == "…aaaa!bbbbbbb…\n     ^^^^^^^^\n");
    CHECK(excerpt(text, at(1, 1, 1, 2), 12) == "aaaaaaaaaaaa…\n^\n");
    CHECK(excerpt(text, at(1, 1001, 1, 1002), 12) == "…bbbbb\n     ^\n");
}
