#include "agent/modules/worker.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <memory>
#include <system_error>
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
    bool wait() {
        std::unique_lock lock(mutex);
        changed.wait(lock, [this] { return settled; });
        return ran;
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

int make_wake() {
    const int wake = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (wake < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
    return wake;
}

// Tasks that run before the descriptors are looked at again.
constexpr int kTasksARound = 64;

}  // namespace

Worker::Worker(const Clock& clock) : clock_(clock), wake_(make_wake()), thread_([this] { run(); }) {}

Worker::~Worker() {
    stop();
    ::close(wake_);
}

// Called with the lock.
void Worker::notify() {
    if (!waiting_) return;
    waiting_ = false;
    const std::uint64_t one = 1;
    (void)!::write(wake_, &one, sizeof one);  // it fails only when it is full, and then poll() returns too
}

bool Worker::post(std::function<void()> task) {
    const std::lock_guard lock(mutex_);
    if (stopping_) return false;
    tasks_.push_back(std::move(task));
    notify();
    return true;
}

void Worker::after(std::chrono::milliseconds delay, bool repeat, std::function<void()> task) {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    const auto interval =
        repeat ? std::max(delay, std::chrono::milliseconds(1)) : std::chrono::milliseconds(0);
    timers_.push_back({clock_.steady() + delay, interval, std::move(task)});
    notify();
}

void Worker::release() {
    const std::lock_guard lock(mutex_);
    held_ = false;
    notify();
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
        notify();
    }
    return ticket->wait();
}

// Timers that are due run in the order of their setting, so the last one tells of all.
void Worker::pass() {
    auto ticket = std::make_shared<Ticket>();
    after(std::chrono::milliseconds(0), false, [held = std::make_shared<Held>(ticket)] { held->done(); });
    ticket->wait();
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
        watched_.clear();
        notify();
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

void Worker::watch(int descriptor, Ready ready, std::function<void()> task) {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    watched_[descriptor] = {static_cast<short>(ready == Ready::write ? POLLOUT : POLLIN),
                            std::make_shared<const std::function<void()>>(std::move(task))};
    notify();
}

void Worker::unwatch(int descriptor) {
    const std::lock_guard lock(mutex_);
    watched_.erase(descriptor);
    notify();
}

// Called with the lock. False: there is nothing to do now.
bool Worker::take(std::function<void()>& task) {
    std::deque<std::function<void()>>& from = first_.empty() && !held_ ? tasks_ : first_;
    if (from.empty()) return false;
    task = std::move(from.front());
    from.pop_front();
    return true;
}

void Worker::run_tasks(std::unique_lock<std::mutex>& lock) {
    std::function<void()> task;
    for (int i = 0; i < kTasksARound && !stopping_ && take(task); ++i) {
        lock.unlock();
        task();
        task = nullptr;
        lock.lock();
    }
}

// Whatever poll() found, as far as it is still watched.
void Worker::run_ready(std::unique_lock<std::mutex>& lock) {
    for (const pollfd& polled : polled_) {
        if (polled.revents == 0 || stopping_) continue;
        const auto found = watched_.find(polled.fd);
        if (found == watched_.end()) continue;
        const Task task = found->second.task;
        lock.unlock();
        (*task)();
        lock.lock();
    }
}

bool Worker::idle() const {
    return first_.empty() && (held_ || (tasks_.empty() && until_next_timer().count() > 0));
}

void Worker::wait(std::unique_lock<std::mutex>& lock) {
    polled_.assign(1, {wake_, POLLIN, 0});
    if (!held_)
        for (const auto& [descriptor, watched] : watched_) polled_.push_back({descriptor, watched.events, 0});
    int patience = 0;
    if (idle()) {
        using std::chrono::milliseconds;
        patience = held_ ? -1 : static_cast<int>(std::chrono::ceil<milliseconds>(until_next_timer()).count());
        waiting_ = true;
    }
    lock.unlock();
    if (::poll(polled_.data(), polled_.size(), patience) < 0) polled_.clear();
    lock.lock();
    waiting_ = false;
    std::uint64_t told = 0;
    if (!polled_.empty() && polled_.front().revents != 0) (void)!::read(wake_, &told, sizeof told);
}

void Worker::run() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        run_tasks(lock);
        if (!stopping_ && !held_ && until_next_timer().count() <= 0) run_due_timers(lock);
        if (stopping_) break;
        if (idle() || !watched_.empty()) {
            wait(lock);
            run_ready(lock);
        }
    }
}

}  // namespace clacks
