// collectd's JSON, as its plugins amqp1, amqp and write_http send it: a list of value lists.
#pragma once

#include <string_view>
#include <vector>

#include "agent/modules/collectd/value_list.hpp"

namespace clacks::collectd {

// All of them, or why none is taken. Whatever the bytes are, this takes time and memory in proportion to
// them.
Result<std::vector<ValueList>> read_json(std::string_view text);

}  // namespace clacks::collectd
