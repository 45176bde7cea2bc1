#include "agent/commands/command_worker.hpp"

#include <system_error>
#include <utility>

namespace clacks {

CommandWorker::CommandWorker() {
    const std::lock_guard lock(mutex_);
    start_another();
}

CommandWorker::~CommandWorker() {
    stop();
}

bool CommandWorker::run(std::function<void()> work) {
    const std::lock_guard lock(mutex_);
    if (stopping_ || waiting_.size() >= kMostWaiting) return false;
    waiting_.push_back(std::move(work));
    if (waiting_.size() > idle_ && threads_.size() < kMostThreads) {
        try {
            start_another();
        } catch (const std::system_error&) {
            // The machine has no more threads; those that there are get to it.
        }
    }
    changed_.notify_one();
    return true;
}

void CommandWorker::stop() {
    std::deque<std::function<void()>> dropped;
    std::vector<std::thread> ending;
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        dropped.swap(waiting_);
        ending.swap(threads_);
        changed_.notify_all();
    }
    dropped.clear();
    for (std::thread& thread : ending) thread.join();
}

void CommandWorker::start_another() {
    threads_.emplace_back([this] { loop(); });
    ++idle_;
}

void CommandWorker::loop() {
    std::unique_lock lock(mutex_);
    while (true) {
        changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
        if (stopping_) return;
        --idle_;
        auto work = std::move(waiting_.front());
        waiting_.pop_front();
        lock.unlock();
        work();
        work = nullptr;
        lock.lock();
        ++idle_;
    }
}

}  // namespace clacks
