#include "common/matching/intervals.hpp"

#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <set>
#include <string>

using clacks::matching::Intervals;

namespace {

template <class T>
std::set<std::uint32_t> found(const Intervals<T>& intervals, const T& value) {
    std::set<std::uint32_t> numbers;
    intervals.visit(value, [&](std::uint32_t number) { return numbers.insert(number).second; });
    return numbers;
}

}  // namespace

TEST_CASE("intervals that a value lies in, while thousands come and go") {
    std::mt19937 random(7);
    const auto below = [&random](unsigned end) { return static_cast<unsigned>(random() % end); };
    Intervals<double> intervals;
    std::map<std::uint32_t, std::pair<double, double>> all;
    for (std::uint32_t round = 0; round < 12000; ++round) {
        // Grows, then shrinks to nothing.
        if (below(12000) >= round && below(8) != 0) {
            const double low = below(1000);
            const double high = low + (below(20) == 0 ? below(1000) : below(5));
            intervals.insert(low, high, round);
            all[round] = {low, high};
        } else if (!all.empty()) {
            const auto gone = std::next(all.begin(), below(static_cast<unsigned>(all.size())));
            intervals.erase(gone->second.first, gone->second.second, gone->first);
            all.erase(gone);
        }
        REQUIRE(intervals.size() == all.size());
        if (round % 50 != 0) continue;
        const double value = below(2000);
        std::set<std::uint32_t> wanted;
        for (const auto& [number, bounds] : all)
            if (bounds.first <= value && value <= bounds.second) wanted.insert(number);
        REQUIRE(found(intervals, value) == wanted);
    }
    while (!all.empty()) {
        const auto gone = all.begin();
        intervals.erase(gone->second.first, gone->second.second, gone->first);
        all.erase(gone);
    }
    CHECK(intervals.size() == 0);
    CHECK(found(intervals, 5.0).empty());
}

TEST_CASE("a visit of intervals ends when it is told to") {
    Intervals<std::string> intervals;
    for (std::uint32_t i = 0; i < 200; ++i) intervals.insert("a", "b", i);
    int visits = 0;
    CHECK_FALSE(intervals.visit(std::string("aa"), [&](std::uint32_t) { return ++visits < 7; }));
    CHECK(visits == 7);
    CHECK(found(intervals, std::string("b")).size() == 200);
    CHECK(found(intervals, std::string("c")).empty());
}
