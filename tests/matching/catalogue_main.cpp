// The check of catalogues alone, for mutations.py and the test: it fails with the first difference.
//
//   CLACKS_DIFFERENTIAL_COUNT catalogues (300), beginning with CLACKS_DIFFERENTIAL_SEED (0)
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>

#include "tests/matching/catalogue_check.hpp"

namespace {

std::uint32_t number(const char* name, std::uint32_t usual) {
    const char* text = std::getenv(name);
    return text == nullptr ? usual : static_cast<std::uint32_t>(std::strtoul(text, nullptr, 10));
}

}  // namespace

int main() {
    const std::uint32_t first = number("CLACKS_DIFFERENTIAL_SEED", 0);
    const std::uint32_t count = number("CLACKS_DIFFERENTIAL_COUNT", 300);
    clacks::test::Tally tally;
    for (std::uint32_t seed = first; seed < first + count; ++seed) {
        std::mt19937 random(seed);
        clacks::test::Choices choices([&random] { return static_cast<std::uint32_t>(random()); });
        const std::string difference = clacks::test::check_catalogue(choices, 40, 12, tally);
        if (difference.empty()) continue;
        std::printf("seed %u: %s\n", seed, difference.c_str());
        return 1;
    }
    std::printf("%u catalogues: %u filters, %u never, %u decided by the index; %u matches\n", count,
                tally.filters, tally.never, tally.sufficient, tally.matches);
    // Nothing is shown by filters that are all alike.
    const bool worthwhile = tally.never * 20 > tally.filters && tally.sufficient * 20 > tally.filters &&
                            tally.matches > tally.filters / 4;
    return worthwhile ? 0 : 1;
}
