// proton's C objects behind its C++ ones, for what only the C API tells: the condition of a rejected
// delivery, and a filter set read without exceptions.
#pragma once

#include <proton/delivery.h>
#include <proton/link.h>

#include <proton/receiver.hpp>
#include <proton/sender.hpp>
#include <proton/tracker.hpp>

namespace clacks::client {

// The pointer is a protected member of every wrapper.
template <class Wrapper>
struct RawAccess : Wrapper {
    explicit RawAccess(const Wrapper& wrapper) : Wrapper(wrapper) {}
    auto* pointer() const { return this->pn_object(); }
};

inline pn_link_t* raw(const proton::receiver& receiver) {
    return RawAccess<proton::receiver>(receiver).pointer();
}
inline pn_link_t* raw(const proton::sender& sender) {
    return RawAccess<proton::sender>(sender).pointer();
}
inline pn_delivery_t* raw(const proton::tracker& tracker) {
    return RawAccess<proton::tracker>(tracker).pointer();
}

}  // namespace clacks::client
