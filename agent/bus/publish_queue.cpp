#include "agent/bus/publish_queue.hpp"

#include <pthread.h>

#include <algorithm>
#include <exception>
#include <iterator>
#include <string>

#include "agent/bus/link.hpp"

namespace clacks::bus {

namespace {

constexpr std::size_t kMostBytes = 1024 * 1024;
constexpr std::size_t kEntryBytes = 256;  // of an entry without its document, about

std::size_t bytes_of(const std::vector<PublishQueue::Entry>& entries) {
    std::size_t bytes = 0;
    for (const auto& entry : entries) bytes += entry.publication.document.size() + kEntryBytes;
    return bytes;
}

}  // namespace

void PublishQueue::start() {
    thread_ = std::thread([this] { run(); });
}

void PublishQueue::stop() {
    if (!thread_.joinable()) return;
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

bool PublishQueue::idle() const {
    const std::lock_guard lock(mutex_);
    return quiet();
}

void PublishQueue::flush() {
    if (batch_.empty()) return;
    if (batch_.size() == 1 && idle()) {
        publish(batch_.front());
        batch_.front().outcomes->link().pump();
    } else {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return waiting_bytes_ < kMostBytes; });
        waiting_bytes_ += bytes_of(batch_);
        std::move(batch_.begin(), batch_.end(), std::back_inserter(waiting_));
        lock.unlock();
        changed_.notify_all();
    }
    batch_.clear();
}

void PublishQueue::drain() {
    flush();
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return quiet(); });
}

void PublishQueue::run() {
    pthread_setname_np(pthread_self(), "publish");
    std::vector<Entry> taken;
    std::unique_lock lock(mutex_);
    for (;;) {
        changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
        if (waiting_.empty()) return;
        taken.swap(waiting_);
        waiting_bytes_ = 0;
        busy_ = true;
        lock.unlock();
        changed_.notify_all();
        for (Entry& entry : taken) {
            publish(entry);
            entry.outcomes->wake();
        }
        taken.clear();
        lock.lock();
        busy_ = false;
        changed_.notify_all();
    }
}

void PublishQueue::publish(Entry& entry) {
    Result<void, Refusal> result;
    try {
        if (auto published = handler_.publish(std::move(entry.publication)); !published)
            result = refusal_of(published.error());
    } catch (const std::exception& error) {
        result = Refusal{"amqp:internal-error", std::string("an error inside the agent: ") + error.what()};
    }
    entry.outcomes->put({entry.delivery, std::move(result)});
}

}  // namespace clacks::bus
