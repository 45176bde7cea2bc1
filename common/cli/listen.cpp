#include <atomic>
#include <nlohmann/json.hpp>
#include <optional>

#include "common/base/text.hpp"
#include "common/base/url.hpp"
#include "common/cli/command.hpp"
#include "common/cli/document.hpp"
#include "common/cli/filter_text.hpp"
#include "common/cli/input.hpp"
#include "common/cli/output.hpp"
#include "common/cli/signals.hpp"
#include "common/cli/time_text.hpp"
#include "common/client/amqp_event_consumer.hpp"

namespace clacks::cli {

namespace {

struct Options {
    std::string xquery;
    std::string filter_file;
    std::uint64_t count = 0;  // 0 for no end
    bool lenient = false;
};

nlohmann::ordered_json property_json(const ReceivedEvent::Property& property) {
    return std::visit(
        [](const auto& value) -> nlohmann::ordered_json {
            if constexpr (std::is_same_v<std::decay_t<decltype(value)>, WallTime>)
                return time_text(value);
            else
                return value;
        },
        property);
}

std::string event_json(const ReceivedEvent& event) {
    nlohmann::ordered_json json{
        {"event", event.name}, {"id", event.id}, {"sender", event.sender}, {"node", event.node}};
    if (event.time) json["time"] = time_text(*event.time);
    if (event.dropped > 0) json["dropped"] = event.dropped;
    json["document"] = event.document;
    auto& properties = json["properties"] = nlohmann::ordered_json::object();
    for (const auto& [name, value] : event.properties) properties[name] = property_json(value);
    return json.dump(-1, ' ', on_terminal(), nlohmann::ordered_json::error_handler_t::replace);
}

std::string shown(const ReceivedEvent& event, const Common& common) {
    if (common.json) return event_json(event) + "\n";
    if (on_terminal()) return document_pretty(event.document, colours()) + "\n";
    return document_line(event.document) + "\n";
}

class Listening {
  public:
    Listening(const Common& common, const Options& options, std::string filter)
        : common_(common), options_(options), filter_(std::move(filter)) {}

    int run() {
        // The signals' thread ends before the consumer does, and is there before the consumer's threads.
        std::optional<AMQPEventConsumer> consumer;
        EndOnSignal signals([this] { close(); });
        ConsumerOptions options;
        options.ca = common_.ca;
        options.certificate = common_.certificate;
        options.private_key = common_.private_key;
        options.must_connect_first = true;
        options.lenient = options_.lenient;
        options.log = [this](std::string_view line) { log(line); };
        consumer.emplace(
            common_.url, filter_, [this](const ReceivedEvent& event) { take(event); }, options);
        consumer_ = &*consumer;
        if (closing_) consumer->close();
        const auto ended = consumer->join();
        return ended ? kSuccess : refused(ended.error());
    }

  private:
    // An agent that refuses the filter says where; the lines below are for a person.
    int refused(const Diagnostic& why) const {
        const int status = failed(why);
        const auto query = compile_filter(filter_);
        if (query) return status;
        for (const Diagnostic& problem : query.error()) {
            const Diagnostic place{problem.code, "", "", problem.source, problem.line, problem.column};
            if (why.message.find(to_string(place)) != std::string::npos) point_out(problem, filter_);
        }
        return status;
    }

    // From any thread, also before the consumer is there.
    void close() {
        closing_ = true;
        if (auto* consumer = consumer_.load()) consumer->close();
    }

    // The first line is that the subscription is in force: until then a failure ends the command.
    void log(std::string_view line) {
        if (common_.quiet) return;
        if (std::exchange(listening_, true)) return say(line);
        const auto url = parse_url(common_.url);
        const std::string what =
            filter_.empty() ? "all events" : "events that match " + one_line(collapsed(filter_), 300);
        say("listening for " + what + " at " + (url ? url->shown() : ""));
    }

    void take(const ReceivedEvent& event) {
        if (options_.count > 0 && taken_ == options_.count) return;
        if (event.dropped > 0 && !common_.quiet)
            say(std::to_string(event.dropped) + " events were lost here, as this listener was too slow");
        const bool written = print(shown(event, common_));
        ++taken_;
        if (!written || taken_ == options_.count) close();
    }

    const Common& common_;
    const Options& options_;
    const std::string filter_;
    std::atomic<AMQPEventConsumer*> consumer_ = nullptr;
    std::atomic<bool> closing_ = false;
    bool listening_ = false;   // the connecting thread's
    std::uint64_t taken_ = 0;  // the calling thread's
};

std::string at_least_one(const std::string& text) {
    const bool digits = text.find_first_not_of("0123456789") == std::string::npos;
    return digits && text.find_first_not_of('0') != std::string::npos
               ? ""
               : "takes a number from 1 on, not '" + text + "'";
}

int listen(const Common& common, const Options& options) {
    if (!options.xquery.empty() && !options.filter_file.empty())
        throw UsageError{"give either --xquery or --filter-file"};
    std::string filter = options.xquery;
    if (!options.filter_file.empty()) {
        auto text = read_input(options.filter_file);
        if (!text) return failed(text.error());
        filter = std::move(text).value();
    }
    return Listening(common, options, std::move(filter)).run();
}

}  // namespace

void add_listen(Commands& commands) {
    auto options = std::make_shared<Options>();
    auto* command = commands.add(&commands.app, "listen", "Show events as they come");
    command->add_option("-x,--xquery", options->xquery, "Only events for which this XQuery is true")
        ->type_name("QUERY");
    command
        ->add_option("-f,--filter-file", options->filter_file,
                     "The same, with the XQuery from a file, - for standard input")
        ->type_name("FILE");
    command->add_flag("--lenient", options->lenient,
                      "Also where no event can match yet, as its definition is still to be installed");
    command->add_option("-n,--count", options->count, "End after so many events")
        ->type_name("N")
        ->check(at_least_one);
    commands.run(command, [options](const Common& common) { return listen(common, *options); });
    command->footer(
        "On a terminal events are indented and coloured; otherwise each is one line. With --json each is an\n"
        "object on one line. SIGINT and SIGTERM end it with status 0.\n\n"
        "Example:\n  clacks listen --xquery './e:Event/e:PhoneStatus[e:Status = \"busy\"]'");
}

}  // namespace clacks::cli
