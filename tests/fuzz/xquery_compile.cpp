// Any text compiles or is refused with a code and a place in it.
#include <cstdint>
#include <cstdlib>

#include "common/xquery/xquery.hpp"

using namespace clacks;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto query = xquery::Query::compile({reinterpret_cast<const char*>(data), size});
    if (query) return 0;
    if (query.error().empty()) std::abort();
    for (const Diagnostic& one : query.error()) {
        if (one.code.empty() || one.message.empty()) std::abort();
    }
    return 0;
}
