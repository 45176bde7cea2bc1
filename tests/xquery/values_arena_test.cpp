// The bounds of memory and steps, and sequences in the arena.
#include <cstdint>

#include "tests/xquery/values_cases.hpp"

namespace clacks::xquery::values_tests {

TEST_CASE("An arena hands out aligned room up to its limit, to the byte") {
    Arena arena(1000);
    CHECK(reinterpret_cast<std::uintptr_t>(arena.take(1)) % 16 == 0);
    CHECK(reinterpret_cast<std::uintptr_t>(arena.take(8)) % 16 == 0);
    arena.take(1000 - 24, 1);
    CHECK(arena.used() == 1000);
    const Error error = error_of([&] { arena.take(1, 1); });
    CHECK(error.name == "limit-memory");
    CHECK(error.message.find("1000 bytes") != std::string::npos);
    CHECK_FALSE(error.hint.empty());
    arena.reset();
    CHECK(arena.used() == 0);
    CHECK(arena.take(1000) != nullptr);
}

TEST_CASE("The limit holds across blocks") {
    Arena arena(200'000);
    std::size_t taken = 0;
    const Error error = error_of([&] {
        for (;;) {
            arena.take(1000);
            taken += 1000;
        }
    });
    CHECK(error.name == "limit-memory");
    CHECK(taken <= 200'000);
    CHECK(taken > 150'000);
    CHECK(error_of([&] { arena.take(SIZE_MAX); }).name == "limit-memory");
    CHECK(error_of([&] { arena.take_array<Item>(SIZE_MAX / 8); }).name == "limit-memory");
}

TEST_CASE("A warm arena takes nothing more from the heap") {
    Arena arena;
    const auto evaluate = [&] {
        for (int i = 0; i < 1000; ++i) arena.take(100);
    };
    evaluate();
    const std::size_t held = arena.held();
    for (int i = 0; i < 20; ++i) {
        arena.reset();
        evaluate();
    }
    CHECK(arena.held() == held);
}

TEST_CASE("What an arena keeps does not grow beyond its limit") {
    Arena arena(1'000'000);
    for (std::size_t size = 20'000; size < 1'000'000; size += 20'000) {
        arena.take(size);
        arena.reset();
        CHECK(arena.held() <= 1'000'000);
    }
}

TEST_CASE("A limit can be set anew") {
    Arena arena(1000);
    arena.take(900, 1);
    arena.set_limit(100'000);
    arena.take(50'000, 1);
    CHECK(error_of([&] { arena.take(50'000, 1); }).name == "limit-memory");
    arena.set_limit(10);
    CHECK(error_of([&] { arena.take(1, 1); }).name == "limit-memory");
    arena.reset();
    arena.take(10, 1);
    CHECK(error_of([&] { arena.take(1, 1); }).name == "limit-memory");
}

TEST_CASE("Containers live in an arena, within its limit") {
    Arena arena(10'000);
    std::pmr::vector<int> numbers(&arena);
    CHECK(error_of([&] {
              for (;;) numbers.push_back(1);
          }).name == "limit-memory");
    CHECK(arena.copy("text") == "text");
    CHECK(arena.copy("").empty());
}

TEST_CASE("Steps are counted, and do not wrap") {
    Steps steps(10);
    steps.take(10);
    CHECK(steps.used() == 10);
    CHECK(error_of([&] { steps.take(); }).name == "limit-steps");
    steps.reset();
    CHECK(error_of([&] { steps.take(UINT64_MAX); }).name == "limit-steps");
    steps.reset();
    steps.take(5);
    CHECK(error_of([&] { steps.take(UINT64_MAX); }).name == "limit-steps");
}

TEST_CASE("Sequences: one item, ranges, slices") {
    Arena arena;
    CHECK(Value().empty());
    CHECK(Value(Item::of_integer(3)).size() == 1);
    const Value range = Value::range(5, 4);
    CHECK(written(range) == "integer 5|integer 6|integer 7|integer 8");
    CHECK(written(range.slice(1, 2)) == "integer 6|integer 7");
    CHECK(written(range.slice(3)) == "integer 8");
    CHECK(range.slice(4).empty());
    CHECK(Value::range(5, 0).empty());
    CHECK_FALSE(Value::range(5, 1).is_range());

    SequenceBuilder builder(arena);
    CHECK(builder.value().empty());
    builder.add(range);
    builder.add(Item::of_text("x"));
    builder.add(Value());
    builder.add(builder.value().slice(3));
    CHECK(written(builder.value()) == "integer 5|integer 6|integer 7|integer 8|string x|integer 8|string x");
    CHECK(written(builder.value().slice(4, 1)) == "string x");
    builder.truncate(1);
    CHECK(written(builder.value()) == "integer 5");
    for (int i = 0; i < 1000; ++i) builder.add(Item::of_integer(i));
    CHECK(builder.size() == 1001);
    CHECK(builder.value()[1000].integer == 999);
}

TEST_CASE("A range too large for the arena is refused when it is written out") {
    Arena arena(100'000);
    SequenceBuilder builder(arena);
    builder.add(Item::of_integer(1));
    CHECK(error_of([&] { builder.add(Value::range(1, 1'000'000)); }).name == "limit-memory");
    CHECK(error_of([&] { builder.add(Value::range(INT64_MIN, UINT64_MAX)); }).name == "limit-memory");
    CHECK(builder.size() == 1);
}

TEST_CASE("Every error has a name and a title") {
    CHECK(code_name(Code::FOAR0001) == "FOAR0001");
    CHECK(code_name(Code::limit_steps) == "limit-steps");
    CHECK(code_name(Code::unreachable_case) == error_table().back().name);
    for (const ErrorEntry& entry : error_table()) {
        CHECK_FALSE(entry.name.empty());
        CHECK_FALSE(entry.about.empty());
    }
}

}  // namespace clacks::xquery::values_tests
