#include "common/config/settings.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <system_error>

#include "common/base/text.hpp"
#include "common/config/ini.hpp"
#include "common/config/rows.hpp"

namespace clacks::config {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kModulePrefix = "module ";

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value ? value : "";
}

std::string host_name() {
    char name[256] = {};
    if (gethostname(name, sizeof name - 1) != 0 || name[0] == '\0') return "localhost";
    return name;
}

// An address is made of words with dots between, so a name within it is kept plain.
bool plain_name(std::string_view text, std::string_view extra) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [&](unsigned char c) {
        return std::isalnum(c) || c == '-' || c == '_' ||
               extra.find(static_cast<char>(c)) != std::string_view::npos;
    });
}

class Loader {
  public:
    Loaded load(const fs::path& file) {
        defaults();
        const fs::path absolute = fs::absolute(file).lexically_normal();
        read_file(absolute);
        for (const fs::path& drop_in : drop_ins(absolute, problems_)) read_file(drop_in);
        derive();
        if (problems_.empty()) check();
        return {std::move(settings_), std::move(problems_)};
    }

  private:
    static ValueText value_text(const Row& row, std::string_view text, const fs::path& folder) {
        return {text, folder, row.minimum, row.maximum, row.bytes()};
    }

    // A default that its own reader refuses is a mistake in the table; it is reported like any other.
    void defaults() {
        for (const Row& row : rows()) {
            if (row.derived) continue;
            auto done = row.member.set(settings_, value_text(row, row.fallback, "/"));
            if (!done) problems_.push_back(std::move(done).error());
        }
    }

    void read_file(const fs::path& file) {
        settings_.files.push_back(file);
        IniFile ini = read_ini(file);
        std::move(ini.problems.begin(), ini.problems.end(), std::back_inserter(problems_));
        for (const IniValue& heading : ini.sections) check_section(heading);
        for (const IniValue& value : ini.values) apply(value);
    }

    void problem(const IniValue& at, std::uint32_t column, std::string code, std::string message,
                 std::string hint) {
        problems_.push_back(problem_at(at, column, std::move(code), std::move(message), std::move(hint)));
    }

    void check_section(const IniValue& heading) {
        if (heading.section.starts_with(kModulePrefix)) return check_module_section(heading);
        std::vector<std::string> names;
        for (const Section& section : sections()) names.emplace_back(section.name);
        if (std::find(names.begin(), names.end(), heading.section) != names.end()) return;
        const std::string near = nearest(heading.section, names);
        problem(heading, heading.key_column, "config-section",
                "there is no section [" + one_line(heading.section, 60) + "]",
                near.empty() ? "see clacks-agent --help for all sections" : "did you mean [" + near + "]?");
    }

    // [module NAME] or [module NAME INSTANCE]. The heading alone is enough to have the module.
    void check_module_section(const IniValue& heading) {
        const std::string section = heading.section.substr(kModulePrefix.size());
        settings_.module_places[{section, ""}] = {heading.file, heading.line, heading.key_column};
        settings_.modules[section];
        const std::size_t space = section.find(' ');
        if (!plain_name(section.substr(0, space), "") ||
            (space != std::string::npos && !plain_name(section.substr(space + 1), "")))
            problem(heading, heading.key_column, "config-section",
                    "names of modules and their instances have letters, digits, - and _",
                    "write [module NAME] or [module NAME INSTANCE]");
    }

    void apply(const IniValue& value) {
        if (value.section.starts_with(kModulePrefix)) {
            const std::string module = value.section.substr(kModulePrefix.size());
            settings_.modules[module][value.key] = value.value;
            settings_.module_places[{module, value.key}] = {value.file, value.line, value.key_column};
            return;
        }
        std::vector<std::string> names;
        for (const Row& row : rows()) {
            if (row.section != value.section) continue;
            if (row.key == value.key) return set(row, value);
            names.emplace_back(row.key);
        }
        if (names.empty()) return;  // reported with its section
        const std::string near = nearest(value.key, names);
        problem(value, value.key_column, "config-key",
                "there is no setting '" + one_line(value.key, 60) + "' in [" + value.section + "]",
                near.empty() ? "see clacks-agent --help for all settings" : "did you mean '" + near + "'?");
    }

    void set(const Row& row, const IniValue& value) {
        origins_[std::string(row.section) + "." + std::string(row.key)] = value;
        auto done = row.member.set(settings_, value_text(row, value.value, value.file.parent_path()));
        if (done) return;
        const std::uint32_t within = std::max<std::uint32_t>(done.error().column, 1) - 1;
        problem(value, value.value_column + within, "config-value",
                std::string(row.key) + ": " + done.error().message, done.error().hint);
    }

    void derive() {
        settings_.agent.events_configured = origins_.contains("agent.events");
        if (settings_.core.id.empty()) settings_.core.id = host_name();
        if (settings_.amqp.realm.empty()) settings_.amqp.realm = settings_.core.domain;
        if (settings_.agent.state_directory.empty())
            settings_.agent.state_directory = default_state_directory();
        if (settings_.amqp.user_database.empty())
            settings_.amqp.user_database = settings_.agent.state_directory / "users.sasldb";
    }

    // What concerns several settings, reported where `key` was set, else for the main file.
    void require(bool good, const std::string& key, std::string message, std::string hint) {
        if (good) return;
        IniValue at;
        at.file = settings_.files.front();
        if (const auto found = origins_.find(key); found != origins_.end()) at = found->second;
        problem(at, at.value_column, "config-value", std::move(message), std::move(hint));
    }

    void check() {
        require(plain_name(settings_.core.id, "."), "core.id",
                "id: '" + one_line(settings_.core.id, 60) + "' is no name for a node",
                "use letters, digits, - _ and .");
        require(plain_name(settings_.core.domain, "."), "core.domain",
                "domain: '" + one_line(settings_.core.domain, 60) + "' is no domain",
                "use letters, digits, - _ and .");
        require(settings_.events.max_bytes <= settings_.amqp.max_message_size, "events.max-bytes",
                "an event may not be longer than [amqp] max-message-size", "raise max-message-size as well");
        require(settings_.agent.node_timeout > settings_.agent.status_interval, "agent.node-timeout",
                "node-timeout must be longer than status-interval",
                "three times status-interval is a good start");
        check_quickstart();
        check_listeners();
    }

    void check_quickstart() {
        const bool user = !settings_.quickstart.user.empty();
        const bool password = !settings_.quickstart.password.empty();
        require(user == password, user ? "quickstart.user" : "quickstart.password",
                "[quickstart] needs both user and password", "set both or neither");
    }

    void check_listeners() {
        const AmqpSettings& amqp = settings_.amqp;
        bool tls = false;
        for (const Url& listener : amqp.listeners) {
            tls = tls || listener.tls();
            require(listener.loopback() || listener.tls(), "amqp.url",
                    "url: " + listener.shown() + " would listen beyond this machine without TLS",
                    "write amqps:// with certificate and private-key, or listen on 127.0.0.1");
            require(listener.loopback() || !settings_.quickstart.enabled(), "amqp.url",
                    "url: " + listener.shown() + " would open a known password to other machines",
                    "remove [quickstart], or listen on 127.0.0.1");
        }
        for (const Url& listener : amqp.certificate_listeners)
            require(listener.tls(), "amqp.certificate-url",
                    "certificate-url: " + listener.shown() + " cannot ask for certificates without TLS",
                    "write amqps://");
        tls = tls || !amqp.certificate_listeners.empty();
        require(amqp.certificate_listeners.empty() || !amqp.client_ca.empty(), "amqp.certificate-url",
                "certificate-url: whose certificates let clients in is not said", "set [amqp] client-ca");
        require(amqp.client_crl.empty() || !amqp.client_ca.empty(), "amqp.client-crl",
                "client-crl: there is no client-ca whose certificates it could revoke",
                "set [amqp] client-ca");
        require(amqp.certificate.empty() == amqp.private_key.empty(),
                amqp.certificate.empty() ? "amqp.private-key" : "amqp.certificate",
                "certificate and private-key belong together", "set both or neither");
        require(!tls || !amqp.certificate.empty() || settings_.quickstart.enabled(), "amqp.url",
                "url: an amqps listener needs a certificate", "set [amqp] certificate and private-key");
    }

    Settings settings_;
    Diagnostics problems_;
    std::map<std::string, IniValue> origins_;
};

}  // namespace

Loaded load_all(const fs::path& file) {
    return Loader().load(file);
}

Result<Settings, Diagnostics> load(const fs::path& file) {
    Loaded loaded = load_all(file);
    if (!loaded.problems.empty()) return std::move(loaded.problems);
    return std::move(loaded.settings);
}

fs::path default_state_directory() {
    // systemd gives several folders with colons between; the first is ours.
    const std::string given = environment("STATE_DIRECTORY");
    if (!given.empty()) return given.substr(0, given.find(':'));
    if (geteuid() == 0) return "/var/lib/clacks";
    const std::string state = environment("XDG_STATE_HOME");
    if (!state.empty()) return fs::path(state) / "clacks";
    const std::string home = environment("HOME");
    return (home.empty() ? fs::temp_directory_path() : fs::path(home) / ".local/state") / "clacks";
}

}  // namespace clacks::config
