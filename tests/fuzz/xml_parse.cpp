// Whatever parses must be written such that it parses to the same again.
#include <cstdint>
#include <cstdlib>

#include "common/xml/parser.hpp"
#include "common/xml/serializer.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto tree = clacks::xml::parse({reinterpret_cast<const char*>(data), size});
    if (!tree) return 0;
    const std::string once = clacks::xml::serialize(**tree);
    auto again = clacks::xml::parse(once);
    if (!again || clacks::xml::serialize(**again) != once) std::abort();
    return 0;
}
