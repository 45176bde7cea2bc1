#include <filesystem>

#include "common/base/text.hpp"
#include "common/cli/build_event.hpp"
#include "common/cli/command.hpp"
#include "common/cli/input.hpp"
#include "common/cli/output.hpp"
#include "common/cli/service.hpp"

namespace clacks::cli {

namespace {

using List = std::vector<std::string>;

bool is_file(const List& words) {
    if (words.size() != 1) return false;
    std::error_code error;
    const std::string& word = words.front();
    return word == "-" || word.find_first_of("/.") != std::string::npos ||
           std::filesystem::exists(word, error);
}

// The order of elements matters only among several. Where the model cannot be had, the event is sent as
// it is: the agent tells what is wrong with it, or with the connection.
std::string built(AMQPServiceProxy& proxy, const List& words) {
    const List content(words.begin() + 1, words.end());
    std::string document = build_event(words.front(), content, nullptr);
    if (content.size() < 2) return document;
    const auto events = proxy.try_call("getEvents", nlohmann::json::array());
    if (!events) return document;
    const Field model = event_model(*events, words.front());
    return build_event(words.front(), content, &model);
}

std::string receipt(const nlohmann::json& result) {
    const auto text = [&](const char* key) {
        return result.is_object() && result.contains(key) ? cell(result[key]) : "";
    };
    const std::string matched = text("matched");
    return "sent " + text("id") + ", matched by " + matched +
           (matched == "1" ? " subscription\n" : " subscriptions\n");
}

Diagnostic not_utf8(const std::string& file, const std::string& document) {
    const auto place = position_of(document, invalid_utf8(document));
    Diagnostic error;
    error.source = file == "-" ? "standard input" : file;
    error.line = static_cast<std::uint32_t>(place.line);
    error.column = static_cast<std::uint32_t>(place.column);
    error.message = "the document is not UTF-8";
    error.hint = "convert it, for example with iconv -t UTF-8";
    return error;
}

int send(const Common& common, const List& words) {
    AMQPServiceProxy proxy(common.url, service_options(common));
    std::string document;
    if (is_file(words)) {
        auto text = read_input(words.front());
        if (!text) return failed(text.error());
        if (!is_utf8(*text)) return failed(not_utf8(words.front(), *text));
        document = std::move(text).value();
    } else {
        document = built(proxy, words);
    }
    const auto result = proxy.try_call("sendEvent", nlohmann::json::array({document}));
    if (!result) return failed(result.error());
    if (common.json)
        print(json_text(*result, false) + "\n");
    else if (!common.quiet)
        print(receipt(*result));
    return kSuccess;
}

}  // namespace

void add_send(Commands& commands) {
    auto* command = commands.add(&commands.app, "send", "Send an event");
    const Words words(command, "EVENT", "FILE, - for standard input; or an event's name, then KEY=VALUE…",
                      Words::at_least_one);
    commands.run(command, [words](const Common& common) { return send(common, words.read()); });
    command->footer(
        "A single word that has a '/' or a '.', or names a file that is there, is a FILE.\n"
        "KEY is an element of the event, or a path: User/Name=alice User/Name=bob are two names of one user\n"
        "element; User+/Name=bob begins a new one. Elements are put into the order of the event's schema.\n\n"
        "Examples:\n  clacks send PhoneStatus CallerId=012345 ReceiverId=12343424 Status=busy\n"
        "  clacks send event.xml");
}

}  // namespace clacks::cli
