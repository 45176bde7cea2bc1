// How much of what a peer sends may go on to proton: everything before a transfer that begins a delivery in
// parts without its delivery-id, which AMQP forbids (OASIS AMQP 1.0, part 2, section 2.7.5). proton before
// 0.40 fails an assertion where it reads one (PROTON-2853), and with that ends the process.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "agent/bus/proton.hpp"

namespace clacks::bus {

// Follows one connection's plain text from its first byte on. What it takes for a frame, and for a transfer,
// is what proton takes for one; where it cannot read one that proton might read, it refuses. No thread
// safety.
class FrameCheck {
  public:
    // `max_frame`: beyond it proton refuses a frame by its header.
    explicit FrameCheck(std::uint32_t max_frame) : max_frame_(max_frame) {}

    // How many of the next bytes may go on. The last byte of a frame does so only when the frame was judged;
    // after a refusal nothing does. Where the first bytes are of another protocol, those that show it go on.
    std::size_t admit(std::string_view bytes);

    const std::optional<Refusal>& refusal() const { return refusal_; }
    // Whether it was asked at all.
    bool used() const { return used_; }

  private:
    struct Verdict {
        enum class Kind { pass, refuse, unfinished, foreign } kind;
        std::size_t size = 0;  // of the whole frame that passes
    };
    enum class Reading { done, wrong, unfinished };
    struct Transfer {
        std::optional<std::uint32_t> handle, delivery_id;
        bool more = false, aborted = false;
    };
    using Handle = std::pair<std::uint16_t, std::uint32_t>;  // channel and handle

    Verdict judge(std::string_view bytes);
    Reading read(std::uint16_t channel, std::string_view body);
    void judge(std::uint16_t channel, const Transfer& transfer);
    void forget_link(std::uint16_t channel, std::optional<std::uint32_t> handle);
    void forget_session(std::uint16_t channel);
    void refuse(std::string description);

    const std::uint32_t max_frame_;
    bool used_ = false;
    bool amqp_ = false;     // a protocol header was seen
    bool foreign_ = false;  // proton refuses what came, and reads no further
    std::optional<Refusal> refusal_;
    std::string head_;           // of a frame that is not judged yet, from earlier bytes
    std::uint64_t passing_ = 0;  // bytes that are still to come of a frame that passes
    std::set<Handle> partial_;   // links whose delivery has begun and not ended
};

}  // namespace clacks::bus
