#include "agent/telemetry/counters.hpp"

namespace clacks {

namespace {

struct Named {
    const char* name;
    Counters::Counter Counters::*counter;
};

constexpr Named kCounters[] = {
    {"published", &Counters::published},
    {"rejected", &Counters::rejected},
    {"rate limited", &Counters::rate_limited},
    {"messages dropped", &Counters::messages_dropped},
    {"filter errors", &Counters::filter_errors},
    {"filters left out", &Counters::filters_left_out},
    {"filters refused", &Counters::filters_refused},
    {"subscriptions refused", &Counters::subscriptions_refused},
    {"requests", &Counters::requests},
    {"request errors", &Counters::request_errors},
    {"module errors", &Counters::module_errors},
    {"module failures", &Counters::module_failures},
    {"connections", &Counters::connections},
    {"connections refused", &Counters::connections_refused},
    {"subscriptions", &Counters::subscriptions},
};

}  // namespace

std::string to_string(const Counters& counters) {
    std::string text;
    for (const Named& named : kCounters) {
        if (!text.empty()) text += ", ";
        text += std::string(named.name) + " " + std::to_string((counters.*named.counter).load());
    }
    return text;
}

}  // namespace clacks
