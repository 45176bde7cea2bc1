#include "agent/bus/refusal_log.hpp"

#include "agent/bus/link.hpp"
#include "common/base/text.hpp"

namespace clacks::bus {

const char* condition_of(const Diagnostic& problem) {
    if (problem.code == "not-permitted") return "amqp:unauthorized-access";
    return problem.code.ends_with("-limit") ? "amqp:resource-limit-exceeded" : "amqp:invalid-field";
}

void RefusalLog::note(const std::string& peer, std::string_view what, const Refusal& refusal) {
    if (count_++ > 0) return;
    shared_.warn_of_refusal("refused a " + std::string(what) + " of " + peer + ": " + refusal.condition +
                            ", " + one_line(refusal.description, 1000) +
                            "; this connection's further refusals are only counted");
}

void RefusalLog::end(const std::string& peer) {
    if (count_ > 1)
        shared_.warn_of_refusal("the connection of " + peer + " ended with " + std::to_string(count_) +
                                " refusals");
    count_ = 0;
}

}  // namespace clacks::bus
