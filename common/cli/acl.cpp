#include <filesystem>

#include "common/acl/access.hpp"
#include "common/base/text.hpp"
#include "common/cli/command.hpp"
#include "common/cli/output.hpp"
#include "common/config/settings.hpp"

namespace clacks::cli {

namespace {

struct Options {
    std::string user, topic;
    std::string right = "x";
    std::string file;
    std::string config = config::kDefaultFile;
};

struct Question {
    std::string user, topic;
    acl::Right right;
};

int refused(const Diagnostics& problems) {
    for (const Diagnostic& problem : problems) say(to_string(problem));
    return kFailed;
}

// What the configuration says of the domain and the ACL's file. A --file needs no configuration.
Result<config::Settings, Diagnostics> settings_of(const Options& options) {
    std::error_code error;
    if (!options.file.empty() && options.config == config::kDefaultFile &&
        !std::filesystem::exists(options.config, error)) {
        config::Settings settings;
        settings.core.domain = config::kDefaultDomain;
        return settings;
    }
    return config::load(options.config);
}

std::string topic_of(const std::string& topic, const std::string& domain) {
    return topic.starts_with("{d}") ? domain + topic.substr(3) : topic;
}

bool is_topic(const std::string& topic, const std::string& domain) {
    for (const char* kind : {".event.", ".command.", ".client."}) {
        const std::string begin = domain + kind;
        if (topic.starts_with(begin) && topic.size() > begin.size()) return true;
    }
    return false;
}

// "" or what is to be said of the Id that the event has.
std::string about_id(const acl::Acl& acl, const Question& question) {
    const std::string events = acl.event_topic("");
    if (question.right != acl::Right::send || !question.topic.starts_with(events) ||
        !acl::Access::tells_of_somebody(question.topic.substr(events.size())))
        return "";
    return acl.rights_of(question.user)->agent()
               ? "with any Id, as a member of the group 'agents'"
               : "with an Id of its own only, which is '" + one_line(question.user, 80) +
                     "' or one that a line 'identity' gives it";
}

void show(const Common& common, const acl::Acl& acl, const Question& question,
          const acl::Decision& decision) {
    const std::string id = decision.allowed ? about_id(acl, question) : "";
    if (common.json) {
        const nlohmann::json answer = {{"user", question.user},
                                       {"topic", question.topic},
                                       {"allowed", decision.allowed},
                                       {"file", acl.file()},
                                       {"line", decision.line()},
                                       {"text", decision.text()},
                                       {"right", question.right == acl::Right::send ? "x" : "r"},
                                       {"id", id}};
        print(json_text(answer, false) + "\n");
        return;
    }
    const std::string right = question.right == acl::Right::send ? "send or call" : "receive";
    std::string text = "'" + one_line(question.user, 80) + "' may " + (decision.allowed ? "" : "not ") +
                       right + " " + one_line(question.topic, 200) + (id.empty() ? "" : ", " + id) + "\n";
    if (!common.quiet)
        text += decision.rule ? acl.file() + ":" + std::to_string(decision.line()) + ": " +
                                    std::string(decision.text()) + "\n"
                              : "no line of " + acl.file() + " fits, so it is denied\n";
    print(text);
}

int check(const Common& common, const Options& options) {
    if (options.right != "x" && options.right != "r")
        throw UsageError{"the right is x (send or call) or r (receive)"};
    const auto settings = settings_of(options);
    if (!settings) return refused(settings.error());
    const std::string& domain = settings->core.domain;
    const Question question{options.user, topic_of(options.topic, domain),
                            options.right == "x" ? acl::Right::send : acl::Right::receive};
    if (!is_topic(question.topic, domain))
        throw UsageError{"'" + one_line(options.topic, 80) + "' is no topic; topics are " + domain +
                         ".event.NAME, " + domain + ".command.QUEUE.METHOD and " + domain + ".client.ID"};
    const std::filesystem::path file =
        options.file.empty() ? settings->acl.file : std::filesystem::path(options.file);
    if (file.empty()) {
        say(options.config + " names no ACL, so nobody may do anything; set [acl] file, or give --file");
        return kFailed;
    }
    const auto acl = acl::Acl::read(file, domain);
    if (!acl) return refused(acl.error());
    const acl::Decision decision = (*acl)->rights_of(question.user)->decide(question.topic, question.right);
    show(common, **acl, question, decision);
    return decision.allowed ? kSuccess : kFailed;
}

}  // namespace

void add_acl(Commands& commands) {
    auto* group = commands.app.add_subcommand("acl", "Work on access control lists");
    group->require_subcommand(1);
    auto options = std::make_shared<Options>();
    auto* command =
        commands.add(group, "check", "Tell whether a user may do something, and which line says so");
    commands.run(command, [options](const Common& common) { return check(common, *options); });
    command->add_option("USER", options->user, "Who asks")->type_name("")->required();
    command
        ->add_option("TOPIC", options->topic,
                     "What for, as {d}.event.PhoneStatus or {d}.command.core.sendEvent")
        ->type_name("")
        ->required();
    command->add_option("RIGHT", options->right, "x (send or call) or r (receive)")
        ->type_name("")
        ->capture_default_str();
    command->add_option("-f,--file", options->file, "The ACL (default: what the agent's configuration names)")
        ->type_name("FILE");
    command->add_option("--config", options->config, "The agent's configuration")
        ->type_name("FILE")
        ->capture_default_str();
    command->footer(
        "Needs no agent: it reads the files as the agent does. Exit status 0: allowed, 1: denied, or a file "
        "with "
        "errors.");
}

}  // namespace clacks::cli
