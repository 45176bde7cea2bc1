// The agent's settings, typed and immutable once loaded. Each setting is one row of kRows in rows.cpp;
// the reader, `--help`, the sample agent.conf and docs/configuration.md are made from these rows.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "common/base/result.hpp"
#include "common/base/url.hpp"

namespace clacks::config {

enum class LogLevel { Debug, Info, Warning, Error };
enum class LogTarget { Auto, Console, Journal };

struct CoreSettings {
    std::string id;  // the agent's name on the bus; never empty
    std::string domain;
};

struct AmqpSettings {
    std::vector<Url> listeners;              // [amqp] url; at least one, port 0 lets the system choose
    std::filesystem::path certificate;       // PEM; empty without an amqps listener, or in the quickstart
    std::filesystem::path private_key;       // PEM; likewise
    std::vector<Url> certificate_listeners;  // [amqp] certificate-url; may be none
    std::filesystem::path client_ca, client_crl;  // PEM; client_ca is there with such a listener
    std::string client_identity;                  // where in a client's certificate the user's name is
    std::filesystem::path user_database;          // a sasldb file; never empty
    std::string realm;                            // never empty
    std::size_t max_frame_size = 0;               // bytes
    std::size_t max_message_size = 0;             // bytes
    std::size_t max_connections = 0;
    std::size_t max_connections_per_address = 0;
    std::size_t max_opening = 0;   // connections not yet open and authenticated
    std::size_t max_sessions = 0;  // of one connection
    std::size_t max_links = 0;     // likewise
    std::chrono::milliseconds open_deadline{};
    std::chrono::milliseconds idle_time_out{};
    std::size_t queue_events = 0;  // of each subscription
    std::size_t queue_bytes = 0;
    std::size_t connection_bytes = 0;  // in all queues of a connection, and unsettled
    std::size_t held_bytes = 0;        // the same of all connections
    std::size_t credit = 0;            // messages a sender may have on the way
};

struct LimitSettings {
    std::size_t events_per_second = 0;  // of one user; 0 for no limit
    std::size_t subscriptions_per_user = 0;
    std::size_t subscriptions = 0;
    std::uint64_t filter_steps_per_second = 0;  // of one user's filters; 0 for no limit
};

struct AgentSettings {
    std::chrono::milliseconds node_timeout{};
    std::chrono::milliseconds status_interval{};
    std::vector<std::filesystem::path> events;   // folders of event definitions
    bool events_configured = false;              // false: they are the default and need not be there
    std::vector<std::filesystem::path> modules;  // folders of loadable modules, which need not be there
    std::filesystem::path state_directory;       // never empty; need not exist yet
    std::chrono::milliseconds drain_time{};
};

struct LogSettings {
    LogLevel level{};
    LogTarget target{};
};

struct EventSettings {
    std::size_t max_bytes = 0;
    std::size_t max_depth = 0;
    std::size_t max_attributes = 0;
};

struct FilterSettings {
    std::size_t max_bytes = 0;  // of the query's text
    std::uint64_t steps = 0;    // of one evaluation
    std::size_t memory = 0;     // bytes of one evaluation
    std::size_t nesting = 0;
};

struct AclSettings {
    std::filesystem::path file;  // empty: nobody may do anything
};

// Set only for trying out: the user is created, with a self-signed certificate, at the first start.
struct QuickstartSettings {
    std::string user;  // "" when this is not a quickstart
    std::string password;
    bool enabled() const { return !user.empty(); }
};

struct Place {
    std::filesystem::path file;
    std::uint32_t line = 0, column = 0;
};

struct Settings {
    CoreSettings core;
    AmqpSettings amqp;
    AgentSettings agent;
    LogSettings log;
    EventSettings events;
    FilterSettings filter;
    AclSettings acl;
    LimitSettings limits;
    QuickstartSettings quickstart;
    // By "NAME" for [module NAME], or "NAME INSTANCE" for [module NAME INSTANCE], and by key. A module is
    // loaded when it is named here.
    std::map<std::string, std::map<std::string, std::string>> modules;
    // Where the section and its keys were set, by the same name and key; the heading's key is "".
    std::map<std::pair<std::string, std::string>, Place> module_places;
    std::vector<std::filesystem::path> files;  // read, in this order; the first is the main one
};

// One setting that differs between two loads, as a person reads it; secrets are not shown.
struct Change {
    std::string key;            // "[amqp] credit"
    std::string before, after;  // both "" for a secret
    bool live = false;          // else it takes effect at a restart
};

// "[amqp] credit changed from 256 to 7"
std::string to_string(const Change& change);

// The settings as far as they could be read, the others with their defaults.
struct Loaded {
    Settings settings;
    Diagnostics problems;
};

// Reads the file, then the files *.conf of the folder beside it named FILE.d in sorted order; a later
// value replaces an earlier one. Relative paths are relative to the file that names them. Reports all
// problems at once as file:line:column; looks at no file but these and creates nothing.
Loaded load_all(const std::filesystem::path& file);
// The same for those who want all or nothing.
Result<Settings, Diagnostics> load(const std::filesystem::path& file);

// What differs, in the order of the rows, then of the modules.
std::vector<Change> changes(const Settings& running, const Settings& wanted);
// Takes over those settings of `wanted` that are live.
void take_live(Settings& running, const Settings& wanted);

// $STATE_DIRECTORY, /var/lib/clacks for root, $XDG_STATE_HOME/clacks or ~/.local/state/clacks.
std::filesystem::path default_state_directory();

inline constexpr const char* kDefaultFile = "/etc/clacks/agent.conf";
inline constexpr const char* kDefaultDomain = "org.clacks";

// Texts made from the rows.
std::string settings_help();       // plain, for --help
std::string sample_file();         // config/agent.conf
std::string reference_markdown();  // docs/configuration.md

}  // namespace clacks::config
