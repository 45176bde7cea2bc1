// The access control list: who may send, call and receive what, and who speaks for which client or node.
// Its language is told in docs/access-control.md.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "common/acl/pattern.hpp"
#include "common/base/result.hpp"

namespace clacks::acl {

struct Rule;
struct Rules;

enum class Right : unsigned {
    send = 1,     // `x`: send an event, call a command, send a request to a client
    receive = 2,  // `r`
};

// Valid as long as the Acl, or the Rights, that it comes from.
struct Decision {
    bool allowed = false;
    const Rule* rule = nullptr;  // the first that fits, which decides; null: none does, and so it is denied

    std::uint32_t line() const;     // 0 without a rule
    std::string_view text() const;  // of that line
};

// What one user may do. Immutable to look at, and kept by its owner as long as the Acl that made it.
// Thread safe.
class Rights {
  public:
    Rights(std::shared_ptr<const Rules> rules, const std::string& domain, const std::string& user);

    Decision decide(std::string_view topic, Right right) const;
    // The same for the event of that name, decided once for each name.
    Decision event(const std::string& name, Right right) const;

    // Whether it may tell of any client or node, as an agent does.
    bool agent() const { return agent_; }
    // Whether the id is the user's own: its name, or one that an identity line gives it.
    bool owns(std::string_view id) const;

  private:
    struct Events {
        Decision send, receive;
    };
    Events both(const std::string& name) const;

    std::shared_ptr<const Rules> all_;  // keeps what `rules_` points to
    std::string events_;                // the topic of all events, up to the name
    std::vector<const Rule*> rules_;    // those of this user
    std::vector<Pattern> ids_;
    bool agent_ = false;
    mutable std::shared_mutex mutex_;
    mutable std::unordered_map<std::string, Events> decided_;
};

class Acl;
using AclPtr = std::shared_ptr<const Acl>;

// A file, compiled. Immutable and thread safe.
class Acl {
  public:
    // All problems at once, as file:line:column. `domain` is what {d} stands for.
    static Result<AclPtr, Diagnostics> parse(std::string_view text, const std::string& file,
                                             const std::string& domain);
    static Result<AclPtr, Diagnostics> read(const std::filesystem::path& file, const std::string& domain);
    // None is configured: nobody may do anything.
    static AclPtr none(const std::string& domain);

    bool configured() const { return !file_.empty(); }
    const std::string& file() const { return file_; }  // "" for none
    std::shared_ptr<const Rights> rights_of(const std::string& user) const;

    std::string event_topic(std::string_view name) const;
    std::string command_topic(std::string_view queue, std::string_view method) const;
    std::string client_topic(std::string_view id) const;

  private:
    Acl(std::shared_ptr<const Rules> rules, std::string file, std::string domain);

    std::shared_ptr<const Rules> rules_;
    std::string file_, domain_;
    mutable std::shared_mutex mutex_;
    mutable std::unordered_map<std::string, std::shared_ptr<const Rights>> users_;
};

}  // namespace clacks::acl
