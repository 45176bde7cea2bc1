#include "common/config/rows.hpp"

#include "common/config/values.hpp"

namespace clacks::config {

namespace {

// Access to one member: section first, then the member of its struct.
template <auto SectionMember, auto Member>
constexpr Access member = {
    [](Settings& settings, const ValueText& value) { return read(value, (settings.*SectionMember).*Member); },
    [](const Settings& settings, bool bytes) { return shown((settings.*SectionMember).*Member, bytes); },
    [](Settings& to, const Settings& from) { (to.*SectionMember).*Member = (from.*SectionMember).*Member; }};

using S = Settings;
constexpr std::uint64_t kKiB = 1024, kMiB = 1024 * kKiB;
constexpr std::uint64_t kSecond = 1000, kDay = 86'400 * kSecond;

constexpr Section kSections[] = {
    {"core", "Who this agent is."},
    {"amqp", "Where it listens and what a connection may cost."},
    {"agent", "Its folders and times."},
    {"acl", "Who may do what."},
    {"log", "What it tells and where."},
    {"events", "Limits of one event document."},
    {"filter", "Limits of one XQuery filter."},
    {"limits", "What users may take."},
    {"quickstart", "For trying out, on loopback only; leave it out in production."},
};

constexpr Row kRows[] = {
    {"core", "id", "string", "the host name", "",
     "The agent's name on the bus, unique among all agents of the domain.", Takes::Restart,
     member<&S::core, &CoreSettings::id>, 0, 0, true},
    {"core", "domain", "string", kDefaultDomain, "", "First part of every address.", Takes::Restart,
     member<&S::core, &CoreSettings::domain>},

    {"amqp", "url", "url list", "amqp://127.0.0.1:5672", "",
     "Listeners, amqp:// or amqps:// (TLS) with address and port; port 0 takes a free one; beyond loopback "
     "only amqps.",
     Takes::Restart, member<&S::amqp, &AmqpSettings::listeners>},
    {"amqp", "certificate", "path", "none", "",
     "The certificate chain of amqps listeners, PEM; read anew at every reload.", Takes::Live,
     member<&S::amqp, &AmqpSettings::certificate>, 0, 0, true},
    {"amqp", "private-key", "path", "none", "", "The certificate's private key, PEM.", Takes::Live,
     member<&S::amqp, &AmqpSettings::private_key>, 0, 0, true},
    {"amqp", "certificate-url", "url list", "none", "",
     "Listeners, amqps:// only, for clients with a certificate: SASL EXTERNAL, no password.", Takes::Restart,
     member<&S::amqp, &AmqpSettings::certificate_listeners>, 0, 0, true},
    {"amqp", "client-ca", "path", "none", "",
     "The authorities that sign clients' certificates, PEM; no others are trusted; read anew at every "
     "reload.",
     Takes::Live, member<&S::amqp, &AmqpSettings::client_ca>, 0, 0, true},
    {"amqp", "client-crl", "path", "none", "",
     "Their revocation lists, PEM, one of each authority; read anew at every reload.", Takes::Live,
     member<&S::amqp, &AmqpSettings::client_crl>, 0, 0, true},
    {"amqp", "client-identity", "string", "subject CN", "",
     "Where a client's certificate has the user's name: subject CN (or another attribute), san dns, san "
     "email "
     "or san uri; exactly one value must be there.",
     Takes::Restart, member<&S::amqp, &AmqpSettings::client_identity>},
    {"amqp", "user-database", "path", "users.sasldb in the state directory", "",
     "Users and their secrets, as `clacks user` and saslpasswd2 write them; looked into at every login.",
     Takes::Restart, member<&S::amqp, &AmqpSettings::user_database>, 0, 0, true},
    {"amqp", "realm", "string", "the domain", "", "SASL realm of the users; nobody has to type it.",
     Takes::Restart, member<&S::amqp, &AmqpSettings::realm>, 0, 0, true},
    {"amqp", "max-frame-size", "size", "64 KiB", "bytes", "Largest AMQP frame a peer may send.",
     Takes::Restart, member<&S::amqp, &AmqpSettings::max_frame_size>, 512, 16 * kMiB},
    {"amqp", "max-message-size", "size", "1 MiB", "bytes", "Largest message a peer may send.", Takes::Restart,
     member<&S::amqp, &AmqpSettings::max_message_size>, kKiB, 256 * kMiB},
    {"amqp", "max-connections", "integer", "4096", "", "Connections at one time; more are closed at once.",
     Takes::Restart, member<&S::amqp, &AmqpSettings::max_connections>, 1, 1'000'000},
    {"amqp", "max-connections-per-address", "integer", "1024", "",
     "Of them from one address; more are closed at once.", Takes::Restart,
     member<&S::amqp, &AmqpSettings::max_connections_per_address>, 1, 1'000'000},
    {"amqp", "max-opening", "integer", "2048", "",
     "Connections that have not logged in and opened yet; a newer one takes the place of the oldest.",
     Takes::Restart, member<&S::amqp, &AmqpSettings::max_opening>, 1, 1'000'000},
    {"amqp", "max-sessions", "integer", "16", "", "Sessions of one connection.", Takes::Restart,
     member<&S::amqp, &AmqpSettings::max_sessions>, 1, 32'768},
    {"amqp", "max-links", "integer", "256", "", "Links of one connection.", Takes::Restart,
     member<&S::amqp, &AmqpSettings::max_links>, 1, 100'000},
    {"amqp", "open-deadline", "duration", "10 s", "",
     "A connection that is not open and authenticated by then is closed.", Takes::Restart,
     member<&S::amqp, &AmqpSettings::open_deadline>, 100, 3600 * kSecond},
    {"amqp", "idle-time-out", "duration", "60 s", "", "A peer that is silent for so long is dead.",
     Takes::Restart, member<&S::amqp, &AmqpSettings::idle_time_out>, kSecond, kDay},
    {"amqp", "queue-events", "integer", "10000", "events",
     "What one subscription may have waiting; beyond it the oldest are dropped and counted.", Takes::Restart,
     member<&S::amqp, &AmqpSettings::queue_events>, 1, 10'000'000},
    {"amqp", "queue-bytes", "size", "16 MiB", "bytes", "The same in bytes.", Takes::Restart,
     member<&S::amqp, &AmqpSettings::queue_bytes>, kKiB, 1024 * kMiB},
    {"amqp", "connection-bytes", "size", "64 MiB", "bytes",
     "What all queues and unsettled deliveries of one connection hold; beyond it each queue keeps its newest "
     "event alone.",
     Takes::Restart, member<&S::amqp, &AmqpSettings::connection_bytes>, 64 * kKiB, 1024 * kMiB},
    {"amqp", "held-bytes", "size", "1024 MiB", "bytes", "The same of all connections together.",
     Takes::Restart, member<&S::amqp, &AmqpSettings::held_bytes>, kMiB, 1024 * 1024 * kMiB},
    {"amqp", "credit", "integer", "256", "messages", "What a publisher may have on the way.", Takes::Restart,
     member<&S::amqp, &AmqpSettings::credit>, 1, 65'535},

    {"agent", "node-timeout", "duration", "60 s", "", "A node that is silent for so long disappears.",
     Takes::Restart, member<&S::agent, &AgentSettings::node_timeout>, 100, kDay},
    {"agent", "status-interval", "duration", "10 s", "", "Time between two NodeStatus events of this agent.",
     Takes::Restart, member<&S::agent, &AgentSettings::status_interval>, 10, kDay},
    {"agent", "events", "path list", "/usr/share/clacks/events /etc/clacks/events", "",
     "Folders of event definitions.", Takes::Live, member<&S::agent, &AgentSettings::events>},
    {"agent", "modules", "path list", "/usr/lib/clacks/modules /usr/local/lib/clacks/modules", "",
     "Folders of loadable modules; NAME.so is loaded when there is a section [module NAME].", Takes::Restart,
     member<&S::agent, &AgentSettings::modules>},
    {"agent", "state-directory", "path",
     "$STATE_DIRECTORY, /var/lib/clacks for root, else ~/.local/state/clacks", "",
     "What the agent keeps between two runs.", Takes::Restart,
     member<&S::agent, &AgentSettings::state_directory>, 0, 0, true},
    {"agent", "drain-time", "duration", "5 s", "",
     "How long a stop waits for queued events to reach their subscribers.", Takes::Live,
     member<&S::agent, &AgentSettings::drain_time>, 0, 600 * kSecond},

    {"acl", "file", "path", "none, and nobody may do anything", "",
     "The access control list, who may send, call and receive what; read anew at every reload.", Takes::Live,
     member<&S::acl, &AclSettings::file>, 0, 0, true},

    {"log", "level", "debug, info, warning or error", "info", "", "The least grave lines that are written.",
     Takes::Live, member<&S::log, &LogSettings::level>},
    {"log", "target", "auto, console or journal", "auto", "",
     "Where the log goes; auto is the journal where standard error leads there, as in a service, else the "
     "console.",
     Takes::Restart, member<&S::log, &LogSettings::target>},

    {"events", "max-bytes", "size", "256 KiB", "bytes", "Longest document.", Takes::Live,
     member<&S::events, &EventSettings::max_bytes>, 128, 64 * kMiB},
    {"events", "max-depth", "integer", "64", "", "Deepest nesting of elements.", Takes::Live,
     member<&S::events, &EventSettings::max_depth>, 2, 1000},
    {"events", "max-attributes", "integer", "64", "", "Most attributes of one element.", Takes::Live,
     member<&S::events, &EventSettings::max_attributes>, 1, 10'000},

    {"filter", "max-bytes", "size", "64 KiB", "bytes", "Longest query text.", Takes::Restart,
     member<&S::filter, &FilterSettings::max_bytes>, 16, 16 * kMiB},
    {"filter", "steps", "integer", "1000000", "", "Most steps of one evaluation.", Takes::Restart,
     member<&S::filter, &FilterSettings::steps>, 100, 1'000'000'000},
    {"filter", "memory", "size", "16 MiB", "bytes", "Most memory of one evaluation.", Takes::Restart,
     member<&S::filter, &FilterSettings::memory>, 64 * kKiB, 1024 * kMiB},
    {"filter", "nesting", "integer", "200", "", "Deepest nesting of expressions.", Takes::Restart,
     member<&S::filter, &FilterSettings::nesting>, 10, 1000},

    {"limits", "events-per-second", "integer", "0", "",
     "Events that one user may send in a second; 0 is no limit. What comes faster is refused.",
     Takes::Restart, member<&S::limits, &LimitSettings::events_per_second>, 0, 10'000'000},
    {"limits", "subscriptions-per-user", "integer", "20000", "", "Subscriptions of one user at one time.",
     Takes::Restart, member<&S::limits, &LimitSettings::subscriptions_per_user>, 1, 10'000'000},
    {"limits", "subscriptions", "integer", "200000", "", "Subscriptions of all users at one time.",
     Takes::Restart, member<&S::limits, &LimitSettings::subscriptions>, 1, 10'000'000},
    {"limits", "filter-steps-per-second", "integer", "10000000", "",
     "Steps that the evaluations of all filters of one user may take in a second; 0 is no limit. Beyond it a "
     "filter is not "
     "asked about an event, which counts as an error of its subscription.",
     Takes::Restart, member<&S::limits, &LimitSettings::filter_steps_per_second>, 0, 100'000'000'000},

    {"quickstart", "user", "string", "none", "",
     "At the first start this user and a self-signed certificate are created in the state directory.",
     Takes::Restart, member<&S::quickstart, &QuickstartSettings::user>, 0, 0, true},
    {"quickstart", "password", "string", "none", "", "The user's password.", Takes::Restart,
     member<&S::quickstart, &QuickstartSettings::password>, 0, 0, true, true},
};

}  // namespace

std::span<const Row> rows() {
    return kRows;
}
std::span<const Section> sections() {
    return kSections;
}

}  // namespace clacks::config
