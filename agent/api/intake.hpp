// An intake: a listener of a module's own, for programs of this machine that speak AMQP 1.0 but cannot log
// in. Whoever reaches it can do one thing: send messages to its one address.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "common/base/result.hpp"

namespace clacks {

struct Intake {
    std::string host = "127.0.0.1";  // of the loopback network: no other is opened
    std::uint16_t port = 0;          // 0: one that is free
    std::string address;  // "collectd" stands for "/collectd", too, and for all below, as "collectd/one"
};

// Takes the body of a message; false when nobody is there any more. Called on the bus thread: it must not
// block, and must bound what it keeps.
using IntakeHandler = std::function<bool(std::string body)>;

// Thread safety: any thread but the bus's, while the bus runs.
class Intakes {
  public:
    virtual ~Intakes() = default;
    // Listens until the bus stops; the port, or why not. Messages are decoded, limited, settled and refused
    // as the bus does it everywhere.
    virtual Result<std::uint16_t, Diagnostic> open_intake(Intake intake, IntakeHandler handler) = 0;
};

}  // namespace clacks
