// The settings, as each part of the agent wants them.
#pragma once

#include <string>

#include "agent/bus/bus.hpp"
#include "agent/modules/host.hpp"
#include "agent/modules/loader.hpp"
#include "agent/pipeline/pipeline.hpp"
#include "agent/telemetry/publishers.hpp"
#include "common/config/settings.hpp"
#include "common/log/log.hpp"
#include "common/xml/parser.hpp"

namespace clacks {

// Without the certificate.
BusOptions bus_options(const config::Settings& settings);
PipelineOptions pipeline_options(const config::Settings& settings);
xml::ParseLimits event_limits(const config::Settings& settings);
HostOptions host_options(const config::Settings& settings);
// The modules whose section says "process = own".
OwnProcesses own_processes(const config::Settings& settings);

// "connections 3, refused 0, …"
std::string to_string(const BusCounters& counters);
// "sent 3 = accepted 2 + rejected 1"; "matched 5 = delivered 3 + dropped 1 (queue-full 1, …) + queued 1"
std::string to_string(const PublisherCounts& counts);
std::string to_string(const DeliveryCounts& counts);

}  // namespace clacks
