// CollectD events from what collectd's plugin amqp1 sends to an intake of this module.
#include <optional>
#include <sstream>
#include <stdexcept>

#include "agent/api/module.hpp"
#include "agent/api/settings_reader.hpp"
#include "agent/modules/collectd/command_format.hpp"
#include "agent/modules/collectd/json_format.hpp"
#include "common/base/line_limit.hpp"
#include "common/base/text.hpp"
#include "common/base/url.hpp"
#include "common/events/event_maker.hpp"

namespace clacks::collectd {

namespace {

constexpr const char* kUrl = "amqp://127.0.0.1:5674/collectd";
constexpr const char* kTypes = "/usr/share/collectd/types.db";

std::string event_of(const ValueList& list) {
    EventMaker e;
    EventElement event("CollectD");
    event.add(e("Host", list.host));
    event.add(e("Plugin", list.plugin));
    if (!list.plugin_instance.empty()) event.add(e("PluginInstance", list.plugin_instance));
    event.add(e("Type", list.type));
    if (!list.type_instance.empty()) event.add(e("TypeInstance", list.type_instance));
    event.add(e("Time", list.time));
    event.add(e("Interval", list.interval));
    for (const Value& value : list.values) {
        EventElement number("Value");
        std::visit([&](auto exact) { number.add(exact); }, value.number);
        event.add(e("DataSource", e("Name", value.source.name), e("Kind", value.source.kind), number));
    }
    return e("Event", event).str();
}

class CollectDModule final : public Module {
  public:
    std::string_view name() const override { return "collectd"; }

    std::vector<ModuleSetting> keys() const override {
        return {
            {"url", "url", kUrl,
             "Where to listen: a loopback address and a port, and the Address of collectd's Transport."},
            {"types-db", "path list", kTypes,
             "Files of collectd's types, for the command format, which does not tell names and kinds; the "
             "default one need not be there."}};
    }

    Result<void, Diagnostics> configure(const ModuleSettings& settings) override {
        Diagnostics problems;
        SettingsReader read(settings.values, "[module collectd]", problems);
        read_url(read);
        read_types(read, problems);
        if (!problems.empty()) return problems;
        return {};
    }

    void start(ModuleContext& context) override {
        context_ = &context;
        auto port = context.listen(intake_, [this](const std::string& body) { take(body); });
        if (!port) throw std::runtime_error(to_string(port.error()));
    }

  private:
    void read_url(SettingsReader& read) {
        const auto url = parse_url(read.text("url", kUrl));
        if (!url) return read.problem("url", "url: " + url.error().message, url.error().hint);
        if (url->tls() || !url->user.empty() || !url->loopback() || url->path.empty())
            return read.problem(
                "url",
                "url: '" + url->shown() +
                    "' is no place for collectd, whose plugin amqp1 speaks neither TLS nor a login "
                    "that could protect more than this machine",
                "write amqp://, a loopback address and an address, as " + std::string(kUrl));
        intake_ = {url->host, url->port, url->path};
    }

    void read_types(SettingsReader& read, Diagnostics& problems) {
        std::istringstream files(read.text("types-db", kTypes));
        for (std::filesystem::path file; files >> file;) {
            std::error_code error;
            if (!read.has("types-db") && !std::filesystem::exists(file, error)) continue;
            Diagnostics found = types_.read(file);
            problems.insert(problems.end(), found.begin(), found.end());
        }
    }

    void take(const std::string& body) {
        const auto lists = body.starts_with("PUTVAL ") ? read_command(body, types_) : read_json(body);
        if (!lists) return refuse(lists.error());
        for (const ValueList& list : *lists)
            if (auto sent = context_->send(event_of(list)); !sent) refuse(sent.error());
    }

    void refuse(const Diagnostic& why) {
        ++refused_;
        if (const auto more = lines_.admit(context_->clock().steady()))
            context_->log_warning("refused what collectd sent, " + std::to_string(refused_) +
                                  " refusals so far: " + one_line(to_string(why), 1000) + *more);
    }

    ModuleContext* context_ = nullptr;
    Intake intake_;
    TypesDb types_;
    std::uint64_t refused_ = 0;
    LineLimit lines_{10, std::chrono::seconds(10)};
};

}  // namespace

}  // namespace clacks::collectd

CLACKS_MODULE(clacks::collectd::CollectDModule)
