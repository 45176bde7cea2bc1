// The ACL in force, and the questions that the agent asks it. Each refusal says who may not do what, and
// which line of the ACL decided, or that none did.
//
// Thread safety: every member may be called from any thread.
#pragma once

#include <mutex>
#include <string>
#include <string_view>

#include "common/acl/acl.hpp"

namespace clacks::acl {

class Access {
  public:
    explicit Access(AclPtr acl) : acl_(std::move(acl)) {}

    AclPtr current() const;
    void replace(AclPtr acl);

    // Whether the event tells of one client or node, its Id, and so is taken only from that one or an agent.
    static bool tells_of_somebody(std::string_view event);

    // Errors have the code "not-permitted". `id`: what such an event has as its Id, "" for none.
    Result<void, Diagnostic> may_publish(const std::string& user, const std::string& event,
                                         std::string_view id) const;
    // `provider`: "core" or the module that has the command, whichever queue the request came by.
    Result<void, Diagnostic> may_call(const std::string& user, std::string_view provider,
                                      std::string_view method) const;
    // Sending to a client's address, or receiving there.
    Result<void, Diagnostic> may_use_client(const std::string& user, std::string_view id, Right right) const;

  private:
    mutable std::mutex mutex_;
    AclPtr acl_;
};

// Why the user may not read any event at all.
Diagnostic nothing_to_read(const Acl& acl, const std::string& user);

}  // namespace clacks::acl
