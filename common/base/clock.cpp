#include "common/base/clock.hpp"

namespace clacks {

namespace {

class SystemClock final : public Clock {
  public:
    WallTime wall() const override {
        return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
    }
    SteadyTime steady() const override { return std::chrono::steady_clock::now(); }
};

}  // namespace

const Clock& system_clock() {
    static const SystemClock clock;
    return clock;
}

}  // namespace clacks
