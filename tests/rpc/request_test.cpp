// Requests in both forms, what is none, and what is too much.
#include <catch2/catch.hpp>
#include <string>

#include "common/rpc/error_codes.hpp"
#include "common/rpc/request.hpp"

using namespace clacks;
using nlohmann::json;
using rpc::Form;

namespace {

rpc::Request one(const std::string& body) {
    INFO(body);
    rpc::Requests requests = rpc::read_requests(body);
    REQUIRE(requests.list.size() == 1);
    CHECK_FALSE(requests.batch);
    return requests.list.front();
}

rpc::Error refusal(const std::string& body) {
    const rpc::Request request = one(body);
    INFO(body);
    REQUIRE(request.error);
    CHECK_FALSE(request.notification);
    return *request.error;
}

std::string repeat(const std::string& text, std::size_t times) {
    std::string out;
    out.reserve(text.size() * times);
    for (std::size_t i = 0; i < times; ++i) out += text;
    return out;
}

}  // namespace

TEST_CASE("the original's form", "[rpc]") {
    const rpc::Request request = one(R"({"method": "add", "params": [1, "b"], "id": "jsonrpc"})");
    CHECK_FALSE(request.error);
    CHECK(request.form == Form::original);
    CHECK(request.method == "add");
    CHECK(request.parameters == json::array({1, "b"}));
    CHECK(rpc::answer(request, json(3)) == json({{"result", 3}, {"error", nullptr}, {"id", "jsonrpc"}}));
    const rpc::Error error{rpc::kNotPermitted, "no", nullptr};
    CHECK(rpc::answer(request, error) == json({{"result", nullptr},
                                               {"error", {{"code", rpc::kNotPermitted}, {"message", "no"}}},
                                               {"id", "jsonrpc"}}));
}

TEST_CASE("the original's form without id or params is answered as well", "[rpc]") {
    const rpc::Request request = one(R"({"method": "add"})");
    CHECK_FALSE(request.error);
    CHECK_FALSE(request.notification);
    CHECK(request.parameters.is_null());
    CHECK(rpc::answer(request, json(true)) == json({{"result", true}, {"error", nullptr}, {"id", nullptr}}));
}

TEST_CASE("JSON-RPC 2.0", "[rpc]") {
    const rpc::Request request = one(R"({"jsonrpc": "2.0", "method": "add", "params": {"a": 1}, "id": 7})");
    CHECK_FALSE(request.error);
    CHECK(request.form == Form::json_rpc_2);
    CHECK_FALSE(request.notification);
    CHECK(request.parameters == json({{"a", 1}}));
    CHECK(rpc::answer(request, json(3)) == json({{"jsonrpc", "2.0"}, {"result", 3}, {"id", 7}}));
    const rpc::Error error{rpc::kInvalidEvent, "bad", std::make_shared<const json>(json{{"line", 2}})};
    CHECK(rpc::answer(request, error) ==
          json({{"jsonrpc", "2.0"},
                {"error", {{"code", rpc::kInvalidEvent}, {"message", "bad"}, {"data", {{"line", 2}}}}},
                {"id", 7}}));
}

TEST_CASE("a notification is a 2.0 request without an id; null is an id", "[rpc]") {
    CHECK(one(R"({"jsonrpc": "2.0", "method": "add"})").notification);
    CHECK_FALSE(one(R"({"jsonrpc": "2.0", "method": "add", "id": null})").notification);
}

TEST_CASE("a batch keeps order, and every member its own error", "[rpc]") {
    const auto requests = rpc::read_requests(
        R"([{"jsonrpc": "2.0", "method": "a", "id": 1}, 5, {"jsonrpc": "2.0", "method": "b"},
            {"method": "c", "id": 3}])");
    CHECK(requests.batch);
    REQUIRE(requests.list.size() == 4);
    CHECK(requests.list[0].method == "a");
    CHECK_FALSE(requests.list[0].error);
    REQUIRE(requests.list[1].error);
    CHECK(requests.list[1].error->code == rpc::kInvalidRequest);
    CHECK(requests.list[2].notification);
    REQUIRE(requests.list[3].error);  // the original knew no batches
    CHECK(requests.list[3].error->message.find("2.0") != std::string::npos);
    CHECK(requests.list[3].id == 3);
}

TEST_CASE("what is not JSON tells where", "[rpc]") {
    const rpc::Error error = refusal("{\"method\":\n  nonsense}");
    CHECK(error.code == rpc::kParseError);
    REQUIRE(error.data);
    CHECK(error.data->at("line") == 2);
    CHECK(error.data->at("column") == 4);  // "no" begins no literal
    CHECK(error.message.find("json.exception") == std::string::npos);
    for (const std::string body : {"", "{", "[1,", "\"\xff\"", "{\"method\":\"a\"} x", "1e999", "\xef\xbb"}) {
        INFO(body);
        CHECK(refusal(body).code == rpc::kParseError);
    }
}

TEST_CASE("JSON that is no request", "[rpc]") {
    const char* bodies[] = {"5",
                            "null",
                            "[]",
                            "{}",
                            R"({"method": 5})",
                            R"({"jsonrpc": "2.0", "method": 5})",
                            R"({"jsonrpc": 2, "method": "a", "id": 1})",
                            R"({"jsonrpc": "1.1", "method": "a", "id": 1})",
                            R"({"jsonrpc": "2.0", "method": "a", "id": {}})",
                            R"({"jsonrpc": "2.0", "method": "a", "id": true})",
                            R"({"jsonrpc": "2.0", "method": "a", "params": "x"})",
                            R"({"method": "a", "params": 5, "id": 1})"};
    for (const std::string body : bodies) {
        INFO(body);
        CHECK(refusal(body).code == rpc::kInvalidRequest);
    }
    CHECK(one(R"({"method": "a", "params": 5, "id": 9})").id == 9);
}

TEST_CASE("nesting is bounded before anything is built", "[rpc]") {
    for (const std::string open : {"[", "{\"a\":", "[{\"a\":"}) {
        CHECK(refusal(repeat(open, 1'000'000)).code == rpc::kParseError);
    }
    const auto nested = [](std::size_t depth) {  // the request itself is one level
        return R"({"method":"a","params":)" + repeat("[", depth - 1) + repeat("]", depth - 1) + "}";
    };
    CHECK_FALSE(one(nested(rpc::kMaxNesting)).error);
    CHECK(refusal(nested(rpc::kMaxNesting + 1)).message.find("nested") != std::string::npos);
}

TEST_CASE("brackets inside strings are text", "[rpc]") {
    const std::string text = repeat("[", 500) + "\\\"" + repeat("{,", 500);
    const rpc::Request request = one(R"({"method":"a","params":[")" + text + R"("]})");
    CHECK_FALSE(request.error);
    CHECK(request.parameters.at(0).get<std::string>().size() == 1501);
}

TEST_CASE("values, bytes and batches are bounded", "[rpc]") {
    const auto list = [](std::size_t n) {
        return R"({"method":"a","params":[)" + repeat("0,", n - 1) + "0]}";
    };
    CHECK_FALSE(one(list(rpc::kMaxValues - 10)).error);
    CHECK(refusal(list(rpc::kMaxValues + 1)).message.find("values") != std::string::npos);
    CHECK(refusal("\"" + std::string(rpc::kMaxBytes, 'x') + "\"").message.find("bytes") != std::string::npos);
    const std::string call = R"({"jsonrpc":"2.0","method":"a","id":1})";
    CHECK(rpc::read_requests("[" + repeat(call + ",", rpc::kMaxBatch - 1) + call + "]").list.size() ==
          rpc::kMaxBatch);
    CHECK(refusal("[" + repeat(call + ",", rpc::kMaxBatch) + call + "]").code == rpc::kInvalidRequest);
}
