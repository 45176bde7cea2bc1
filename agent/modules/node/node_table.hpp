// The agents of the domain, as their events tell.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "common/base/clock.hpp"
#include "common/events/event.hpp"

namespace clacks {

struct NodeState {
    double load = 0;     // of one processor's worth each
    double latency = 0;  // seconds
    int workers = 0;
    bool indexed = false;
    WallTime received;  // when it was heard last
    SteadyTime heard;
};

class NodeTable {
  public:
    enum class Change { none, joined, left };
    // Takes one of the Node events; others change nothing.
    Change take(const events::Event& event, WallTime wall, SteadyTime now);
    // Removes the nodes that have been silent for the time, and tells which.
    std::vector<std::string> expire(SteadyTime now, std::chrono::milliseconds silence);
    const std::map<std::string, NodeState>& nodes() const { return nodes_; }

  private:
    std::map<std::string, NodeState> nodes_;
};

}  // namespace clacks
