// What a message of Asterisk's manager becomes: an AsteriskNotification or a PhoneStatus.
#pragma once

#include <optional>
#include <string>

#include "agent/modules/asterisk/ami_reader.hpp"

namespace clacks::asterisk {

struct Notification {
    std::string document;
    // What it is the state of, "" for something that happens once: the same state is not told twice.
    std::string subject;
    bool changes_queue = false;  // the sums of a queue may be others now
};

// Nothing for a message that is of no interest.
std::optional<Notification> notification_of(const AmiMessage& message);

}  // namespace clacks::asterisk
