// What matching an event needs, kept warm from one event to the next.
#pragma once

#include <mutex>
#include <utility>
#include <vector>

#include "common/matching/index.hpp"
#include "common/xquery/xquery.hpp"

namespace clacks {

struct Workplace {
    explicit Workplace(const xquery::Limits& limits) : context(limits) {}
    xquery::DynamicContext context;
    matching::Scratch scratch;
    std::vector<matching::Candidate> candidates;
};

// Workplaces at rest. Thread safe.
class Workplaces {
  public:
    // The limits must outlive it.
    explicit Workplaces(const xquery::Limits& limits) : limits_(limits) {}

    // Takes one for one event and puts it back.
    class Lease {
      public:
        explicit Lease(Workplaces& from) : from_(from), workplace_(from.take()) {}
        ~Lease() { from_.put(std::move(workplace_)); }
        Lease(const Lease&) = delete;
        Lease& operator=(const Lease&) = delete;
        Workplace& operator*() { return workplace_; }

      private:
        Workplaces& from_;
        Workplace workplace_;
    };

  private:
    Workplace take() {
        const std::lock_guard lock(mutex_);
        if (resting_.empty()) return Workplace(limits_);
        Workplace workplace = std::move(resting_.back());
        resting_.pop_back();
        return workplace;
    }
    void put(Workplace workplace) {
        const std::lock_guard lock(mutex_);
        resting_.push_back(std::move(workplace));
    }

    const xquery::Limits& limits_;
    std::mutex mutex_;
    std::vector<Workplace> resting_;
};

}  // namespace clacks
