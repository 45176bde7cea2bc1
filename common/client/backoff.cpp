#include "common/client/backoff.hpp"

#include <algorithm>
#include <memory>
#include <random>

namespace clacks::client {

Backoff::Backoff(Random random, Duration base, Duration limit)
    : random_(std::move(random)), base_(base), limit_(limit), cap_(base) {}

Backoff::Duration Backoff::next() {
    const double share = random_();
    const Duration pause(static_cast<Duration::rep>(share * static_cast<double>(cap_.count())));
    cap_ = std::min(limit_, cap_ * 2);
    return pause;
}

Backoff::Random uniform_random() {
    auto engine = std::make_shared<std::mt19937>(std::random_device{}());
    return [engine] { return std::uniform_real_distribution<double>(0.0, 1.0)(*engine); };
}

}  // namespace clacks::client
