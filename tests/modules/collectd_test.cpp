// The two forms in which collectd sends, good and bad.
#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>

#include "agent/modules/collectd/command_format.hpp"
#include "agent/modules/collectd/json_format.hpp"

using namespace clacks;
using namespace clacks::collectd;

namespace {

// As the plugin sent it, but for the values.
std::string json_with(const std::string& values, const std::string& more = "") {
    return R"([{"values":)" + values +
           R"(,"dstypes":["gauge","derive"],"dsnames":["one","two"],"time":1795483179.961,"interval":2.000,)"
           R"("host":"labhost","plugin":"load","plugin_instance":"","type":"load","type_instance":"x")" +
           more + "}]";
}

const TypesDb& types() {
    static const TypesDb shared = [] {
        TypesDb db;
        const auto file = std::filesystem::temp_directory_path() / "clacks-collectd-test-types.db";
        std::ofstream(file) << "# a comment\nload  shortterm:GAUGE:0:5000, midterm:GAUGE:0:5000\n\n"
                               "if_octets rx:DERIVE:0:U, tx:COUNTER:0:U\ncpu value:DERIVE:0:U\n";
        REQUIRE(db.read(file).empty());
        std::filesystem::remove(file);
        return db;
    }();
    return shared;
}

std::string why_not(const Result<std::vector<ValueList>>& read) {
    return read ? "" : read.error().message;
}

std::string command_refusal(const std::string& line) {
    return why_not(read_command(line, types()));
}

}  // namespace

TEST_CASE("the JSON format is read with every number as it was written", "[collectd]") {
    const auto lists = read_json(json_with("[0.93017578125,18446744073709551615]"));
    REQUIRE(lists);
    REQUIRE(lists->size() == 1);
    const ValueList& list = lists->front();
    CHECK(list.host == "labhost");
    CHECK(list.plugin_instance.empty());
    CHECK(list.type_instance == "x");
    CHECK(list.time == 1795483179.961);
    CHECK(list.interval == 2);
    REQUIRE(list.values.size() == 2);
    CHECK(std::get<double>(list.values[0].number) == 0.93017578125);
    CHECK(std::get<std::uint64_t>(list.values[1].number) == 18446744073709551615U);
    CHECK(list.values[1].source.name == "two");
    CHECK(list.values[1].source.kind == "derive");
    const auto missing = read_json(json_with("[null,-5]", R"(,"meta":{"a":{"b":[1]}})"));
    REQUIRE(missing);
    CHECK(std::isnan(std::get<double>(missing->front().values[0].number)));
    CHECK(std::get<std::int64_t>(missing->front().values[1].number) == -5);
    CHECK(read_json("[]")->empty());
}

TEST_CASE("JSON that is none, or is not collectd's, is refused with the reason", "[collectd]") {
    CHECK(why_not(read_json("")).find("it is not JSON: parse error at line 1") == 0);
    CHECK(why_not(read_json("[{\"host\":\"\xff\"}]")).find("it is not JSON: ") == 0);
    CHECK(why_not(read_json("[1e999]")).find("it is not JSON: ") == 0);
    CHECK(why_not(read_json("{}")) == "the JSON is no list of value lists");
    CHECK(why_not(read_json("[7]")) == "a value list is no object");
    CHECK(why_not(read_json("[{}]")) == "a value list has no 'host'");
    CHECK(why_not(read_json(R"([{"host":1}])")) == "'host' is no string");
    CHECK(why_not(read_json(R"([{"labels":{}}])")).find("it holds a notification") == 0);
    CHECK(why_not(read_json(json_with("[1]"))).find("not of one length") != std::string::npos);
    CHECK(why_not(read_json(json_with("[1,\"2\"]"))) == "one of 'values' is no number");
    CHECK(why_not(read_json(json_with("7"))) == "'values' is no list");
    const std::string deep(1'000'000, '[');
    CHECK(why_not(read_json(deep)) == "the JSON is nested more than 8 deep");
}

TEST_CASE("the command format is read with names and kinds of types.db", "[collectd]") {
    const auto lists =
        read_command("PUTVAL labhost/load/load interval=2.000 1795483179.961:0.93:nan\n", types());
    REQUIRE(lists);
    const ValueList& list = lists->front();
    CHECK(list.host == "labhost");
    CHECK(list.type == "load");
    CHECK(list.interval == 2);
    CHECK(list.values[0].source.name == "shortterm");
    CHECK(list.values[0].source.kind == "gauge");
    CHECK(std::get<double>(list.values[0].number) == 0.93);
    CHECK(std::isnan(std::get<double>(list.values[1].number)));
    const auto twice = read_command(
        R"(PUTVAL "a \"b\" \\/interface-eth 0/if_octets-x-y" interval=10 meta:a=1 1:-7:18446744073709551615 2:U:3)",
        types());
    REQUIRE(twice);
    REQUIRE(twice->size() == 2);
    CHECK(twice->front().host == R"(a "b" \)");
    CHECK(twice->front().plugin == "interface");
    CHECK(twice->front().plugin_instance == "eth 0");
    CHECK(twice->front().type_instance == "x-y");
    CHECK(std::get<std::int64_t>(twice->front().values[0].number) == -7);
    CHECK(std::get<std::uint64_t>(twice->front().values[1].number) == 18446744073709551615U);
    CHECK(twice->back().time == 2);
    CHECK(twice->back().values[1].source.kind == "counter");
}

TEST_CASE("commands that are none are refused with the reason", "[collectd]") {
    CHECK(command_refusal("") == "only the command PUTVAL is known, and this is ''");
    CHECK(command_refusal("PUTNOTIF severity=okay") ==
          "only the command PUTVAL is known, and this is 'PUTNOTIF'");
    CHECK(command_refusal("PUTVAL \"a/b/c") == "the command ends within quotation marks");
    CHECK(command_refusal("PUTVAL \"a/b/c\\") == "the command ends within quotation marks");
    CHECK(command_refusal("PUTVAL a/b interval=1 1:1") ==
          "'a/b' is no identifier of the form HOST/PLUGIN/TYPE");
    CHECK(command_refusal("PUTVAL a/-x/cpu interval=1 1:1").find("is no identifier") != std::string::npos);
    CHECK(command_refusal("PUTVAL a/b/none interval=1 1:1") ==
          "the type 'none' is in no types.db that this module has read");
    CHECK(command_refusal("PUTVAL a/b/cpu 1:1") == "the command has no interval, or no values");
    CHECK(command_refusal("PUTVAL a/b/cpu interval=1") == "the command has no interval, or no values");
    CHECK(command_refusal("PUTVAL a/b/cpu interval=inf 1:1") == "'interval=inf' is no interval");
    CHECK(command_refusal("PUTVAL a/b/cpu interval=1 N:1") == "'N:1' is no time with values");
    CHECK(command_refusal("PUTVAL a/b/cpu interval=1 1") == "'1' is no time with values");
    CHECK(command_refusal("PUTVAL a/b/cpu interval=1 1:") == "'' is no value");
    CHECK(command_refusal("PUTVAL a/b/cpu interval=1 1:x") == "'x' is no value");
    CHECK(command_refusal("PUTVAL a/b/cpu interval=1 1:1:2").find("has 1 data sources") != std::string::npos);
    CHECK(command_refusal("PUTVAL a/b/load interval=1 1:1").find("has 2 data sources") != std::string::npos);
    CHECK(command_refusal("PUTVAL a/b/cpu interval=1 1:1\nPUTVAL a/b/cpu interval=1 1:1") ==
          "the command is more than one line, or not UTF-8");
    CHECK(command_refusal("PUTVAL \xff/b/cpu interval=1 1:1") ==
          "the command is more than one line, or not UTF-8");
}

TEST_CASE("collectd's own types are read, and a line that is none is told", "[collectd]") {
    TypesDb db;
    REQUIRE(db.read("/usr/share/collectd/types.db").empty());
    REQUIRE(db.find("load"));
    CHECK(db.find("load")->size() == 3);
    const auto file = std::filesystem::temp_directory_path() / "clacks-collectd-test-bad.db";
    std::ofstream(file) << "good value:GAUGE:0:U\nbad value:GUAGE:0:U\n";
    const Diagnostics problems = db.read(file);
    std::filesystem::remove(file);
    REQUIRE(problems.size() == 1);
    CHECK(problems.front().line == 2);
    CHECK(problems.front().message == "'value:GUAGE:0:U' is no data source");
    CHECK(db.find("good") == nullptr);
    CHECK(db.read("/nonexistent/types.db").front().message == "it cannot be read: No such file or directory");
}
