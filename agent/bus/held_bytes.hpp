// Bytes that queues and unsettled deliveries hold: of one connection, which adds them to those of the whole
// bus. An event that several queues share is counted in each.
//
// Thread safety: every member may be called from any thread.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>

namespace clacks::bus {

class HeldBytes {
  public:
    // `whole` is null for the whole itself.
    explicit HeldBytes(std::size_t limit, std::shared_ptr<HeldBytes> whole = nullptr)
        : limit_(limit), whole_(std::move(whole)) {}

    void add(std::size_t bytes) {
        held_ += bytes;
        if (whole_) whole_->add(bytes);
    }
    void remove(std::size_t bytes) {
        held_ -= bytes;
        if (whole_) whole_->remove(bytes);
    }
    // More than its own limit, or than that of the whole.
    bool over() const { return held_ > limit_ || (whole_ && whole_->over()); }

  private:
    std::atomic<std::size_t> held_{0};
    const std::size_t limit_;
    const std::shared_ptr<HeldBytes> whole_;
};

}  // namespace clacks::bus
