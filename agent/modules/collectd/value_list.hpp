// What collectd dispatches: the values of one type, measured at one time.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "common/base/result.hpp"

namespace clacks::collectd {

// As it came, so that a counter of 64 bits loses nothing.
using Number = std::variant<double, std::int64_t, std::uint64_t>;

// Name and kind ("gauge", "counter", "derive", "absolute"), as types.db(5) declares them.
struct DataSource {
    std::string name, kind;
};

struct Value {
    DataSource source;
    Number number;  // NaN where collectd has none
};

struct ValueList {
    std::string host, plugin, plugin_instance, type, type_instance;  // the instances may be ""
    double time = 0;                                                 // seconds since 1970-01-01 UTC
    double interval = 0;                                             // seconds
    std::vector<Value> values;
};

bool is_kind(const std::string& name);

// What was refused, with the reason.
inline Diagnostic refusal(std::string reason) {
    Diagnostic refused;
    refused.code = "collectd-message";
    refused.message = std::move(reason);
    return refused;
}

}  // namespace clacks::collectd
