#include "agent/client/settings.hpp"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "agent/client/identity.hpp"
#include "common/base/text.hpp"
#include "common/base/url.hpp"
#include "common/config/ini.hpp"
#include "common/config/texts.hpp"
#include "common/config/values.hpp"

namespace clacks::machine {

namespace {

using config::IniFile;
using config::IniValue;
using config::ValueText;

constexpr std::uint64_t kSecond = 1000, kDay = 86'400 * kSecond;

constexpr config::Section kSections[] = {
    {"client", "Who this machine is, and when it tells of itself."},
    {"amqp", "The agent that it tells."},
    {"log", "What it logs and where."},
};

using Set = Result<void, Diagnostic> (*)(Settings&, const ValueText&);

template <auto Member>
constexpr Set set_member =
    [](Settings& settings, const ValueText& value) { return config::read(value, settings.*Member); };

struct Row {
    config::SettingText text;
    Set set;
    std::uint64_t minimum = 0, maximum = 0;
};

const Row kRows[] = {
    {{"client", "id", "UUID", "", "derived from /etc/machine-id",
      "The client's id, unique among all clients of the domain.", false, true},
     set_member<&Settings::id>},
    {{"client", "name", "string", "", "the host name", "What people call it.", false, true},
     set_member<&Settings::name>},
    {{"client", "ping-interval", "duration", "", "60 s", "Time between two ClientPing events."},
     set_member<&Settings::ping_interval>,
     100,
     kDay},
    {{"client", "answer-window", "duration", "", "30 s",
      "A ClientPoll is answered after a random time of at most this, so that not all clients answer at "
      "once."},
     set_member<&Settings::answer_window>,
     0,
     3600 * kSecond},
    {{"client", "notify", "path", "", "none",
      "Program that notifyUser starts, with user, title and message as arguments; without it there is no "
      "such method.",
      false, true},
     set_member<&Settings::notify>},
    {{"amqp", "url", "url", "", "amqp://127.0.0.1:5672/org.clacks",
      "The agent, amqp:// or amqps:// and user:password@host:port/domain. Beyond this machine only amqps "
      "shows nobody "
      "the "
      "events."},
     set_member<&Settings::url>},
    {{"amqp", "ca", "path", "", "none", "Certificates to trust for amqps, PEM; else the system's list.",
      false, true},
     set_member<&Settings::ca>},
    {{"amqp", "certificate", "path", "", "none",
      "The certificate chain by which the client logs in, PEM, instead of a user and a password; the URL is "
      "that of "
      "the agent's certificate-url.",
      false, true},
     set_member<&Settings::certificate>},
    {{"amqp", "private-key", "path", "", "in the certificate's file", "The certificate's private key, PEM.",
      false, true},
     set_member<&Settings::private_key>},
    {{"log", "level", "debug, info, warning or error", "", "info", "The least grave lines that are written."},
     set_member<&Settings::log_level>},
    {{"log", "target", "auto, console or journal", "", "auto",
      "Where the log goes; auto is the journal where standard error leads there, as in a service, else the "
      "console."},
     set_member<&Settings::log_target>},
};

config::ProgramTexts texts() {
    config::ProgramTexts made;
    made.sections = kSections;
    made.settings.reserve(std::size(kRows));
    for (const Row& row : kRows) made.settings.push_back(row.text);
    made.help_head = "Settings. A change takes effect at a restart.\n";
    made.sample_head =
        "# Settings of clacks-client. Every line is a comment that shows the default; remove the # to change "
        "it.\n"
        "# Files *.conf in the folder client.conf.d beside this one are read after it, in sorted order.\n"
        "# `clacks-client --check` tells whether all is well. With a password in it, only root should read "
        "the "
        "file.\n";
    made.reference_head =
        "# Configuration of clacks-client\n\n"
        "`clacks-client` reads `/etc/clacks/client.conf` (or `--config FILE`), then the files `*.conf` of "
        "the\n"
        "folder of the same name with `.d` behind it, sorted, in the form of the agent's\n"
        "[configuration](configuration.md); a later value replaces an earlier one. Unknown sections and keys "
        "and bad values are errors:\n"
        "`clacks-client --check` shows all of them, each with file, line and column. This page and the "
        "sample\n"
        "file are printed by `clacks-client-config-doc`.\n";
    return made;
}

class Loader {
  public:
    Loaded load(const std::filesystem::path& file) {
        for (const Row& row : kRows)
            if (!row.text.derived)
                set(row, ValueText{row.text.fallback, "/", row.minimum, row.maximum}, {}, 0);
        const std::filesystem::path absolute = std::filesystem::absolute(file).lexically_normal();
        read_file(absolute);
        for (const auto& drop_in : config::drop_ins(absolute, problems_)) read_file(drop_in);
        derive(file);
        return {std::move(settings_), std::move(problems_)};
    }

  private:
    void read_file(const std::filesystem::path& file) {
        IniFile ini = config::read_ini(file);
        std::move(ini.problems.begin(), ini.problems.end(), std::back_inserter(problems_));
        for (const IniValue& heading : ini.sections) check_section(heading);
        for (const IniValue& value : ini.values) apply(value);
    }

    void problem(const IniValue& at, std::uint32_t column, std::string code, std::string message,
                 std::string hint) {
        problems_.push_back(
            config::problem_at(at, column, std::move(code), std::move(message), std::move(hint)));
    }

    static std::string hint(const std::string& near, const std::string& kind) {
        return near.empty() ? "see clacks-client --help for all " + kind : "did you mean '" + near + "'?";
    }

    void check_section(const IniValue& heading) {
        std::vector<std::string> names;
        for (const config::Section& section : kSections) names.emplace_back(section.name);
        if (std::find(names.begin(), names.end(), heading.section) != names.end()) return;
        problem(heading, heading.key_column, "config-section",
                "there is no section [" + one_line(heading.section, 60) + "]",
                hint(nearest(heading.section, names), "sections"));
    }

    void apply(const IniValue& value) {
        std::vector<std::string> names;
        for (const Row& row : kRows) {
            if (row.text.section != value.section) continue;
            if (row.text.key == value.key)
                return set(row, ValueText{value.value, value.file.parent_path(), row.minimum, row.maximum},
                           value, value.value_column);
            names.emplace_back(row.text.key);
        }
        if (names.empty()) return;  // reported with its section
        problem(value, value.key_column, "config-key",
                "there is no setting '" + one_line(value.key, 60) + "' in [" + value.section + "]",
                hint(nearest(value.key, names), "settings"));
    }

    void set(const Row& row, const ValueText& text, const IniValue& at, std::uint32_t column) {
        const auto refuse = [&](const Diagnostic& why) {
            problem(at, column + std::max<std::uint32_t>(why.column, 1) - 1, "config-value",
                    std::string(row.text.key) + ": " + why.message, why.hint);
        };
        if (auto done = row.set(settings_, text); !done) return refuse(done.error());
        if (row.text.key == "url") {
            if (auto url = parse_url(settings_.url); !url) refuse(url.error());
        }
        if (row.text.key == "id") {
            id_given_ = true;
            auto id = uuid_of(settings_.id);
            if (!id) return refuse(id.error());
            settings_.id = *id;
        }
    }

    void derive(const std::filesystem::path& file) {
        if (settings_.name.empty()) settings_.name = host_name();
        if (id_given_) return;
        auto id = machine_uuid();
        if (id) {
            settings_.id = *id;
            return;
        }
        IniValue at;
        at.file = file;
        problem(at, 0, "config-value", id.error().message, id.error().hint);
    }

    Settings settings_;
    Diagnostics problems_;
    bool id_given_ = false;
};

}  // namespace

Loaded load(const std::filesystem::path& file) {
    return Loader().load(file);
}

std::string settings_help() {
    return config::help_text(texts());
}
std::string sample_file() {
    return config::sample_text(texts());
}
std::string reference_markdown() {
    return config::reference_text(texts());
}

}  // namespace clacks::machine
