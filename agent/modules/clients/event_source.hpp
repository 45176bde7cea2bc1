// Fills the client table from the clients' events, and asks all clients to announce themselves where nobody
// else could tell of them: when the agent is alone at its start.
#pragma once

#include <chrono>

#include "agent/modules/clients/client_source.hpp"

namespace clacks {

class EventSource final : public ClientSource {
  public:
    // `patience`: how long other agents have to show themselves before this one is alone.
    explicit EventSource(std::chrono::milliseconds patience) : patience_(patience) {}
    void start(ModuleContext& context, ClientTable& table, Changed changed) override;

  private:
    void take(const EventMessage& message);
    void poll();

    std::chrono::milliseconds patience_;
    ModuleContext* context_ = nullptr;
    ClientTable* table_ = nullptr;
    Changed changed_;
    bool alone_ = true;
};

}  // namespace clacks
