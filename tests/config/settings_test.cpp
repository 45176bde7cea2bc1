#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>

#include "common/base/uuid.hpp"
#include "common/config/rows.hpp"
#include "common/config/settings.hpp"

using namespace clacks;
namespace fs = std::filesystem;

namespace {

// The place, what is wrong and what to do, whatever else a program may show with it.
std::string shown(const Diagnostic& problem) {
    std::string text = problem.source + ":";
    if (problem.line != 0) text += std::to_string(problem.line) + ":" + std::to_string(problem.column) + ":";
    return text + " " + problem.message + "; " + problem.hint + "\n";
}

// A folder of configuration files, gone with the test.
class Folder {
  public:
    Folder() : path_(fs::temp_directory_path() / ("clacks-config-" + random_uuid())) {
        fs::create_directories(path_ / "agent.conf.d");
    }
    ~Folder() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    void write(const std::string& name, const std::string& text) const {
        std::ofstream(path_ / name) << text;
    }
    fs::path main() const { return path_ / "agent.conf"; }
    const fs::path& path() const { return path_; }

    // The problems of a main file, without the folder's name.
    std::string problems(const std::string& text) const {
        write("agent.conf", text);
        const auto settings = config::load(main());
        if (settings) return "";
        std::string all;
        for (const Diagnostic& problem : settings.error()) all += shown(problem);
        for (std::size_t at; (at = all.find(path_.string() + "/")) != std::string::npos;)
            all.erase(at, path_.string().size() + 1);
        return all;
    }

  private:
    fs::path path_;
};

}  // namespace

TEST_CASE("an empty file gives the defaults") {
    const Folder folder;
    folder.write("agent.conf", "");
    const auto settings = config::load(folder.main());
    REQUIRE(settings);
    CHECK_FALSE(settings->core.id.empty());
    CHECK(settings->core.domain == "org.clacks");
    CHECK(settings->amqp.realm == "org.clacks");
    REQUIRE(settings->amqp.listeners.size() == 1);
    CHECK(settings->amqp.listeners[0].shown() == "amqp://127.0.0.1:5672");
    CHECK(settings->amqp.max_frame_size == 65536);
    CHECK(settings->agent.node_timeout == std::chrono::seconds(60));
    CHECK(settings->agent.events == std::vector<fs::path>{"/usr/share/clacks/events", "/etc/clacks/events"});
    CHECK(settings->amqp.user_database == settings->agent.state_directory / "users.sasldb");
    CHECK_FALSE(settings->quickstart.enabled());
}

TEST_CASE("the sample file changes nothing") {
    const Folder folder;
    folder.write("agent.conf", config::sample_file());
    CHECK(config::load(folder.main()).ok());
}

TEST_CASE("every default that is written in the table can be set by its own text") {
    const Folder folder;
    for (const config::Row& row : config::rows()) {
        if (row.derived) continue;
        INFO(row.section << " " << row.key);
        CHECK(folder
                  .problems("[" + std::string(row.section) + "]\n" + std::string(row.key) + " = " +
                            std::string(row.fallback) + "\n")
                  .empty());
    }
}

TEST_CASE("values of every type are read") {
    const Folder folder;
    folder.write(
        "agent.conf",
        "[amqp]\nurl = amqp://127.0.0.1:0 amqps://[::1]:0\ncertificate = c.pem\nprivate-key = /k.pem\n"
        "max-frame-size = 4 KiB\nqueue-events = 7\nopen-deadline = 500 ms\n"
        "[agent]\nnode-timeout = 2 min\nstatus-interval = 3\nevents = ev ../other\n"
        "[log]\nlevel = warning\ntarget = journal\n[module phone]\nqueue = a = b\n");
    const auto settings = config::load(folder.main());
    REQUIRE(settings);
    CHECK(settings->amqp.listeners.size() == 2);
    CHECK(settings->amqp.listeners[1].tls());
    CHECK(settings->amqp.certificate == folder.path() / "c.pem");
    CHECK(settings->amqp.private_key == "/k.pem");
    CHECK(settings->amqp.max_frame_size == 4096);
    CHECK(settings->amqp.queue_events == 7);
    CHECK(settings->amqp.open_deadline == std::chrono::milliseconds(500));
    CHECK(settings->agent.node_timeout == std::chrono::seconds(120));
    CHECK(settings->agent.status_interval == std::chrono::seconds(3));
    CHECK(settings->agent.events.at(1) == folder.path().parent_path() / "other");
    CHECK(settings->log.level == config::LogLevel::Warning);
    CHECK(settings->log.target == config::LogTarget::Journal);
    CHECK(settings->modules.at("phone").at("queue") == "a = b");
}

TEST_CASE("drop-ins replace in sorted order, other files are left alone") {
    const Folder folder;
    folder.write("agent.conf", "[core]\nid = a\ndomain = x\n");
    folder.write("agent.conf.d/20.conf", "[core]\nid = c\n");
    folder.write("agent.conf.d/10.conf", "[core]\nid = b\n");
    folder.write("agent.conf.d/30.conf~", "[core]\nid = d\n");
    const auto settings = config::load(folder.main());
    REQUIRE(settings);
    CHECK(settings->core.id == "c");
    CHECK(settings->core.domain == "x");
    CHECK(settings->files.size() == 3);
}

TEST_CASE("all problems are told at once, each with its place and a near miss") {
    const Folder folder;
    folder.write("agent.conf.d/10.conf", "[log]\nlevel = warnin\n");
    CHECK(folder.problems("[agnet]\n[agent]\nnode-timeuot = 5 s\nstatus-interval = soon\n") ==
          "agent.conf:1:1: there is no section [agnet]; did you mean [agent]?\n"
          "agent.conf:3:1: there is no setting 'node-timeuot' in [agent]; did you mean 'node-timeout'?\n"
          "agent.conf:4:19: status-interval: 'soon' is no duration; write 500 ms, 60 s, 5 min or 1 h; a bare "
          "number is seconds\n"
          "agent.conf.d/10.conf:2:9: level: 'warnin' is none of debug, info, warning, error; did you mean "
          "warning?\n");
}

TEST_CASE("a bad member of a list is pointed at") {
    const Folder folder;
    CHECK(
        folder.problems("[amqp]\nurl = amqp://127.0.0.1:1 http://x\n").starts_with("agent.conf:2:26: url: "));
    CHECK(folder.problems("[amqp]\nurl = amqp://admin:hunter2@localhost\n").find("hunter2") ==
          std::string::npos);
    CHECK(folder.problems("[amqp]\nurl = amqp://admin:hunter2@localhost\n").find("neither user") !=
          std::string::npos);
}

TEST_CASE("numbers out of their range are refused") {
    const Folder folder;
    for (const char* line :
         {"max-frame-size = 1", "max-frame-size = 99999 MiB", "queue-events = -1", "credit = 0",
          "max-frame-size = 99999999999999999999", "idle-time-out = 99999999999999999 h",
          "queue-events = 5 KiB", "queue-events ="}) {
        INFO(line);
        CHECK(folder.problems("[amqp]\n" + std::string(line) + "\n").starts_with("agent.conf:2:"));
    }
}

TEST_CASE("what would be unsafe is refused") {
    const Folder folder;
    const std::string quick = "[quickstart]\nuser = admin\npassword = secret\n";
    CHECK(folder.problems(quick).empty());
    CHECK(folder.problems("[amqp]\nurl = amqps://127.0.0.1:0\n" + quick).empty());
    CHECK(folder.problems("[amqp]\nurl = amqps://127.0.0.1:0\n").find("needs a certificate") !=
          std::string::npos);
    CHECK(folder.problems("[amqp]\nurl = amqp://0.0.0.0:0\n").find("without TLS") != std::string::npos);
    CHECK(folder.problems("[amqp]\nurl = amqps://0.0.0.0:0\n" + quick).find("known password") !=
          std::string::npos);
    CHECK(folder.problems("[amqp]\ncertificate = c.pem\n").find("belong together") != std::string::npos);
    CHECK(folder.problems("[quickstart]\nuser = admin\n").find("both user and password") !=
          std::string::npos);
    CHECK(folder.problems("[core]\nid = a b\n").starts_with("agent.conf:2:6: id: "));
    CHECK(folder.problems("[agent]\nnode-timeout = 1 s\n").find("longer than status-interval") !=
          std::string::npos);
}

TEST_CASE("a default is shown as it is written") {
    const Folder folder;
    folder.write("agent.conf", "");
    const auto settings = config::load(folder.main());
    REQUIRE(settings);
    for (const config::Row& row : config::rows()) {
        if (row.derived) continue;
        INFO(row.section << " " << row.key);
        const std::string shown = row.member.show(*settings, row.bytes());
        // One minute is two ways to write one thing.
        CHECK(shown == (row.fallback == "60 s" ? "1 min" : std::string(row.fallback)));
    }
}

TEST_CASE("changes are told with both values, live ones are taken over, secrets are not shown") {
    const Folder folder;
    const auto load = [&](const std::string& text) {
        folder.write("agent.conf", text);
        auto settings = config::load(folder.main());
        REQUIRE(settings);
        return std::move(settings).value();
    };
    config::Settings running = load("[quickstart]\nuser = a\npassword = hunter2\n[module m]\nkey = one\n");
    const config::Settings wanted = load(
        "[amqp]\ncredit = 7\nmax-frame-size = 100000\n[log]\nlevel = debug\n[agent]\nevents = /x\n"
        "drain-time = 1500 ms\n[quickstart]\nuser = a\npassword = hunter3\n[module m]\nkey = two\n[module "
        "n]\n");
    std::string told;
    for (const config::Change& change : config::changes(running, wanted))
        told += to_string(change) + (change.live ? " (live)\n" : "\n");
    CHECK(told ==
          "[amqp] max-frame-size changed from 64 KiB to 100000\n"
          "[amqp] credit changed from 256 to 7\n"
          "[agent] events changed from /usr/share/clacks/events /etc/clacks/events to /x (live)\n"
          "[agent] drain-time changed from 5 s to 1500 ms (live)\n"
          "[log] level changed from info to debug (live)\n"
          "[quickstart] password changed\n[module m] changed\n[module n] changed\n");
    config::take_live(running, wanted);
    CHECK(running.log.level == config::LogLevel::Debug);
    CHECK(running.agent.events == std::vector<fs::path>{"/x"});
    CHECK(running.agent.events_configured);
    CHECK(running.amqp.credit == 256);
    CHECK(config::changes(running, wanted).size() == 5);
    CHECK(config::changes(wanted, wanted).empty());
}

TEST_CASE("a module's settings know their place") {
    const Folder folder;
    folder.write("agent.conf", "[module m]\n  key = value\n");
    const auto settings = config::load(folder.main());
    REQUIRE(settings);
    CHECK(settings->module_places.at({"m", ""}).line == 1);
    CHECK(settings->module_places.at({"m", "key"}).line == 2);
    CHECK(settings->module_places.at({"m", "key"}).column == 3);
}

TEST_CASE("the help tells of each setting its default and whether it is live") {
    const std::string help = config::settings_help();
    CHECK(help.find("level (debug, info, warning or error; default: info; live)") != std::string::npos);
    CHECK(help.find("credit (integer, messages; default: 256; restart)") != std::string::npos);
}

TEST_CASE("the quickstart file is good and stays on this machine") {
    const auto settings = config::load(fs::path(CLACKS_SOURCE_DIR) / "config/quickstart.conf");
    REQUIRE(settings);
    CHECK(settings->quickstart.user == "admin");
    CHECK(settings->acl.file == fs::path(CLACKS_SOURCE_DIR) / "config/quickstart.acl");
    CHECK(settings->agent.events == std::vector<fs::path>{fs::path(CLACKS_SOURCE_DIR) / "data/events"});
    for (const Url& listener : settings->amqp.listeners) CHECK(listener.loopback());
}

TEST_CASE("a file that is not there is one clear problem") {
    const auto settings = config::load("/nonexistent/agent.conf");
    REQUIRE_FALSE(settings);
    CHECK(shown(settings.error().front()).starts_with("/nonexistent/agent.conf: cannot be opened"));
}
