// Errors inside the library are exceptions of type Error; the public interface turns them into
// Diagnostics. Codes are the W3C's (XQuery 3.1 appendix F, Functions and Operators 3.1 appendix C)
// and a few of our own for limits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace clacks::xquery {

enum class Code : std::uint8_t {
#define CLACKS_XQUERY_ERROR(code, about) code,
#include "common/xquery/values/errors.def"
#undef CLACKS_XQUERY_ERROR
#define CLACKS_XQUERY_LIMIT(identifier, name, about) identifier,
#include "common/xquery/values/limits.def"
#undef CLACKS_XQUERY_LIMIT
};

struct ErrorEntry {
    std::string_view name;   // "FORG0006", "limit-steps"
    std::string_view about;  // short title
};
// The whole table, indexed by Code.
std::span<const ErrorEntry> error_table();
std::string_view code_name(Code code);
// Of the engine's own, which no query catches.
constexpr bool is_limit(Code code) {
    return code >= Code::limit_query_bytes && code <= Code::limit_memory;
}

struct Value;

// The namespace of the standard's error codes; their prefix is err.
inline constexpr std::string_view kErrNamespace = "http://www.w3.org/2005/xqt-errors";

struct Error {
    static constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);

    Code code;
    std::string message;            // one sentence, no trailing full stop
    std::string hint;               // what to do about it, or ""
    std::string name;               // the code as shown; differs from `code` only for fn:error
    std::size_t offset = kNowhere;  // into the query text, filled in by whoever knows the place
    // Of fn:error.
    std::string uri{kErrNamespace};  // the namespace of `name`
    std::string prefix = "err";
    const Value* value = nullptr;  // in the arena of the evaluation
    std::size_t length = 0;        // of the text at fault, in bytes; 0 where only its begin is known
};

// Throws Error.
[[noreturn]] void fail(Code code, std::string message, std::string hint = {});

}  // namespace clacks::xquery
