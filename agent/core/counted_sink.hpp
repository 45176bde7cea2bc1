// Counts for its publisher what becomes of each event that is sent this way.
#pragma once

#include <string>
#include <utility>

#include "agent/api/events.hpp"
#include "agent/telemetry/publishers.hpp"

namespace clacks {

// Thread safety: every member may be called from any thread.
class CountedSink final : public EventSink {
  public:
    // Both must outlive this.
    CountedSink(EventSink& behind, Publishers& publishers) : behind_(behind), publishers_(publishers) {}

    Result<Published> publish(Publication publication) override {
        const std::string name =
            publication.module.empty() ? publication.user : "module " + publication.module;
        auto published = behind_.publish(std::move(publication));
        publishers_.count(name, published ? Publishers::Outcome::accepted : Publishers::Outcome::rejected);
        return published;
    }
    // The same for an event of this user that was refused before it got here.
    void refused(const std::string& user) { publishers_.count(user, Publishers::Outcome::rejected); }

  private:
    EventSink& behind_;
    Publishers& publishers_;
};

}  // namespace clacks
