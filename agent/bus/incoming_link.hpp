// A sender's link, whatever it is for: takes complete messages within the limit of their size, settles them,
// and grants credit.
#pragma once

#include <string_view>

#include "agent/bus/link.hpp"
#include "agent/bus/proton.hpp"

namespace clacks::bus {

class IncomingLink : public Link {
  public:
    IncomingLink(pn_link_t* link, Shared& shared, Peer peer)
        : shared_(shared), peer_(std::move(peer)), link_(link) {}
    void on_delivery(pn_delivery_t* delivery) override;
    void on_close() override;
    void grant_credit();

  protected:
    // Acts on a message, still encoded: it is then accepted, or rejected with the reason.
    virtual Result<void, Refusal> take(std::string_view bytes) = 0;
    // A message was too long, and take() will not see it.
    virtual void refused_unread() {}

    Shared& shared_;
    Peer peer_;

  private:
    void note_unfinished(pn_delivery_t* delivery, const Refusal& refusal) const;
    void refuse_length(pn_delivery_t* delivery);
    void discard(pn_delivery_t* delivery);
    void finish(pn_delivery_t* delivery);

    pn_link_t* link_;
};

}  // namespace clacks::bus
