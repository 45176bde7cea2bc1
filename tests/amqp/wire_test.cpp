#include "common/amqp/wire.hpp"

#include <catch2/catch.hpp>
#include <random>

using namespace clacks;
using amqp::Reader;
using amqp::Simple;
using amqp::Writer;

namespace {

std::string written(const Simple& value) {
    std::string out;
    Writer(out).simple(value);
    return out;
}

std::optional<Simple> decoded(const std::string& bytes) {
    Reader reader(bytes);
    const auto value = reader.value();
    if (!value || !reader.at_end()) return std::nullopt;
    return amqp::simple_of(*value);
}

std::string hex(std::initializer_list<int> codes) {
    std::string out;
    for (const int code : codes) out.push_back(static_cast<char>(code));
    return out;
}

}  // namespace

TEST_CASE("what the writer writes the reader reads") {
    const auto now = WallTime(std::chrono::milliseconds(1795483179961));
    for (const Simple& value :
         {Simple(true), Simple(false), Simple(std::int64_t{0}), Simple(std::int64_t{-1}), Simple(INT64_MIN),
          Simple(INT64_MAX), Simple(0.1), Simple(-1e300), Simple(std::string()),
          Simple(std::string(255, 'a')), Simple(std::string(256, 'b')), Simple(std::string(70000, 'c')),
          Simple(now), Simple(WallTime())}) {
        const auto back = decoded(written(value));
        REQUIRE(back);
        CHECK(*back == value);
    }
}

TEST_CASE("every primitive encoding of the specification is understood") {
    CHECK(decoded(hex({0x56, 1})) == Simple(true));
    CHECK(decoded(hex({0x56, 0})) == Simple(false));
    CHECK(decoded(hex({0x43})) == Simple(std::int64_t{0}));
    CHECK(decoded(hex({0x44})) == Simple(std::int64_t{0}));
    CHECK(decoded(hex({0x50, 0xFF})) == Simple(std::int64_t{255}));
    CHECK(decoded(hex({0x51, 0xFF})) == Simple(std::int64_t{-1}));
    CHECK(decoded(hex({0x52, 0x80})) == Simple(std::int64_t{128}));
    CHECK(decoded(hex({0x54, 0x80})) == Simple(std::int64_t{-128}));
    CHECK(decoded(hex({0x53, 7})) == Simple(std::int64_t{7}));
    CHECK(decoded(hex({0x55, 0xFE})) == Simple(std::int64_t{-2}));
    CHECK(decoded(hex({0x60, 0x01, 0x00})) == Simple(std::int64_t{256}));
    CHECK(decoded(hex({0x61, 0xFF, 0xFE})) == Simple(std::int64_t{-2}));
    CHECK(decoded(hex({0x70, 0xFF, 0xFF, 0xFF, 0xFF})) == Simple(std::int64_t{4294967295}));
    CHECK(decoded(hex({0x71, 0xFF, 0xFF, 0xFF, 0xFF})) == Simple(std::int64_t{-1}));
    CHECK(decoded(hex({0x72, 0x3F, 0x80, 0, 0})) == Simple(1.0));
    CHECK(decoded(hex({0x80, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF})) ==
          Simple(18446744073709551615.0));
    CHECK(decoded(hex({0x98, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15})) ==
          Simple(std::string("00010203-0405-0607-0809-0a0b0c0d0e0f")));
    CHECK(decoded(hex({0xA3, 2, 'h', 'i'})) == Simple(std::string("hi")));
    CHECK_FALSE(decoded(hex({0x40})));
    CHECK_FALSE(decoded(hex({0x45})));
}

TEST_CASE("sections, lists and maps") {
    std::string content, bytes;
    Writer inner(content);
    inner.symbol("k");
    inner.null();
    Writer writer(bytes);
    writer.section(0x74);
    const auto opened_map = writer.open_map();
    writer.raw(content);
    writer.close(opened_map, 2);
    const auto opened_list = writer.open_list();
    writer.close(opened_list, 0);
    Reader reader(bytes);
    CHECK(reader.descriptor() == 0x74u);
    const auto map = reader.map();
    REQUIRE(map);
    CHECK(map->count == 2);
    CHECK(map->content == content);
    const auto list = reader.list();
    REQUIRE(list);
    CHECK(list->count == 0);
    CHECK(reader.at_end());
}

TEST_CASE("bytes that end too early or lie about their size are refused") {
    std::string whole;
    Writer writer(whole);
    writer.string(std::string(300, 'x'));
    for (std::size_t size = 0; size < whole.size(); ++size)
        CHECK_FALSE(Reader(std::string_view(whole).substr(0, size)).value());
    for (const auto& bytes :
         {hex({0xD0, 0xFF, 0xFF, 0xFF, 0xFF}), hex({0xC0, 200, 1}), hex({0xC0, 0}),
          hex({0xD1, 0, 0, 0, 1, 0}), hex({0xA1}), hex({0xB1, 0, 0, 0}), hex({0x10}), hex({0x00})}) {
        CHECK_FALSE(Reader(bytes).list());
        CHECK_FALSE(Reader(bytes).map());
    }
    CHECK_FALSE(Reader(hex({0x00, 0xA3, 1, 'x'})).descriptor());
}

TEST_CASE("a deeply nested value is skipped in one step") {
    std::string nested = hex({0x45});
    for (int i = 0; i < 3000; ++i) {
        std::string outer;
        Writer writer(outer);
        const auto opened = writer.open_list();
        writer.raw(nested);
        writer.close(opened, 1);
        nested = outer;
    }
    Reader reader(nested);
    CHECK(reader.value());
    CHECK(reader.at_end());
}

TEST_CASE("damaged bytes never lead the reader astray") {
    std::string sound;
    Writer writer(sound);
    writer.section(0x73);
    const auto opened = writer.open_list();
    writer.string("id");
    writer.simple(Simple(2.5));
    writer.close(opened, 2);
    writer.simple(Simple(std::int64_t{5}));
    writer.binary(std::string(40, 'b'));
    writer.timestamp(WallTime(std::chrono::milliseconds(1)));
    std::mt19937 chance(3);
    for (int round = 0; round < 50000; ++round) {
        std::string damaged = sound;
        for (unsigned left = 1 + chance() % 4; left > 0; --left)
            damaged[chance() % damaged.size()] = static_cast<char>(chance());
        damaged.resize(chance() % (damaged.size() + 1));
        Reader reader(damaged);
        if (damaged.size() % 2 == 0) (void)reader.descriptor();
        std::size_t seen = 0;
        while (const auto value = reader.value()) {
            seen += value->size();
            (void)amqp::simple_of(*value);
            (void)amqp::bytes_of(*value);
            if (const auto list = Reader(*value).list()) CHECK(list->content.size() < value->size());
            if (const auto map = Reader(*value).map()) CHECK(map->content.size() < value->size());
        }
        REQUIRE(seen <= damaged.size());
    }
}
