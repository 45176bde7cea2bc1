#include "agent/core/command_worker.hpp"

#include <utility>

namespace clacks {

CommandWorker::CommandWorker() : thread_([this] { loop(); }) {}

CommandWorker::~CommandWorker() {
    stop();
}

bool CommandWorker::run(std::function<void()> work) {
    const std::lock_guard lock(mutex_);
    if (stopping_ || waiting_.size() >= kMostWaiting) return false;
    waiting_.push_back(std::move(work));
    changed_.notify_one();
    return true;
}

void CommandWorker::stop() {
    std::deque<std::function<void()>> dropped;
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        dropped.swap(waiting_);
        changed_.notify_one();
    }
    dropped.clear();
    if (thread_.joinable()) thread_.join();
}

void CommandWorker::loop() {
    std::unique_lock lock(mutex_);
    while (true) {
        changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
        if (stopping_) return;
        auto work = std::move(waiting_.front());
        waiting_.pop_front();
        lock.unlock();
        work();
        work = nullptr;
        lock.lock();
    }
}

}  // namespace clacks
