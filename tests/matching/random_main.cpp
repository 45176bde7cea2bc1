// The random check alone, for mutations.py: it fails with the first difference.
#include <cstdint>
#include <cstdio>
#include <random>

#include "tests/matching/random_check.hpp"

int main() {
    for (std::uint32_t seed = 0; seed < 60; ++seed) {
        std::mt19937 random(seed);
        clacks::test::Choices choices([&random] { return static_cast<std::uint32_t>(random()); });
        const std::string difference = clacks::test::check_index(choices, 400);
        if (difference.empty()) continue;
        std::printf("seed %u: %s\n", seed, difference.c_str());
        return 1;
    }
    return 0;
}
