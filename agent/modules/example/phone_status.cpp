// The smallest useful module: remembers the last status of every phone, and tells it when asked.
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

#include "agent/api/module.hpp"
#include "common/events/fields.hpp"

namespace {

using namespace clacks;

class PhoneStatusModule final : public Module {
  public:
    std::string_view name() const override { return "phone-status"; }

    void start(ModuleContext& context) override {
        auto subscribed = context.subscribe("./e:Event/e:PhoneStatus", [this](const EventMessage& message) {
            last_[std::string(events::field(*message.event, "ReceiverId"))] =
                events::field(*message.event, "Status");
        });
        if (!subscribed) throw std::runtime_error(to_string(subscribed.error()));
        CommandSpec spec;
        spec.name = "getPhoneStatus";
        spec.documentation = "Tells the last status of every phone.";
        spec.result = "an object from receiver to status";
        auto added = context.command(std::move(spec),
                                     [this](const Call&) -> CommandResult { return nlohmann::json(last_); });
        if (!added) throw std::runtime_error(to_string(added.error()));
    }

  private:
    std::map<std::string, std::string> last_;
};

}  // namespace

CLACKS_MODULE(PhoneStatusModule)
