// A source's filter set, as it was decoded from whatever a peer sent: it is refused with a reason, or holds
// one filter, which is echoed such that it reads as the same one.
#include <proton/codec.h>

#include <cstdint>
#include <cstdlib>
#include <memory>

#include "common/amqp/filter.hpp"

using namespace clacks;

namespace {

struct Free {
    void operator()(pn_data_t* data) const { pn_data_free(data); }
};
using Data = std::unique_ptr<pn_data_t, Free>;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const Data data(pn_data(0));
    if (pn_data_decode(data.get(), reinterpret_cast<const char*>(bytes), size) < 0) return 0;
    const auto filter = amqp::read_filter(data.get());
    if (!filter) {
        const auto& error = filter.error();
        if (!error.condition.starts_with("amqp:") || error.diagnostic.message.empty() ||
            error.diagnostic.hint.empty())
            std::abort();
        return 0;
    }
    if (!*filter) return 0;
    const Data echo(pn_data(0));
    amqp::write_filter(echo.get(), **filter);
    const auto again = amqp::read_filter(echo.get());
    if (!again || !*again || (*again)->xquery != (*filter)->xquery || (*again)->key != (*filter)->key ||
        (*again)->by_code != (*filter)->by_code)
        std::abort();
    return 0;
}
