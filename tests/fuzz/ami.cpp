// Whatever comes from Asterisk's manager, in pieces of any size, becomes the same messages within their
// bounds.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "agent/modules/asterisk/notifications.hpp"
#include "common/base/text.hpp"

using namespace clacks::asterisk;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    std::size_t whole = 0, pieces = 0;
    AmiReader reader, slow;
    reader.feed(text, [&](const AmiMessage& message) {
        ++whole;
        for (const auto& [key, value] : message)
            if (!clacks::is_utf8(key) || !clacks::is_utf8(value)) std::abort();
        (void)notification_of(message);
    });
    for (std::size_t i = 0; i < size; i += 7)
        slow.feed(text.substr(i, std::min<std::size_t>(7, size - i)), [&](const AmiMessage&) { ++pieces; });
    if (whole != pieces || reader.refused() != slow.refused()) std::abort();
    return 0;
}
