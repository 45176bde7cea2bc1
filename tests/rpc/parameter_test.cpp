// A call's parameters against their declaration, and the table of errors against its page.
#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "common/rpc/error_codes.hpp"
#include "common/rpc/parameter.hpp"

using namespace clacks;
using nlohmann::json;
using rpc::ParameterType;

namespace {

const std::vector<rpc::Parameter> kDeclared{{"data", ParameterType::string, true, ""},
                                            {"count", ParameterType::integer, false, ""},
                                            {"options", ParameterType::object, false, ""}};

json checked(const json& given) {
    INFO(given.dump());
    auto result = rpc::check_parameters("send", kDeclared, given);
    INFO((result ? "" : result.error().message));
    REQUIRE(result);
    return *result;
}

std::string refusal(const std::vector<rpc::Parameter>& declared, const json& given) {
    INFO(given.dump());
    const auto result = rpc::check_parameters("send", declared, given);
    REQUIRE_FALSE(result);
    CHECK(result.error().code == rpc::kInvalidParameters);
    return result.error().message;
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("lists and objects become a list in the order of the declaration", "[rpc]") {
    const json all = json::array({"x", 3, json::object()});
    CHECK(checked(all) == all);
    CHECK(checked({{"options", json::object()}, {"data", "x"}, {"count", 3}}) == all);
    CHECK(checked(json::array({"x"})) == json::array({"x", nullptr, nullptr}));
    CHECK(checked({{"data", "x"}}) == json::array({"x", nullptr, nullptr}));
    CHECK(checked(json::array({"x", nullptr})) == json::array({"x", nullptr, nullptr}));
    auto none = rpc::check_parameters("send", {}, json());
    REQUIRE(none);
    CHECK(*none == json::array());
}

TEST_CASE("parameters that do not fit are told by name", "[rpc]") {
    CHECK(has(refusal(kDeclared, json()), "'data'"));
    CHECK(has(refusal(kDeclared, json::array({nullptr})), "'data'"));
    CHECK(has(refusal(kDeclared, json::object({{"count", 1}})), "'data'"));
    const std::string many = refusal(kDeclared, json::array({"x", 1, json::object(), 4}));
    CHECK(has(many, "send(data, [count], [options])"));
    CHECK(has(many, "4"));
    CHECK(has(refusal(kDeclared, {{"data", "x"}, {"conut", 1}}), "did you mean 'count'"));
    const std::string unknown = refusal(kDeclared, {{"data", "x"}, {"zzzzzzzz", 1}});
    CHECK(has(unknown, "'zzzzzzzz'"));
    CHECK_FALSE(has(unknown, "did you mean"));
}

TEST_CASE("every type takes its own and refuses the others", "[rpc]") {
    struct Row {
        ParameterType type;
        std::set<std::size_t> taken;  // of the samples
    };
    const json samples[] = {"s", 1, 1.5, true, json::array(), json::object()};
    const Row rows[] = {{ParameterType::string, {0}},
                        {ParameterType::integer, {1}},
                        {ParameterType::number, {1, 2}},
                        {ParameterType::boolean, {3}},
                        {ParameterType::array, {4}},
                        {ParameterType::object, {5}},
                        {ParameterType::any, {0, 1, 2, 3, 4, 5}}};
    for (const Row& row : rows) {
        const std::vector<rpc::Parameter> declared{{"p", row.type, true, ""}};
        for (std::size_t i = 0; i < std::size(samples); ++i) {
            json given = json::array();
            given.push_back(samples[i]);
            INFO(rpc::type_name(row.type) << " " << given.dump());
            if (row.taken.count(i) == 1) {
                CHECK(rpc::check_parameters("send", declared, given).ok());
            } else {
                const std::string said = refusal(declared, given);
                CHECK(has(said, "'p'"));
                CHECK(has(said, std::string(rpc::type_name(row.type))));
                CHECK(has(said, samples[i].type_name()));
            }
        }
    }
}

TEST_CASE("the table of errors: no code twice, and each in docs/commands.md", "[rpc]") {
    std::ifstream file(CLACKS_SOURCE_DIR "/docs/commands.md");
    const std::string page{std::istreambuf_iterator<char>(file), {}};
    std::set<int> codes;
    for (const rpc::ErrorEntry& entry : rpc::error_table()) {
        INFO(entry.code);
        CHECK(codes.insert(entry.code).second);
        CHECK(has(page, "| " + std::to_string(entry.code) + " | " + std::string(entry.about) + " |"));
    }
    CHECK(codes.size() >= 10);
}
