// The one table of errors that requests are answered with. Codes are stable: programs rely on them.
#pragma once

#include <span>
#include <string_view>

namespace clacks::rpc {

// JSON-RPC 2.0, section 5.1.
inline constexpr int kParseError = -32700;
inline constexpr int kInvalidRequest = -32600;
inline constexpr int kMethodNotFound = -32601;
inline constexpr int kInvalidParameters = -32602;
inline constexpr int kInternalError = -32603;
// Ours, in the range that JSON-RPC leaves to servers.
inline constexpr int kInvalidEvent = -32001;
inline constexpr int kUnknownEvent = -32002;
inline constexpr int kNotPermitted = -32003;
inline constexpr int kStopping = -32004;
inline constexpr int kNotReloaded = -32005;
inline constexpr int kBeyondLimit = -32006;
inline constexpr int kModuleAway = -32007;

struct ErrorEntry {
    int code;
    std::string_view about;
};
std::span<const ErrorEntry> error_table();

}  // namespace clacks::rpc
