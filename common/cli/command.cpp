#include "common/cli/command.hpp"

#include <algorithm>
#include <cstdlib>

namespace clacks::cli {

namespace {

constexpr char kHidden = '\x1f';
constexpr const char* kDefaultUrl = "amqp://admin:secret@localhost/org.clacks";

}  // namespace

Words::Words(CLI::App* command, const std::string& name, const std::string& help, Count count) {
    const int least = count == any ? 0 : 1;
    const int most = count == one ? 1 : CLI::detail::expected_max_vector_size;
    option_ = command->add_option(name, help)->type_name("")->expected(least, most);
    option_->allow_extra_args(count != one)->required(least > 0);
}

std::vector<std::string> hidden_lists(int argc, const char* const* argv) {
    std::vector<std::string> words;
    bool plain = false;
    for (int i = 1; i < argc; ++i) {
        std::string word = argv[i];
        if (!plain && word == "--") {
            plain = true;
            continue;
        }
        const bool list = word.starts_with('[') && word.ends_with(']');
        if (list || (plain && word.starts_with('-'))) word.insert(word.begin(), kHidden);
        words.push_back(std::move(word));
    }
    std::reverse(words.begin(), words.end());  // the order that CLI11 takes
    return words;
}

void restore_lists(CLI::App& app) {
    for (auto* option :
         app.get_options([](const CLI::Option* one) { return one->get_items_expected_max() > 0; }))
        option->transform([](std::string word) {
            if (word.starts_with(kHidden)) word.erase(0, 1);
            return word;
        });
    for (auto* command : app.get_subcommands(nullptr)) restore_lists(*command);
}

Commands::Commands(CLI::App& its_app) : app(its_app) {
    common.url = kDefaultUrl;
    if (const char* url = std::getenv("CLACKS_URL"); url && *url) common.url = url;
    add_common(&app);
}

CLI::App* Commands::add(CLI::App* parent, const std::string& name, const std::string& description) {
    auto* command = parent->add_subcommand(name, description);
    add_common(command);
    return command;
}

void Commands::run(CLI::App* command, Body body) {
    const auto* parent = command->get_parent();
    const std::string name = (parent == &app ? "" : parent->get_name() + " ") + command->get_name();
    command->callback([this, command, name, body = std::move(body)] {
        if (!command->get_subcommands().empty()) return;  // that one is meant, and was called before
        chosen = body;
        chosen_name = name;
    });
}

void Commands::add_common(CLI::App* command) {
    const std::string group = "Common options";
    command
        ->add_option("--url", common.url,
                     "The agent, amqp[s]://user:password@host[:port]/domain\n(default: $CLACKS_URL, else the "
                     "quickstart's)")
        ->type_name("URL")
        ->group(group);
    command
        ->add_option("--ca", common.ca, "PEM file of certificates to trust for amqps (default: $CLACKS_CA)")
        ->type_name("FILE")
        ->group(group);
    command
        ->add_option("--certificate", common.certificate,
                     "PEM file of a certificate to log in by, with an amqps URL without user\n(default: "
                     "$CLACKS_CERTIFICATE)")
        ->type_name("FILE")
        ->group(group);
    command
        ->add_option(
            "--private-key", common.private_key,
            "PEM file of its private key (default: $CLACKS_PRIVATE_KEY, else the certificate's file)")
        ->type_name("FILE")
        ->group(group);
    command->add_flag("--json", common.json, "Write JSON, for programs")->group(group);
    command->add_flag("-q,--quiet", common.quiet, "Write results and errors only")->group(group);
    command->set_help_flag("-h,--help", "Show this help and exit")->group(group);
}

}  // namespace clacks::cli
