// Whatever a sender gives collectd's module is refused with a reason, or becomes value lists with values.
#include <cstdint>
#include <cstdlib>

#include "agent/modules/collectd/command_format.hpp"
#include "agent/modules/collectd/json_format.hpp"

using namespace clacks::collectd;

namespace {

void judge(const clacks::Result<std::vector<ValueList>>& lists) {
    if (!lists) {
        if (lists.error().message.empty()) std::abort();
        return;
    }
    for (const ValueList& list : *lists)
        if (list.values.empty()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const TypesDb types = [] {
        TypesDb db;
        db.read("/usr/share/collectd/types.db");
        return db;
    }();
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    judge(read_json(text));
    judge(read_command(text, types));
    return 0;
}
