// One section [module exec NAME]: what to run, for which events, and within which bounds.
#pragma once

#include <sys/resource.h>
#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "agent/api/module.hpp"

namespace clacks::exec {

// Who the program runs as.
struct Account {
    std::string name;  // "" where the user has no entry
    std::string home = "/";
    uid_t user = 0;
    gid_t group = 0;
    std::vector<gid_t> groups;  // all of them
    bool change = false;        // it is not the agent's own
};

struct ResourceLimit {
    __rlimit_resource resource;
    rlim_t value;
};

struct Job {
    std::string name;
    std::string filter;
    std::vector<std::string> command;
    std::vector<std::pair<std::string, std::shared_ptr<const Expression>>> environment;
    Account account;
    std::chrono::milliseconds time_out{}, kill_after{};
    std::uint64_t concurrency = 1, queue = 0;
    std::uint64_t rate = 0;  // starts in each rate_interval; 0: no bound
    std::chrono::milliseconds rate_interval{};
    std::uint64_t retries = 0;
    std::chrono::milliseconds retry_delay{};
    std::vector<ResourceLimit> limits;
};

std::vector<ModuleSetting> job_keys();

// The job of one section; what is wrong with it goes to `problems`. Of an expression the place within the
// query is told, too.
Job read_job(const std::string& name, const ModuleSettings& settings, Diagnostics& problems);

}  // namespace clacks::exec
