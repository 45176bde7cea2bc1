#include <algorithm>
#include <optional>
#include <thread>

#include "common/base/text.hpp"
#include "common/base/url.hpp"
#include "common/cli/command.hpp"
#include "common/cli/output.hpp"
#include "common/cli/service.hpp"
#include "common/cli/terminal.hpp"
#include "common/cli/time_text.hpp"
#include "common/cli/top_view.hpp"

namespace clacks::cli {

namespace {

constexpr std::chrono::milliseconds kPatience{5000};  // for the agent, while keys wait

struct Options {
    double interval = 2;
    bool once = false;

    std::chrono::milliseconds pause() const {
        return std::chrono::milliseconds(static_cast<std::int64_t>(interval * 1000));
    }
};

class Watched {
  public:
    explicit Watched(const Common& common) : proxy_(common.url, options(common)), url_(shown(common.url)) {}

    Result<Look, rpc::Error> look() {
        auto statistics = proxy_.try_call("getStatistics", nlohmann::json::array());
        if (!statistics) return std::move(statistics).error();
        auto subscriptions = proxy_.try_call("getSubscriptions", nlohmann::json::array());
        if (!subscriptions) return std::move(subscriptions).error();
        return Look{system_clock().steady(), std::move(*statistics), std::move(*subscriptions)};
    }
    std::string title() const { return "clacks top: " + url_ + ", " + time_text(system_clock().wall()); }

  private:
    static ServiceOptions options(const Common& common) {
        ServiceOptions options = service_options(common);
        options.timeout = kPatience;
        return options;
    }
    static std::string shown(const std::string& text) {
        const auto url = parse_url(text);
        return url ? url->shown() : "";
    }

    AMQPServiceProxy proxy_;
    const std::string url_;
};

int once(const Common& common, const Options& options) {
    Watched watched(common);
    const auto before = watched.look();
    if (!before) return failed(before.error());
    std::this_thread::sleep_for(options.pause());
    const auto now = watched.look();
    if (!now) return failed(now.error());
    const auto rates = with_rates(*before, *now);
    print(common.json ? json_text(rates, false) + "\n" : top_screen(rates, watched.title(), {}));
    return kSuccess;
}

// An agent that has gone is waited for, once it was there.
int watch(const Common& common, const Options& options) {
    std::optional<rpc::Error> never_there;
    {
        Terminal terminal;
        Watched watched(common);
        std::optional<Look> before, now;
        std::string title;
        for (auto wake = Terminal::Wake::time; wake != Terminal::Wake::quit;
             wake = terminal.wait(options.pause())) {
            if (wake == Terminal::Wake::time) {
                auto look = watched.look();
                if (!look && !now) {
                    never_there = look.error();
                    break;
                }
                title = watched.title() + (look ? "" : ": " + one_line(look.error().message, 200));
                if (look) before = std::exchange(now, std::move(*look));
            }
            const auto rates = with_rates(before ? *before : *now, *now);
            if (!terminal.draw(top_screen(rates, title, terminal.size()))) break;
        }
    }
    return never_there ? failed(*never_there) : kSuccess;
}

}  // namespace

void add_top(Commands& commands) {
    auto options = std::make_shared<Options>();
    auto* command = commands.add(&commands.app, "top", "Watch events, subscriptions and publishers");
    command->add_option("-i,--interval", options->interval, "Seconds between two looks (default: 2)")
        ->type_name("SECONDS")
        ->check(CLI::Range(0.1, 3600.0));
    command->add_flag("--once", options->once, "Look twice, write once, and end");
    commands.run(command, [options](const Common& common) {
        return options->once || common.json || !on_terminal() ? once(common, *options)
                                                              : watch(common, *options);
    });
    command->footer(
        "On a terminal one screen is renewed until q is pressed; what does not fit is left out, the busiest\n"
        "come first. Without one, or with --json, it is as with --once: rates are those of one interval.");
}

}  // namespace clacks::cli
