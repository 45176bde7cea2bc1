// What the log tells of one connection's refused messages, links and requests: the first with its reason, and
// at the connection's end how many there were. Their senders learn the reason of each; a presettled message's
// sender cannot, which is why there is a line at all. All calls come on the bus thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "agent/bus/proton.hpp"
#include "common/base/result.hpp"

namespace clacks::bus {

struct Shared;

// The AMQP error condition (section 2.8.15) for what the agent refuses.
const char* condition_of(const Diagnostic& problem);

class RefusalLog {
  public:
    explicit RefusalLog(Shared& shared) : shared_(shared) {}
    // `peer` says who it is, as "'alice' from 127.0.0.1:40312".
    void note(const std::string& peer, std::string_view what, const Refusal& refusal);
    void end(const std::string& peer);

  private:
    Shared& shared_;
    std::uint64_t count_ = 0;
};

}  // namespace clacks::bus
