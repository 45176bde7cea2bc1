#include <catch2/catch.hpp>

#include "common/config/ini.hpp"

using namespace clacks;
using config::IniFile;
using config::parse_ini;

namespace {

std::string first_problem(std::string_view text) {
    const IniFile file = parse_ini(text, "a.conf");
    if (file.problems.empty()) return "";
    const Diagnostic& problem = file.problems.front();
    return problem.source + ":" + std::to_string(problem.line) + ":" + std::to_string(problem.column) + ": " +
           problem.message;
}

}  // namespace

TEST_CASE("values know their line and column") {
    const IniFile file =
        parse_ini("# comment\n[core]\n  id =  n1  \r\n; more\ndomain=ü.example\nempty =\n", "a.conf");
    REQUIRE(file.problems.empty());
    REQUIRE(file.values.size() == 3);
    CHECK(file.values[0].section == "core");
    CHECK(file.values[0].key == "id");
    CHECK(file.values[0].value == "n1");
    CHECK(file.values[0].line == 3);
    CHECK(file.values[0].key_column == 3);
    CHECK(file.values[0].value_column == 9);
    CHECK(file.values[1].value == "ü.example");
    CHECK(file.values[1].line == 5);
    CHECK(file.values[2].value.empty());
}

TEST_CASE("a line longer than any buffer stays one value") {
    const std::string value(100'000, 'x');
    const IniFile file = parse_ini("[a]\nk = " + value + "\nz = a ; b # c\n", "a.conf");
    REQUIRE(file.problems.empty());
    REQUIRE(file.values.size() == 2);
    CHECK(file.values[0].value == value);
    CHECK(file.values[1].value == "a ; b # c");
}

TEST_CASE("a last line without its end and a byte order mark are read") {
    const IniFile file = parse_ini("\xEF\xBB\xBF[a]\nk = v", "a.conf");
    REQUIRE(file.values.size() == 1);
    CHECK(file.values[0].value == "v");
}

TEST_CASE("lines that mean nothing are problems with their place") {
    CHECK(first_problem("[core\n").starts_with("a.conf:1:1: a section heading lacks"));
    CHECK(first_problem("[core]\n  words\n").starts_with("a.conf:2:3: the line is neither"));
    CHECK(first_problem("id = a\n").starts_with("a.conf:1:1: 'id' stands before the first section"));
    CHECK(first_problem("[core]\n = a\n").starts_with("a.conf:2:2: the name of the setting is missing"));
    CHECK(first_problem("[core]\nid = \xFF\n").starts_with("a.conf:2:6: the line is not UTF-8"));
    CHECK(first_problem("[a]\nk = 1\nk = 2\n")
              .starts_with("a.conf:3:1: 'k' is set twice in [a], first in line 2"));
    CHECK(first_problem(std::string("[a]\nk = \0\n", 10)).find("zero byte") != std::string::npos);
}

TEST_CASE("a file that cannot be read says why") {
    CHECK(config::read_ini("/nonexistent/agent.conf").problems.at(0).message.find("No such file") !=
          std::string::npos);
    CHECK(config::read_ini("/").problems.at(0).message == "is a folder, not a file");
}
