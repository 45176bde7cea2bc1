// A refused event must say why.
#include <cstdint>
#include <cstdlib>

#include "common/events/catalogue.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto catalogue = clacks::events::Catalogue::load({CLACKS_SOURCE_DIR "/data/events"});
    if (!catalogue) std::abort();
    auto event = (*catalogue)->parse(std::string(reinterpret_cast<const char*>(data), size));
    if (!event && (event.error().code.empty() || event.error().message.empty())) std::abort();
    return 0;
}
