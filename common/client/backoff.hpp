// Pauses between attempts: random between nothing and a cap that doubles up to a limit ("full jitter"),
// so that many clients of a restarted agent do not all come back at once.
#pragma once

#include <chrono>
#include <functional>

namespace clacks::client {

class Backoff {
  public:
    using Duration = std::chrono::milliseconds;
    using Random = std::function<double()>;  // uniform in [0, 1)

    explicit Backoff(Random random, Duration base = Duration(500), Duration limit = Duration(30000));

    Duration next();
    void reset() { cap_ = base_; }

  private:
    Random random_;
    Duration base_, limit_, cap_;
};

// A generator of its own, seeded from the system's random source.
Backoff::Random uniform_random();

}  // namespace clacks::client
