// A text that casts to an atomic type casts to the same text again when its value is shown.
// Input: the number of a type, a byte, and a text.
#include <cstdint>
#include <cstdlib>

#include "common/base/text.hpp"
#include "common/xquery/values/atomize.hpp"
#include "common/xquery/values/cast.hpp"

using namespace clacks;
using namespace clacks::xquery;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static constexpr const char* kTypes[] = {"string",
                                             "normalizedString",
                                             "token",
                                             "language",
                                             "Name",
                                             "NCName",
                                             "boolean",
                                             "integer",
                                             "decimal",
                                             "double",
                                             "float",
                                             "byte",
                                             "unsignedLong",
                                             "dateTime",
                                             "date",
                                             "time",
                                             "gYear",
                                             "gYearMonth",
                                             "gMonth",
                                             "gMonthDay",
                                             "gDay",
                                             "duration",
                                             "yearMonthDuration",
                                             "dayTimeDuration",
                                             "hexBinary",
                                             "base64Binary",
                                             "anyURI",
                                             "untypedAtomic",
                                             "dateTimeStamp"};
    if (size == 0) return 0;
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    if (!is_utf8(text)) return 0;
    const auto type = type_named(kTypes[data[0] % std::size(kTypes)]);
    if (!type) std::abort();
    Arena arena;
    const auto value = try_cast(Item::of_text(text), *type, arena);
    if (!value) return 0;
    const std::string_view shown = string_of(*value, arena);
    const auto back = try_cast(Item::of_text(shown), *type, arena);
    if (!back || string_of(*back, arena) != shown) std::abort();
    return 0;
}
