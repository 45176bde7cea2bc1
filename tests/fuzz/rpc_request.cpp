// Whatever comes is a list of requests, each with a method or the reason why it has none.
#include <cstdint>
#include <cstdlib>

#include "common/rpc/request.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto requests = clacks::rpc::read_requests({reinterpret_cast<const char*>(data), size});
    if (requests.list.empty()) std::abort();
    for (const clacks::rpc::Request& request : requests.list) {
        if (request.error && request.error->message.empty()) std::abort();
    }
    return 0;
}
