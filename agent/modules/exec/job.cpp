#include "agent/modules/exec/job.hpp"

#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>

#include "agent/api/settings_reader.hpp"
#include "common/base/text.hpp"

namespace clacks::exec {

namespace {

using namespace std::chrono_literals;

constexpr std::string_view kEnvironment = "environment.";
constexpr const char* kCommandHint = R"(write a JSON array, ["/path/of/program", "argument", …])";
constexpr const char* kUserHint =
    "let the unit allow it by a drop-in, see the module's page, or remove the line to run as the agent's "
    "user";

struct LimitKey {
    const char* key;
    __rlimit_resource resource;
    bool bytes;
    const char* help;
};
constexpr std::array<LimitKey, 5> kLimits{
    {{"limit-memory", RLIMIT_AS, true, "Address space of each of its processes."},
     {"limit-cpu-time", RLIMIT_CPU, false, "Seconds of processor time of each of its processes."},
     {"limit-open-files", RLIMIT_NOFILE, false, "Open files of each of its processes."},
     {"limit-processes", RLIMIT_NPROC, false,
      "Processes and threads of its user, the agent's own included where it is the same."},
     {"limit-file-size", RLIMIT_FSIZE, true, "Length of a file that it writes."}}};

// The agent's word on a query, with the place within it.
std::string words_of(const Diagnostics& problems) {
    Diagnostic first = problems.front();
    first.source = "query";
    return to_string(first);
}

std::shared_ptr<const Expression> compile(const std::string& key, const ModuleSettings& settings,
                                          SettingsReader& read) {
    auto compiled = settings.expressions->compile(read.text(key));
    if (compiled) return *compiled;
    read.problem(key, key + ": " + words_of(compiled.error()), "");
    return nullptr;
}

// ---- command ----
std::vector<std::string> words(const std::string& text) {
    const auto parsed = nlohmann::json::parse(text, nullptr, false);
    std::vector<std::string> found;
    if (!parsed.is_array()) return {};
    for (const auto& word : parsed) {
        if (!word.is_string() || word.get_ref<const std::string&>().find('\0') != std::string::npos)
            return {};
        found.push_back(word);
    }
    return found;
}

std::string why_not_executable(const std::string& program) {
    struct stat status {};
    if (::stat(program.c_str(), &status) != 0) return std::strerror(errno);
    if (!S_ISREG(status.st_mode)) return "it is no regular file";
    return ::access(program.c_str(), X_OK) == 0 ? "" : std::strerror(errno);
}

std::vector<std::string> read_command(SettingsReader& read) {
    std::vector<std::string> command = words(read.text("command"));
    if (command.empty()) {
        read.problem("command", "command: it is no list of words", kCommandHint);
        return command;
    }
    const std::string& program = command.front();
    if (!program.starts_with('/'))
        read.problem("command", "command: '" + one_line(program) + "' is no absolute path",
                     "there is no search for programs; write it from / on");
    else if (const std::string why = why_not_executable(program); !why.empty())
        read.problem("command", "command: '" + one_line(program) + "' cannot be executed: " + why,
                     "install it, or make it executable for the agent's user (chmod); the unit hides /home");
    return command;
}

// ---- user ----
bool may_change_user() {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> data{};
    if (::syscall(SYS_capget, &header, data.data()) != 0) return false;
    constexpr std::uint32_t kNeeded = 1U << CAP_SETUID | 1U << CAP_SETGID | 1U << CAP_KILL;
    return (data[0].effective & kNeeded) == kNeeded;
}

std::optional<Account> account_of(const passwd* entry) {
    if (entry == nullptr) return std::nullopt;
    Account account;
    account.name = entry->pw_name;
    account.home = entry->pw_dir;
    account.user = entry->pw_uid;
    account.group = entry->pw_gid;
    account.change = account.user != ::geteuid();
    int count = 0;
    ::getgrouplist(entry->pw_name, entry->pw_gid, nullptr, &count);
    account.groups.resize(static_cast<std::size_t>(count));
    ::getgrouplist(entry->pw_name, entry->pw_gid, account.groups.data(), &count);
    return account;
}

std::optional<Account> find_account(const std::string& name) {
    std::array<char, 16 * 1024> buffer;
    passwd entry{};
    passwd* found = nullptr;
    if (name.empty())
        ::getpwuid_r(::geteuid(), &entry, buffer.data(), buffer.size(), &found);
    else
        ::getpwnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found);
    return account_of(found);
}

Account read_account(SettingsReader& read) {
    const std::string name = read.text("user");
    auto account = find_account(name);
    if (!account && !name.empty())
        read.problem("user", "user: there is no user '" + one_line(name) + "' on this machine",
                     "make it, or correct the name");
    if (account && account->change && !may_change_user())
        read.problem("user", "user: the agent may not run programs as '" + name + "'", kUserHint);
    return account.value_or(Account());
}

// ---- environment ----
bool environment_name(std::string_view name) {
    return !name.empty() && std::isdigit(static_cast<unsigned char>(name[0])) == 0 &&
           std::all_of(name.begin(), name.end(),
                       [](unsigned char c) { return c == '_' || (c < 128 && std::isalnum(c) != 0); });
}

// The values come out of events, so of strangers: they do not decide which code is run.
bool decides_code(std::string_view name) {
    static constexpr std::string_view kNames[] = {"PATH",      "HOME",       "USER",         "LOGNAME",
                                                  "LANG",      "IFS",        "ENV",          "BASH_ENV",
                                                  "SHELLOPTS", "PYTHONPATH", "PYTHONHOME",   "PERL5LIB",
                                                  "PERL5OPT",  "RUBYOPT",    "NODE_OPTIONS", "GCONV_PATH"};
    return name.starts_with("LD_") || name.starts_with("CLACKS_") ||
           std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

void read_environment(Job& job, const std::map<std::string, std::string>& values,
                      const ModuleSettings& settings, SettingsReader& read) {
    for (const auto& [key, text] : values) {
        if (!key.starts_with(kEnvironment)) continue;
        const std::string name = key.substr(kEnvironment.size());
        if (!environment_name(name))
            read.problem(key, key + ": '" + one_line(name) + "' is no name of a variable",
                         "use letters, digits and _");
        else if (decides_code(name))
            read.problem(key, std::string(key).append(": an event may not decide ").append(name),
                         "choose another name, and let the program make use of it");
        else
            job.environment.emplace_back(name, compile(key, settings, read));
    }
}

// ---- bounds ----
void read_rate(Job& job, SettingsReader& read) {
    if (!read.has("rate")) return;
    const std::string text = read.text("rate");
    const std::size_t slash = std::min(text.find('/'), text.size());
    const auto trimmed = [](std::string part) {
        part.erase(part.find_last_not_of(' ') + 1);
        return part.erase(0, part.find_first_not_of(' '));
    };
    const auto count = parse_count(trimmed(text.substr(0, slash)));
    const auto interval = parse_duration(slash < text.size() ? trimmed(text.substr(slash + 1)) : "");
    if (!count || !interval || *count < 1 || *count > 1'000'000 || *interval < 1ms || *interval > 24h)
        return read.problem("rate", "rate: '" + one_line(text) + "' is no rate",
                            "write how many in which time, as 10/1 min; at most a million, in 24 h");
    job.rate = *count;
    job.rate_interval = *interval;
}

void read_limits(Job& job, SettingsReader& read) {
    constexpr std::uint64_t kMost = std::uint64_t{1} << 50;
    job.limits.push_back({RLIMIT_CORE, 0});
    for (const LimitKey& limit : kLimits)
        if (read.has(limit.key))
            job.limits.push_back({limit.resource, limit.bytes ? read.size(limit.key, kMost, 0, kMost)
                                                              : read.count(limit.key, kMost, 1, kMost)});
}

}  // namespace

std::vector<ModuleSetting> job_keys() {
    std::vector<ModuleSetting> keys{
        {"filter", "XQuery", "", "The program is run for each event that it is true for."},
        {"command", "JSON array of strings", "",
         "The program, by its absolute path, and its arguments. No shell."},
        {"environment.*", "XQuery", "none",
         "environment.NAME is the value of the variable NAME, an expression over the event."},
        {"user", "string", "the agent's user", "Who the program runs as."},
        {"timeout", "duration", "1 min", "The program is ended after so long, with all that it started."},
        {"kill-after", "duration", "2 s", "From SIGTERM to SIGKILL, at most 5 s; also when the agent stops."},
        {"concurrency", "integer", "1", "Programs of this section that run at one time."},
        {"queue", "integer", "100",
         "Events that wait for one to end; beyond it the oldest are dropped and counted."},
        {"rate", "events/duration", "none",
         "10/1 min: ten at once, and ten a minute on average; events beyond it are dropped and counted."},
        {"retries", "integer", "0", "How often a program that failed is run again for its event."},
        {"retry-delay", "duration", "1 s", "Before the first retry; doubled for each, up to 10 min."}};
    for (const LimitKey& limit : kLimits)
        keys.push_back({limit.key, limit.bytes ? "size, bytes" : "integer", "none", limit.help});
    return keys;
}

Job read_job(const std::string& name, const ModuleSettings& settings, Diagnostics& problems) {
    const auto& values = settings.instances.at(name);
    SettingsReader read(values, "[module exec " + name + "]", problems);
    Job job;
    job.name = name;
    job.filter = read.text("filter");
    compile("filter", settings, read);
    job.command = read_command(read);
    job.account = read_account(read);
    read_environment(job, values, settings, read);
    job.time_out = read.duration("timeout", 1min, 10ms, 24h);
    job.kill_after = read.duration("kill-after", 2s, 10ms, 5s);
    job.concurrency = read.count("concurrency", 1, 1, 1000);
    job.queue = read.count("queue", 100, 0, 100'000);
    read_rate(job, read);
    job.retries = read.count("retries", 0, 0, 100);
    job.retry_delay = read.duration("retry-delay", 1s, 10ms, 10min);
    read_limits(job, read);
    return job;
}

}  // namespace clacks::exec
