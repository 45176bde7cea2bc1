// The described XQuery filter of a receiver's source, as Qpid's XML exchange defined it: in the source's
// filter set (AMQP 1.0 part 3, 3.5.8), under any key, one string described by the symbol
// apache.org:xquery-filter:string or by the ulong 0x0000468C00000005.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/result.hpp"

struct pn_data_t;

namespace clacks::amqp {

inline constexpr std::string_view kXQueryFilterSymbol = "apache.org:xquery-filter:string";
inline constexpr std::uint64_t kXQueryFilterCode = 0x0000468C00000005;

struct Filter {
    std::string key = "xquery";
    std::string xquery;
    bool by_code = false;  // described by the number instead of the symbol
};

// Why a filter set cannot be used.
struct FilterError {
    std::string condition;  // "amqp:invalid-field" or "amqp:not-implemented"
    Diagnostic diagnostic;
};

// The filter in a terminus's filter set, none for an empty set. Reads at most one entry's depth; never
// throws.
Result<std::optional<Filter>, FilterError> read_filter(pn_data_t* filters);

// Whether a link's properties ask for it to be taken though its filter can match no event yet: "lenient",
// true.
bool asks_for_leniency(pn_data_t* properties);
inline constexpr std::string_view kLenient = "lenient";

// Replaces what `filters` holds by this one filter.
void write_filter(pn_data_t* filters, const Filter& filter);

}  // namespace clacks::amqp
