// What every command of `clacks` has: its options, its body, its exit status.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

namespace clacks::cli {

enum Exit : int { kSuccess = 0, kFailed = 1, kUsage = 2 };

// Options that stand before or behind any command.
struct Common {
    std::string url;  // --url, CLACKS_URL or the quickstart's
    std::string ca;
    std::string certificate, private_key;
    bool json = false;
    bool quiet = false;
};

// A mistake in the arguments that only a command's body can see.
struct UsageError {
    std::string message;
};

// May throw UsageError.
using Body = std::function<int(const Common&)>;

// A command's words that are no options, in order. A body captures it by value.
class Words {
  public:
    enum Count { one, any, at_least_one };
    Words(CLI::App* command, const std::string& name, const std::string& help, Count count);
    std::vector<std::string> read() const { return option_->results(); }

  private:
    CLI::Option* option_;
};

// CLI11 takes a word like "[1,2]" apart, and loses track of what stands behind "--". Words go through
// hidden_lists() before it sees them; it gives them back as they were, once restore_lists() was called for
// the app with all its commands.
std::vector<std::string> hidden_lists(int argc, const char* const* argv);
void restore_lists(CLI::App& app);

class Commands {
  public:
    explicit Commands(CLI::App& app);

    // A subcommand with the common options.
    CLI::App* add(CLI::App* parent, const std::string& name, const std::string& description);
    // What it does, once the arguments are read.
    void run(CLI::App* command, Body body);

    CLI::App& app;
    Common common;
    Body chosen;
    std::string chosen_name;  // as "filter check"

  private:
    void add_common(CLI::App* command);
};

// One file each.
void add_send(Commands& commands);
void add_listen(Commands& commands);
void add_call(Commands& commands);
void add_methods(Commands& commands);
void add_events(Commands& commands);
void add_generate(Commands& commands, CLI::App* events);  // below `events`
void add_nodes(Commands& commands);
void add_subscriptions(Commands& commands);
void add_top(Commands& commands);
void add_filter(Commands& commands);
void add_xquery(Commands& commands);
void add_acl(Commands& commands);
void add_user(Commands& commands);

}  // namespace clacks::cli
