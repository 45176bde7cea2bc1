// The module process's end of the socket to the agent.
//
// Thread safety: send and request may be called from any thread, request not from the one that runs serve().
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>

#include "agent/modules/wire.hpp"

namespace clacks {

class Link {
  public:
    // Does not own the socket.
    explicit Link(int socket) : socket_(socket) {}

    // Waits until the agent has taken it. Errors: "frame-too-long". Where there is no agent any more, nothing
    // is sent, and serve() ends.
    Result<void> send(const wire::Frame& frame);
    // The agent's answer, which comes as long as there is an agent; without one the process ends.
    Result<wire::Frame> request(wire::Frame frame);
    // Gives every frame that is no answer to a request, until the agent has closed the socket.
    void serve(const std::function<void(wire::Frame)>& take);

  private:
    void answered(wire::Frame frame);

    const int socket_;
    std::mutex sending_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::uint64_t last_id_ = 0;
    std::map<std::uint64_t, std::optional<wire::Frame>> awaited_;
};

}  // namespace clacks
