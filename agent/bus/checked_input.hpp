// Puts a FrameCheck before proton's eyes. No interface of proton's shows what was received before it acts on
// it, so the agent defines the two functions by which plain bytes get there, and hands on to the originals
// what may pass: pn_connection_driver_read_done(), which the proactor calls after each read, and BIO_read(),
// by which proton takes what OpenSSL has decrypted. The dynamic linker finds the program's own first.
#pragma once

#include <openssl/types.h>
#include <proton/version.h>

#include "agent/bus/frame_check.hpp"

struct pn_transport_t;

namespace clacks::bus {

inline constexpr bool kInputMustBeChecked = PN_VERSION_MAJOR == 0 && PN_VERSION_MINOR < 40;

// The input of one accepted connection. All calls come on the bus thread.
class CheckedInput {
  public:
    explicit CheckedInput(std::uint32_t max_frame) : check_(max_frame) {}
    ~CheckedInput() { detach(); }
    CheckedInput(const CheckedInput&) = delete;
    CheckedInput& operator=(const CheckedInput&) = delete;

    // Before anything is read. The connection is woken when something is refused, and hears no more of its
    // peer.
    void attach(pn_transport_t* transport);
    // While the transport is still there; proton gets nothing from it any more.
    void detach();

    const std::optional<Refusal>& refusal() const { return check_.refusal(); }
    // False while nothing was received, and where the program's functions are not those that are called.
    bool used() const { return check_.used(); }

  private:
    FrameCheck check_;
    pn_transport_t* transport_ = nullptr;
};

// The transport's bytes are plain text only once they have left this object of OpenSSL's, which lives as
// long.
void note_tls(pn_transport_t* transport, SSL* tls);

}  // namespace clacks::bus
