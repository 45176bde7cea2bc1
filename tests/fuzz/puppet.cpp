// Whatever lies in Puppet's report store is refused with a reason, or becomes a report with a host and a log.
#include <cstdint>
#include <cstdlib>

#include "agent/modules/puppet/report.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto report = clacks::puppet::read_report({reinterpret_cast<const char*>(data), size});
    if (!report) {
        if (report.error().message.empty()) std::abort();
        return 0;
    }
    if (report->host.empty() || report->logs.empty()) std::abort();
    for (const auto& entry : report->logs)
        if (entry.level.empty()) std::abort();
    return 0;
}
