// collectd's plain text protocol (collectd-unixsock(5)), as amqp1 sends it with "Format Command":
//
//     PUTVAL "HOST/PLUGIN-INSTANCE/TYPE-INSTANCE" interval=10.000 1795483179.961:0.93:0.62
#pragma once

#include <string_view>
#include <vector>

#include "agent/modules/collectd/types_db.hpp"
#include "agent/modules/collectd/value_list.hpp"

namespace clacks::collectd {

// One value list for each time, or why none is taken. Names and kinds of the data sources are not in the
// command: they come from `types`.
Result<std::vector<ValueList>> read_command(std::string_view line, const TypesDb& types);

}  // namespace clacks::collectd
