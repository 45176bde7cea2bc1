#include "common/xquery/values/error.hpp"

#include <utility>

namespace clacks::xquery {

namespace {

constexpr ErrorEntry kTable[] = {
#define CLACKS_XQUERY_ERROR(code, about) {#code, about},
#include "common/xquery/values/errors.def"
#undef CLACKS_XQUERY_ERROR
#define CLACKS_XQUERY_LIMIT(identifier, name, about) {name, about},
#include "common/xquery/values/limits.def"
#undef CLACKS_XQUERY_LIMIT
};

}  // namespace

std::span<const ErrorEntry> error_table() {
    return kTable;
}

std::string_view code_name(Code code) {
    return kTable[static_cast<std::size_t>(code)].name;
}

void fail(Code code, std::string message, std::string hint) {
    throw Error{code, std::move(message), std::move(hint), std::string(code_name(code))};
}

}  // namespace clacks::xquery
