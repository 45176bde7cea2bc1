// `clacks user`: the user database of an agent on this machine, without the agent.
#include <algorithm>
#include <filesystem>

#include "common/amqp/sasldb.hpp"
#include "common/base/text.hpp"
#include "common/cli/command.hpp"
#include "common/cli/output.hpp"
#include "common/cli/password.hpp"
#include "common/config/settings.hpp"

namespace clacks::cli {

namespace {

constexpr std::size_t kLongestName = 255;

struct Options {
    std::string config = config::kDefaultFile;
    std::string sasldb, realm;
    bool piped = false;
};

struct Database {
    std::string file, realm;
};

// Named by both options, else the rest by the agent's configuration.
Result<Database> database(const Options& options) {
    if (!options.sasldb.empty() && !options.realm.empty())
        return Database{std::filesystem::absolute(options.sasldb).string(), options.realm};
    auto settings = config::load(options.config);
    if (!settings) {
        Diagnostic first = settings.error().front();
        first.hint += std::string(first.hint.empty() ? "" : "; ") + "or name both --sasldb and --realm";
        return first;
    }
    const std::filesystem::path file =
        options.sasldb.empty() ? settings->amqp.user_database : std::filesystem::path(options.sasldb);
    return Database{std::filesystem::absolute(file).string(),
                    options.realm.empty() ? settings->amqp.realm : options.realm};
}

// What libsasl2 and the agent would take apart, or a log could not show.
void check_name(const std::string& name) {
    const bool plain = std::none_of(name.begin(), name.end(), [](unsigned char c) {
        return c <= ' ' || c == 0x7f || c == '@' || c == ':' || c == '/';
    });
    if (name.empty() || name.size() > kLongestName || !plain)
        throw UsageError{"a user's name has no blanks, no @, : or /, and at most 255 bytes"};
}

int done(const Common& common, const std::string& user, const std::string& what) {
    if (common.json)
        print(json_text({{"user", user}, {"done", what}}, false) + "\n");
    else if (!common.quiet)
        print("the user '" + one_line(user, kLongestName) + "' is " + what + "\n");
    return kSuccess;
}

enum class Wanted { added, changed };

int set(const Common& common, const Options& options, const std::string& user, Wanted wanted) {
    check_name(user);
    const auto where = database(options);
    if (!where) return failed(where.error());
    const auto users = amqp::list_users(where->file, where->realm);
    if (!users) return failed(users.error());
    const bool there = std::binary_search(users->begin(), users->end(), user);
    if (there != (wanted == Wanted::changed)) {
        say("the user '" + user + "' is " +
            (there ? "there already; to change the password" : "not there; to add") +
            (there ? ", use" : " it, use") + " clacks user " + (there ? "passwd" : "add"));
        return kFailed;
    }
    const auto password = options.piped ? piped_password() : typed_password(user);
    if (!password) return failed(password.error());
    const auto stored = amqp::set_password(where->file, where->realm, user, *password);
    if (!stored) return failed(stored.error());
    return done(common, user, wanted == Wanted::added ? "added" : "changed");
}

int remove(const Common& common, const Options& options, const std::string& user) {
    check_name(user);
    const auto where = database(options);
    if (!where) return failed(where.error());
    const auto removed = amqp::remove_user(where->file, where->realm, user);
    if (!removed) return failed(removed.error());
    return done(common, user, "removed");
}

int list(const Common& common, const Options& options) {
    const auto where = database(options);
    if (!where) return failed(where.error());
    const auto users = amqp::list_users(where->file, where->realm);
    if (!users) return failed(users.error());
    if (common.json) {
        print(json_text(*users, false) + "\n");
        return kSuccess;
    }
    for (const auto& user : *users)
        if (!print(one_line(user, 10000) + "\n")) break;
    return kSuccess;
}

CLI::App* command(Commands& commands, CLI::App* group, const std::string& name, const std::string& help,
                  const std::shared_ptr<Options>& options) {
    auto* made = commands.add(group, name, help);
    made->add_option(
            "--config", options->config,
            "The agent's configuration, which names file and realm\n(default: /etc/clacks/agent.conf)")
        ->type_name("FILE");
    made->add_option("--sasldb", options->sasldb, "The user database, in place of the configuration's")
        ->type_name("FILE");
    made->add_option("--realm", options->realm, "The realm, in place of the configuration's")
        ->type_name("NAME");
    return made;
}

}  // namespace

void add_user(Commands& commands) {
    auto* group = commands.app.add_subcommand("user", "Manage the users of an agent on this machine");
    group->require_subcommand(1);
    auto options = std::make_shared<Options>();
    const auto with_password = [&](const std::string& name, const std::string& help, Wanted wanted) {
        auto* made = command(commands, group, name, help, options);
        const Words user(made, "NAME", "The user", Words::one);
        made->add_flag("--password-stdin", options->piped,
                       "Read the password from standard input, its first line");
        made->footer(
            "The password is asked for at the terminal. It is never an argument, which others could see.");
        commands.run(made, [options, user, wanted](const Common& common) {
            return set(common, *options, user.read().front(), wanted);
        });
    };
    with_password("add", "Add a user", Wanted::added);
    with_password("passwd", "Change a user's password", Wanted::changed);
    auto* removing = command(commands, group, "remove", "Remove a user", options);
    const Words user(removing, "NAME", "The user", Words::one);
    removing->footer("Connections that the user has stay until they end.");
    commands.run(removing, [options, user](const Common& common) {
        return remove(common, *options, user.read().front());
    });
    commands.run(command(commands, group, "list", "List the users", options),
                 [options](const Common& common) { return list(common, *options); });
}

}  // namespace clacks::cli
