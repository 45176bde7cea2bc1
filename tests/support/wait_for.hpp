// Waits for a condition that another thread makes true; the limit only ends a test that has failed.
#pragma once

#include <chrono>
#include <thread>

namespace clacks {

template <class Condition>
bool wait_for(Condition condition) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!condition()) {
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return true;
}

}  // namespace clacks
