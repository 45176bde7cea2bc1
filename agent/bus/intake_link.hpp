// A sender's link to an intake (agent/api/intake.hpp): to its address, or to none, where each message names
// it.
#pragma once

#include <memory>
#include <string_view>

#include "agent/api/intake.hpp"
#include "agent/bus/incoming_link.hpp"

namespace clacks::bus {

struct OpenIntake {
    Intake wanted;
    IntakeHandler handler;
};

// Whether a message may be sent to this address there, and why not.
Result<void, Refusal> intake_target(const OpenIntake& intake, std::string_view address);

class IntakeLink : public IncomingLink {
  public:
    // `named`: the link's target was checked, and messages need not name one.
    IntakeLink(pn_link_t* link, Shared& shared, Peer peer, std::shared_ptr<const OpenIntake> intake,
               bool named);

  protected:
    Result<void, Refusal> take(std::string_view bytes) override;

  private:
    std::shared_ptr<const OpenIntake> intake_;
    const bool named_;
};

}  // namespace clacks::bus
