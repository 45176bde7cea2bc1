// Ownership and text for proton's C objects.
#pragma once

#include <proton/condition.h>
#include <proton/delivery.h>
#include <proton/disposition.h>
#include <proton/link.h>
#include <proton/proactor.h>
#include <proton/ssl.h>
#include <proton/types.h>

#include <memory>
#include <string>

namespace clacks::bus {

struct Free {
    void operator()(pn_proactor_t* proactor) const { pn_proactor_free(proactor); }
};
using Proactor = std::unique_ptr<pn_proactor_t, Free>;

// Why a link or a delivery is refused.
struct Refusal {
    std::string condition;
    std::string description;
};

inline std::string text(const char* c_string) {
    return c_string ? c_string : "";
}

inline void set_condition(pn_condition_t* condition, const Refusal& refusal) {
    pn_condition_set_name(condition, refusal.condition.c_str());
    pn_condition_set_description(condition, refusal.description.c_str());
}

inline void reject(pn_delivery_t* delivery, const Refusal& refusal) {
    set_condition(pn_disposition_condition(pn_delivery_local(delivery)), refusal);
    pn_delivery_update(delivery, PN_REJECTED);
    pn_delivery_settle(delivery);
}

// A link that is refused is opened without a terminus and closed at once (AMQP 1.0 part 2, 2.6.3).
inline void refuse(pn_link_t* link, const Refusal& refusal) {
    pn_terminus_set_type(pn_link_is_sender(link) ? pn_link_source(link) : pn_link_target(link),
                         PN_UNSPECIFIED);
    pn_link_open(link);
    set_condition(pn_link_condition(link), refusal);
    pn_link_close(link);
}

}  // namespace clacks::bus
