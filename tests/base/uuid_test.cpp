#include "common/base/uuid.hpp"

#include <catch2/catch.hpp>
#include <regex>
#include <set>

TEST_CASE("UUIDs are version 4 and differ") {
    std::set<std::string> seen;
    const std::regex form("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
    for (int i = 0; i < 1000; ++i) {
        const std::string id = clacks::random_uuid();
        CHECK(std::regex_match(id, form));
        CHECK(seen.insert(id).second);
    }
}
