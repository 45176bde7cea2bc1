// Counts the calls that each telephone missed in a row, and sends CallsMissed when they are too many.
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

#include "agent/api/module.hpp"
#include "agent/api/settings_reader.hpp"
#include "common/events/event_maker.hpp"
#include "common/events/fields.hpp"

namespace {

using namespace clacks;

class MissedCallsModule final : public Module {
  public:
    std::string_view name() const override { return "missed-calls"; }

    std::vector<ModuleSetting> keys() const override {
        return {{"times", "integer", "3", "After so many missed calls in a row CallsMissed is sent."}};
    }

    Result<void, Diagnostics> configure(const ModuleSettings& settings) override {
        Diagnostics problems;
        SettingsReader read(settings.values, "[module missed-calls]", problems);
        times_ = read.count("times", 3, 1, 1000);
        if (!problems.empty()) return problems;
        return {};
    }

    void start(ModuleContext& context) override {
        context_ = &context;
        auto subscribed = context.subscribe("./e:Event/e:PhoneStatus[e:Status = ('missed', 'answered')]",
                                            [this](const EventMessage& message) { note(*message.event); });
        if (!subscribed) throw std::runtime_error(to_string(subscribed.error()));
        CommandSpec spec;
        spec.name = "getMissedCalls";
        spec.documentation = "Tells how many calls each telephone has missed in a row.";
        spec.result = "an object from receiver to number";
        auto added = context.command(
            std::move(spec), [this](const Call&) -> CommandResult { return nlohmann::json(missed_); });
        if (!added) throw std::runtime_error(to_string(added.error()));
    }

  private:
    void note(const events::Event& event) {
        const std::string receiver(events::field(event, "ReceiverId"));
        if (events::field(event, "Status") == "answered") {
            missed_.erase(receiver);
            return;
        }
        if (++missed_[receiver] == times_) tell(receiver);
    }

    void tell(const std::string& receiver) {
        EventMaker e;
        auto sent =
            context_->send(e("Event", e("CallsMissed", e("ReceiverId", receiver), e("Count", times_))).str());
        if (!sent) context_->log_warning("CallsMissed was not sent: " + to_string(sent.error()));
    }

    ModuleContext* context_ = nullptr;
    std::uint64_t times_ = 0;
    std::map<std::string, std::uint64_t> missed_;
};

}  // namespace

CLACKS_MODULE(MissedCallsModule)
