#include "agent/modules/worker.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace clacks {

namespace {

// A caller that waits: either its task has run, or it was dropped.
struct Ticket {
    std::mutex mutex;
    std::condition_variable changed;
    bool settled = false;
    bool ran = false;

    void settle(bool done) {
        const std::lock_guard lock(mutex);
        settled = true;
        ran = done;
        changed.notify_all();
    }
};

// Settles its ticket as dropped unless the task ran.
class Held {
  public:
    explicit Held(std::shared_ptr<Ticket> ticket) : ticket_(std::move(ticket)) {}
    Held(const Held&) = delete;
    Held& operator=(const Held&) = delete;
    ~Held() {
        if (ticket_) ticket_->settle(false);
    }
    void done() { std::exchange(ticket_, nullptr)->settle(true); }

  private:
    std::shared_ptr<Ticket> ticket_;
};

}  // namespace

Worker::Worker(const Clock& clock) : clock_(clock), thread_([this] { run(); }) {}

Worker::~Worker() {
    stop();
}

bool Worker::post(std::function<void()> task) {
    const std::lock_guard lock(mutex_);
    if (stopping_) return false;
    tasks_.push_back(std::move(task));
    changed_.notify_one();
    return true;
}

void Worker::after(std::chrono::milliseconds delay, bool repeat, std::function<void()> task) {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    const auto interval =
        repeat ? std::max(delay, std::chrono::milliseconds(1)) : std::chrono::milliseconds(0);
    timers_.push_back({clock_.steady() + delay, interval, std::move(task)});
    changed_.notify_one();
}

void Worker::release() {
    const std::lock_guard lock(mutex_);
    held_ = false;
    changed_.notify_one();
}

bool Worker::call(const std::function<void()>& task) {
    return call(task, false);
}

bool Worker::first(const std::function<void()>& task) {
    return call(task, true);
}

bool Worker::call(const std::function<void()>& task, bool first) {
    if (std::this_thread::get_id() == thread_.get_id()) {
        task();
        return true;
    }
    auto ticket = std::make_shared<Ticket>();
    {
        const std::lock_guard lock(mutex_);
        if (stopping_) return false;
        (first ? first_ : tasks_).push_back([&task, held = std::make_shared<Held>(ticket)] {
            task();
            held->done();
        });
        changed_.notify_one();
    }
    std::unique_lock lock(ticket->mutex);
    ticket->changed.wait(lock, [&] { return ticket->settled; });
    return ticket->ran;
}

void Worker::wake() {
    const std::lock_guard lock(mutex_);
    changed_.notify_one();
}

void Worker::stop() {
    std::deque<std::function<void()>> dropped;
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        dropped.swap(tasks_);
        std::move(first_.begin(), first_.end(), std::back_inserter(dropped));
        first_.clear();
        timers_.clear();
        changed_.notify_one();
    }
    dropped.clear();  // tells callers that wait
    if (thread_.joinable()) thread_.join();
}

std::chrono::nanoseconds Worker::until_next_timer() const {
    std::chrono::nanoseconds wait = std::chrono::hours(1);
    const SteadyTime now = clock_.steady();
    for (const Timer& timer : timers_) wait = std::min<std::chrono::nanoseconds>(wait, timer.due - now);
    return wait;
}

void Worker::run_due_timers(std::unique_lock<std::mutex>& lock) {
    const SteadyTime now = clock_.steady();
    std::vector<std::function<void()>> due;
    for (Timer& timer : timers_) {
        if (timer.due > now) continue;
        due.push_back(timer.task);
        timer.due = now + timer.interval;
    }
    std::erase_if(timers_,
                  [&](const Timer& timer) { return timer.interval.count() == 0 && timer.due <= now; });
    lock.unlock();
    for (const auto& task : due) task();
    due.clear();
    lock.lock();
}

// Called with the lock. False: there is nothing to do now.
bool Worker::take(std::function<void()>& task) {
    std::deque<std::function<void()>>& from = first_.empty() && !held_ ? tasks_ : first_;
    if (from.empty()) return false;
    task = std::move(from.front());
    from.pop_front();
    return true;
}

void Worker::run() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        std::function<void()> task;
        if (take(task)) {
            lock.unlock();
            task();
            task = nullptr;
            lock.lock();
        } else if (held_) {
            changed_.wait(lock);
        } else if (until_next_timer().count() > 0) {
            changed_.wait_for(lock, until_next_timer());
        }
        if (!stopping_ && !held_ && until_next_timer().count() <= 0) run_due_timers(lock);
    }
}

}  // namespace clacks
