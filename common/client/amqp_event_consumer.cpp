#include "common/client/amqp_event_consumer.hpp"

#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>

#include "common/base/text.hpp"
#include "common/client/backoff.hpp"
#include "common/client/subscriber.hpp"

namespace clacks {

using client::Failure;
using client::Subscriber;

// Two threads: one connects and receives, the other calls back. What waits between them is bounded by
// the credit that the agent was given.
class AMQPEventConsumer::Impl {
  public:
    Impl(std::string url, std::string xquery, Callback callback, ConsumerOptions options)
        : url_(std::move(url)),
          xquery_(std::move(xquery)),
          callback_(std::move(callback)),
          options_(std::move(options)),
          caller_([this] { call_back(); }),
          connector_([this] { connect(); }) {}

    ~Impl() {
        close();
        connector_.join();
        caller_.join();
    }

    void close() {
        std::unique_lock lock(mutex_);
        closing_ = true;
        if (subscriber_) subscriber_->close();
        changed_.notify_all();
        // A callback, and the log's, cannot wait for themselves.
        const auto self = std::this_thread::get_id();
        if (self != caller_id_ && self != connector_id_) changed_.wait(lock, [&] { return ended(); });
    }

    Result<void> join() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return ended(); });
        return result_;
    }

    bool join_for(std::chrono::milliseconds time) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, time, [&] { return ended(); });
    }

    bool wait_until_subscribed(std::chrono::milliseconds time) {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, time, [&] { return subscribed_ || ended(); });
        return subscribed_;
    }

  private:
    struct Waiting {
        ReceivedEvent event;
        std::weak_ptr<Subscriber> from;
    };

    bool ended() const { return connector_done_ && caller_done_; }

    void say(const std::string& line) const {
        if (options_.log) options_.log(line);
    }

    // --- the connecting thread

    void connect() {
        {
            const std::lock_guard lock(mutex_);
            connector_id_ = std::this_thread::get_id();
        }
        Result<void> result = attempts();
        const std::lock_guard lock(mutex_);
        result_ = std::move(result);
        connector_done_ = true;
        changed_.notify_all();
    }

    Result<void> attempts() {
        auto endpoint = client::make_endpoint(url_, options_);
        if (!endpoint) return std::move(endpoint).error();
        client::Backoff backoff(client::uniform_random());
        std::string told;  // the state that the log knows
        bool first = true;
        for (;;) {
            bool was_subscribed = false;
            const auto failure = attempt(*endpoint, was_subscribed);
            if (!failure) return {};
            const bool give_up =
                failure->permanent || (first && options_.must_connect_first && !was_subscribed);
            if (give_up) return failure->diagnostic;
            if (was_subscribed) {
                backoff.reset();
                told.clear();
            }
            if (told != failure->diagnostic.code)
                say((was_subscribed ? "connection lost: " : "not connected: ") + failure->diagnostic.message +
                    "; trying again");
            told = failure->diagnostic.code;
            first = false;
            std::unique_lock lock(mutex_);
            if (changed_.wait_for(lock, backoff.next(), [&] { return closing_; })) return {};
        }
    }

    // One connection from its start to its end; nothing when it was closed from here.
    std::optional<Failure> attempt(const client::Endpoint& endpoint, bool& was_subscribed) {
        std::weak_ptr<Subscriber> self;
        client::SubscriberEvents events;
        events.subscribed = [&] {
            was_subscribed = true;
            {
                const std::lock_guard lock(mutex_);
                subscribed_ = true;
            }
            changed_.notify_all();
            say("subscribed at " + endpoint.url.shown());
        };
        events.received = [&](Result<ReceivedEvent> event) { queue(std::move(event), self); };
        const auto subscriber =
            std::make_shared<Subscriber>(endpoint, xquery_, options_.lenient, std::move(events));
        self = subscriber;
        {
            const std::lock_guard lock(mutex_);
            if (closing_) return std::nullopt;
            subscriber_ = subscriber;
        }
        auto failure = subscriber->run();
        const std::lock_guard lock(mutex_);
        subscriber_.reset();
        subscribed_ = false;
        return failure;
    }

    void queue(Result<ReceivedEvent> event, const std::weak_ptr<Subscriber>& from) {
        if (!event) {
            say(event.error().message);
            if (const auto subscriber = from.lock()) subscriber->consumed(1);
            return;
        }
        {
            const std::lock_guard lock(mutex_);
            waiting_.push_back({std::move(event).value(), from});
        }
        changed_.notify_all();
    }

    // --- the calling thread

    void call_back() {
        std::unique_lock lock(mutex_);
        caller_id_ = std::this_thread::get_id();
        for (;;) {
            changed_.wait(lock, [&] { return closing_ || connector_done_ || !waiting_.empty(); });
            if (closing_ || waiting_.empty()) break;
            const Waiting next = std::move(waiting_.front());
            waiting_.pop_front();
            lock.unlock();
            call(next.event);
            give_credit(next.from);
            lock.lock();
        }
        waiting_.clear();
        caller_done_ = true;
        changed_.notify_all();
    }

    void call(const ReceivedEvent& event) {
        try {
            callback_(event);
        } catch (const std::exception& error) {
            say("the callback failed at the event " + event.id + ": " + one_line(error.what(), 500));
        } catch (...) {
            say("the callback failed at the event " + event.id);
        }
    }

    // In batches, as each is a frame to the agent.
    void give_credit(const std::weak_ptr<Subscriber>& from) {
        const bool same = !from.owner_before(credited_) && !credited_.owner_before(from);
        if (!same) consumed_ = 0;
        credited_ = from;
        if (++consumed_ < Subscriber::kCredit / 4) return;
        if (const auto subscriber = from.lock()) subscriber->consumed(consumed_);
        consumed_ = 0;
    }

    const std::string url_, xquery_;
    const Callback callback_;
    const ConsumerOptions options_;

    std::mutex mutex_;
    std::condition_variable changed_;
    std::thread::id caller_id_, connector_id_;
    std::shared_ptr<Subscriber> subscriber_;
    std::deque<Waiting> waiting_;
    Result<void> result_;
    bool closing_ = false, subscribed_ = false, connector_done_ = false, caller_done_ = false;

    std::weak_ptr<Subscriber> credited_;  // the calling thread's
    int consumed_ = 0;

    std::thread caller_, connector_;  // last, so that all above is there when they start
};

AMQPEventConsumer::AMQPEventConsumer(std::string url, std::string xquery, Callback callback,
                                     ConsumerOptions options)
    : impl_(std::make_unique<Impl>(std::move(url), std::move(xquery), std::move(callback),
                                   std::move(options))) {}

AMQPEventConsumer::~AMQPEventConsumer() = default;

Result<void> AMQPEventConsumer::join() {
    return impl_->join();
}

bool AMQPEventConsumer::join_for(std::chrono::milliseconds time) {
    return impl_->join_for(time);
}

bool AMQPEventConsumer::wait_until_subscribed(std::chrono::milliseconds time) {
    return impl_->wait_until_subscribed(time);
}

void AMQPEventConsumer::close() {
    impl_->close();
}

}  // namespace clacks
