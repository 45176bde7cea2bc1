// The account of those who publish: what each user and each module of the agent has sent, and what became of
// it. It outlives their connections, and ends with the agent.
//
// Thread safety: every member may be called from any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

namespace clacks {

// A copy is of one moment: sent = accepted + rejected.
struct PublisherCounts {
    std::uint64_t sent = 0;  // judged events; one that breaks off before its end is none
    std::uint64_t accepted = 0;
    std::uint64_t rejected = 0;
};

class Publishers {
  public:
    enum class Outcome { accepted, rejected };
    // The name under which all are counted for whom there is no room.
    static constexpr const char* kOthers = "(others)";

    // `most`: as many names are told apart, as strangers may choose theirs where certificates name them.
    explicit Publishers(std::size_t most = 10000) : most_(most) {}

    // One event more. The name is a user's, or "module NAME".
    void count(const std::string& name, Outcome outcome);
    // By name.
    std::map<std::string, PublisherCounts> list() const;
    PublisherCounts total() const;

  private:
    PublisherCounts& entry(const std::string& name);  // with the lock

    const std::size_t most_;
    mutable std::mutex mutex_;
    std::map<std::string, PublisherCounts> counts_;
    PublisherCounts total_;
};

}  // namespace clacks
