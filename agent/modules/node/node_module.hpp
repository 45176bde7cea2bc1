// The core's own node handling, a module like any other: announces this agent, tells what it can do and
// how busy it is, keeps a table of the others, and says goodbye.
#pragma once

#include <optional>

#include "agent/api/module.hpp"
#include "agent/modules/node/node_table.hpp"

namespace clacks {

class NodeModule final : public Module {
  public:
    std::string_view name() const override { return "node"; }
    void start(ModuleContext& context) override;
    void stop() override;

  private:
    void take(const EventMessage& message);
    void announce();
    void send_capabilities();
    void send_status();
    void expire();
    void send(const std::string& document);
    CommandResult get_nodes() const;

    ModuleContext* context_ = nullptr;
    NodeTable table_;
    // For measuring: when an event of our own was sent that has not come back yet.
    std::optional<SteadyTime> sent_;
    double latency_ = 0;  // seconds
};

}  // namespace clacks
