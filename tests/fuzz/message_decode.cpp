#include <cstdint>

#include "agent/bus/decoder.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    (void)clacks::bus::decode({reinterpret_cast<const char*>(data), size}).ok();
    return 0;
}
