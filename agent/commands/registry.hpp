// Runs JSON-RPC requests (the original's form and JSON-RPC 2.0) against the declared commands: finds
// the command, checks and orders its parameters, runs the body, and forms the answer.
//
// Who calls a command needs the right to, whatever queue the request came by.
//
// A request to the queue "core" finds every command; one to a module's queue only that module's.
//
// Thread safety: every member may be called from any thread. A body runs on the caller's thread, or,
// where its declaration says that it may wait, by `run_later`.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "agent/api/bus.hpp"
#include "agent/api/command.hpp"
#include "agent/telemetry/counters.hpp"
#include "common/acl/access.hpp"

namespace clacks {

class Registry final : public CommandRegistry {
  public:
    // Runs work on another thread, in order; work it drops is destroyed. Empty: bodies that may wait run
    // on the caller's thread as well.
    using RunLater = std::function<void(std::function<void()>)>;

    // The rights and the counters must outlive it.
    Registry(const acl::Access& access, Counters& counters, RunLater run_later);
    ~Registry() override;

    Result<void, Diagnostic> add(std::string provider, CommandSpec spec, CommandBody body) override;
    void remove(const std::string& provider) override;
    std::vector<Entry> list() const override;

    // "core" and every provider that has commands.
    std::vector<std::string> queues() const;
    // `reply` is called exactly once, with the JSON text of the answer, or "" for JSON-RPC 2.0
    // notifications. A body that throws is answered as an internal error and counted; work that
    // `run_later` drops is answered as kStopping.
    void handle(BusRequest request, std::function<void(std::string)> reply) const;

  private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace clacks
