#include "agent/core/subscription_quota.hpp"

#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include "common/base/text.hpp"

namespace clacks {

struct SubscriptionQuota::Counted {
    explicit Counted(Limits given) : limits(given) {}

    // Why there is no place for one more of this user, or nothing when it was taken.
    std::optional<Diagnostic> take(const std::string& user) {
        const std::lock_guard lock(mutex);
        if (all >= limits.of_all)
            return beyond("the agent has all " + std::to_string(limits.of_all) + " subscriptions that it may",
                          "subscriptions");
        std::size_t& own = by_user[user];
        if (own >= limits.of_user) {
            const std::string who = "'" + one_line(user, 80) + "' has ";
            if (own == 0) by_user.erase(user);
            return beyond(who + "all " + std::to_string(limits.of_user) + " subscriptions that a user may",
                          "subscriptions-per-user");
        }
        ++own;
        ++all;
        return std::nullopt;
    }

    void give_back(const std::string& user) {
        const std::lock_guard lock(mutex);
        --all;
        const auto own = by_user.find(user);
        if (--own->second == 0) by_user.erase(own);
    }

    static Diagnostic beyond(std::string message, const std::string& setting) {
        Diagnostic made;
        made.code = "subscription-limit";
        made.message = std::move(message);
        made.hint = "end one, or raise [limits] " + setting;
        return made;
    }

    const Limits limits;
    std::mutex mutex;
    std::size_t all = 0;
    std::map<std::string, std::size_t> by_user;
};

// One that counts until it ends.
class SubscriptionQuota::Place final : public Subscription {
  public:
    Place(std::shared_ptr<Counted> counted, std::string user)
        : counted_(std::move(counted)), user_(std::move(user)) {}
    ~Place() override {
        subscription_.reset();
        counted_->give_back(user_);
    }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

    void fill(std::unique_ptr<Subscription> subscription) { subscription_ = std::move(subscription); }
    std::uint64_t id() const override { return subscription_->id(); }

  private:
    const std::shared_ptr<Counted> counted_;
    const std::string user_;
    std::unique_ptr<Subscription> subscription_;
};

SubscriptionQuota::SubscriptionQuota(Subscriptions& behind, Limits limits, Counters& counters)
    : behind_(behind), counters_(counters), counted_(std::make_shared<Counted>(limits)) {}

SubscriptionQuota::~SubscriptionQuota() = default;

Result<std::unique_ptr<Subscription>, Diagnostics> SubscriptionQuota::subscribe(SubscriptionRequest request) {
    if (auto why = counted_->take(request.owner)) {
        ++counters_.subscriptions_refused;
        return Diagnostics{std::move(*why)};
    }
    auto place = std::make_unique<Place>(counted_, request.owner);
    auto made = behind_.subscribe(std::move(request));
    if (!made) return std::move(made).error();
    place->fill(std::move(*made));
    return std::unique_ptr<Subscription>(std::move(place));
}

}  // namespace clacks
