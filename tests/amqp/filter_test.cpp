#include "common/amqp/filter.hpp"

#include <proton/codec.h>

#include <catch2/catch.hpp>
#include <functional>
#include <memory>
#include <random>

using namespace clacks;

namespace {

struct Free {
    void operator()(pn_data_t* data) const { pn_data_free(data); }
};
using Data = std::unique_ptr<pn_data_t, Free>;

pn_bytes_t bytes(std::string_view text) {
    return pn_bytes(text.size(), text.data());
}

void put_described(pn_data_t* data, const std::function<void()>& descriptor,
                   const std::function<void()>& body) {
    pn_data_put_described(data);
    pn_data_enter(data);
    descriptor();
    body();
    pn_data_exit(data);
}

// A filter set with one entry whose value is written by `value`.
Data one(const std::function<void(pn_data_t*)>& value) {
    Data data(pn_data(16));
    pn_data_put_map(data.get());
    pn_data_enter(data.get());
    pn_data_put_symbol(data.get(), bytes("key"));
    value(data.get());
    pn_data_exit(data.get());
    return data;
}

std::string refused(pn_data_t* data) {
    const auto filter = amqp::read_filter(data);
    REQUIRE_FALSE(filter);
    CHECK_FALSE(filter.error().diagnostic.message.empty());
    CHECK_FALSE(filter.error().diagnostic.hint.empty());
    return filter.error().condition;
}

}  // namespace

TEST_CASE("a filter that was written is read back, by symbol and by code") {
    for (const bool by_code : {false, true}) {
        Data data(pn_data(16));
        amqp::write_filter(data.get(), {"my key", "1 = 1", by_code});
        const auto filter = amqp::read_filter(data.get());
        REQUIRE(filter);
        REQUIRE(filter.value());
        CHECK(filter.value()->key == "my key");
        CHECK(filter.value()->xquery == "1 = 1");
        CHECK(filter.value()->by_code == by_code);
    }
}

TEST_CASE("no filter set, null and an empty map mean no filter") {
    CHECK_FALSE(amqp::read_filter(nullptr).value());
    Data data(pn_data(4));
    CHECK_FALSE(amqp::read_filter(data.get()).value());
    pn_data_put_null(data.get());
    CHECK_FALSE(amqp::read_filter(data.get()).value());
    pn_data_clear(data.get());
    pn_data_put_map(data.get());
    CHECK_FALSE(amqp::read_filter(data.get()).value());
}

TEST_CASE("an unknown type of filter is not implemented") {
    const auto string = [](pn_data_t* data) { return [data] { pn_data_put_string(data, bytes("1")); }; };
    CHECK(refused(one([&](pn_data_t* data) {
                      put_described(
                          data, [&] { pn_data_put_symbol(data, bytes("apache.org:selector")); },
                          string(data));
                  }).get()) == "amqp:not-implemented");
    CHECK(refused(one([&](pn_data_t* data) {
                      put_described(
                          data, [&] { pn_data_put_ulong(data, 0x468C00000004); }, string(data));
                  }).get()) == "amqp:not-implemented");
}

TEST_CASE("a malformed filter is an invalid field, never no filter") {
    const auto symbol = [](pn_data_t* data) {
        return [data] { pn_data_put_symbol(data, bytes(amqp::kXQueryFilterSymbol)); };
    };
    CHECK(refused(one([](pn_data_t* data) { pn_data_put_string(data, bytes("1=1")); }).get()) ==
          "amqp:invalid-field");
    CHECK(refused(one([](pn_data_t* data) { pn_data_put_null(data); }).get()) == "amqp:invalid-field");
    CHECK(refused(one([&](pn_data_t* data) {
                      put_described(data, symbol(data), [&] { pn_data_put_int(data, 5); });
                  }).get()) == "amqp:invalid-field");
    CHECK(refused(one([&](pn_data_t* data) {
                      put_described(
                          data, [&] { pn_data_put_double(data, 5); },
                          [&] { pn_data_put_string(data, bytes("1")); });
                  }).get()) == "amqp:invalid-field");
    Data list(pn_data(4));
    pn_data_put_list(list.get());
    CHECK(refused(list.get()) == "amqp:invalid-field");
    Data two(pn_data(16));
    pn_data_put_map(two.get());
    pn_data_enter(two.get());
    for (const char* key : {"a", "b"}) {
        pn_data_put_symbol(two.get(), bytes(key));
        put_described(two.get(), symbol(two.get()), [&] { pn_data_put_string(two.get(), bytes("1")); });
    }
    pn_data_exit(two.get());
    CHECK(refused(two.get()) == "amqp:invalid-field");
}

TEST_CASE("damaged filter sets are read without harm") {
    Data sound(pn_data(16));
    amqp::write_filter(sound.get(), {"xquery", "declare variable $subject external; $subject", false});
    std::string encoded(1024, '\0');
    encoded.resize(static_cast<std::size_t>(pn_data_encode(sound.get(), encoded.data(), encoded.size())));
    std::mt19937 chance(11);
    int decoded = 0;
    for (int round = 0; round < 20000; ++round) {
        std::string damaged = encoded;
        for (unsigned left = 1 + chance() % 4; left > 0; --left)
            damaged[chance() % damaged.size()] = static_cast<char>(chance());
        Data data(pn_data(16));
        if (pn_data_decode(data.get(), damaged.data(), damaged.size()) < 0) continue;
        ++decoded;
        const auto filter = amqp::read_filter(data.get());
        if (!filter) CHECK_FALSE(filter.error().condition.empty());
    }
    CHECK(decoded > 1000);
}
