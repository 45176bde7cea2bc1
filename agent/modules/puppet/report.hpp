// A report as Puppet's report processor "store" writes it: YAML with Ruby's tags.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/base/result.hpp"

namespace clacks::puppet {

struct LogEntry {
    double time = 0;                                 // seconds since 1970-01-01 UTC
    std::string level, message, source, file, line;  // the last three may be ""
    std::vector<std::string> tags;
};

struct Report {
    std::string host, version;  // the version of the configuration may be ""
    std::vector<LogEntry> logs;
};

// Reads what an event needs and skips the rest. Tags are not looked at, aliases are not followed (but to
// plain words), nesting is bounded: whatever the bytes are, this takes time and memory in proportion to them.
Result<Report> read_report(const std::string& yaml);

// "2026-11-26T10:49:17.753582466+00:00", or with a blank for the T, or Z for the zone.
std::optional<double> seconds_of(const std::string& text);

}  // namespace clacks::puppet
