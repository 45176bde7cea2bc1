// What is told of filters beside event definitions, of any definitions, filters and events, is what
// one-by-one evaluation says. The bytes are the choices that a generator makes, one each; behind them all are
// the first.
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "tests/matching/catalogue_check.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::size_t at = 0;
    clacks::test::Choices choices([&] { return at < size ? std::uint32_t{data[at++]} : 0u; });
    clacks::test::Tally tally;
    const std::string difference = clacks::test::check_catalogue(choices, 6, 6, tally);
    if (difference.empty()) return 0;
    std::fprintf(stderr, "%s\n", difference.c_str());
    std::abort();
}
