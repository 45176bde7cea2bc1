#include "common/rpc/error_codes.hpp"

namespace clacks::rpc {

namespace {

constexpr ErrorEntry kTable[] = {
    {kParseError, "the request is not JSON, nested too deep, or too large"},
    {kInvalidRequest, "the JSON is not a request"},
    {kMethodNotFound, "no command has this name"},
    {kInvalidParameters, "the parameters do not fit the command"},
    {kInternalError, "the command failed in a way that it should not"},
    {kInvalidEvent, "the event is not valid; data tells where and what was expected"},
    {kUnknownEvent, "the catalogue has no event of this name"},
    {kNotPermitted, "the user may not do this"},
    {kStopping, "the agent stops or has too many commands waiting, and did not run this one"},
    {kNotReloaded, "something could not be loaded anew; what was there stays in force"},
    {kBeyondLimit, "the user has had as much as a limit allows; later it may be taken"},
    {kModuleAway,
     "the module's own process is away, and will be started again; the message tells why and when"},
};

}  // namespace

std::span<const ErrorEntry> error_table() {
    return kTable;
}

}  // namespace clacks::rpc
