// PuppetReport events from Puppet's report store: a folder for each host, a YAML file for each run.
#include <fcntl.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <map>
#include <set>
#include <stdexcept>
#include <tuple>

#include "agent/api/module.hpp"
#include "agent/api/settings_reader.hpp"
#include "agent/modules/puppet/report.hpp"
#include "common/base/text.hpp"
#include "common/events/event_maker.hpp"

namespace clacks::puppet {

namespace {

namespace fs = std::filesystem;

constexpr const char* kReports = "/var/cache/puppet/reports";
constexpr std::uint64_t kMaxSize = std::uint64_t{8} << 20;
// Puppet writes a file beside the report and renames it; others may write it in place.
constexpr std::uint32_t kFolderEvents = IN_MOVED_TO | IN_CLOSE_WRITE | IN_ONLYDIR | IN_DONT_FOLLOW;
constexpr std::uint32_t kRootEvents = IN_CREATE | IN_MOVED_TO | IN_ONLYDIR;

std::string event_of(const Report& report) {
    EventMaker e;
    EventElement event("PuppetReport");
    event.add(e("Id", report.host));
    for (const LogEntry& entry : report.logs) {
        EventElement log("PuppetLog");
        log.add(e("Timestamp", entry.time));
        log.add(e("Level", entry.level));
        log.add(e("Message", entry.message));
        if (!entry.source.empty()) log.add(e("Source", entry.source));
        if (!entry.file.empty()) log.add(e("File", entry.file));
        if (!entry.line.empty()) log.add(e("Line", entry.line));
        if (!report.version.empty()) log.add(e("Version", report.version));
        if (!entry.tags.empty()) {
            EventElement tags("Tag");
            for (const std::string& tag : entry.tags) tags.add(e("value", tag));
            log.add(tags);
        }
        event.add(log);
    }
    return e("Event", event).str();
}

class Descriptor {
  public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int get() const { return number_; }

  private:
    int number_;
};

class PuppetModule final : public Module {
  public:
    ~PuppetModule() override {
        if (inotify_ >= 0) ::close(inotify_);
    }
    std::string_view name() const override { return "puppet"; }

    std::vector<ModuleSetting> keys() const override {
        return {{"reports", "path", kReports, "Puppet's reportdir."},
                {"max-size", "size, bytes", "8 MiB", "A longer report is refused."}};
    }

    Result<void, Diagnostics> configure(const ModuleSettings& settings) override {
        Diagnostics problems;
        SettingsReader read(settings.values, "[module puppet]", problems);
        root_ = read.path("reports", kReports);
        max_size_ = read.size("max-size", kMaxSize, 1024, std::uint64_t{1} << 30);
        if (!problems.empty()) return problems;
        return {};
    }

    void start(ModuleContext& context) override {
        context_ = &context;
        inotify_ = ::inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
        root_watch_ = inotify_ < 0 ? -1 : ::inotify_add_watch(inotify_, root_.c_str(), kRootEvents);
        if (root_watch_ < 0)
            throw std::runtime_error("cannot watch " + root_.string() + ": " + std::strerror(errno) +
                                     "; set reports to Puppet's reportdir, and let the agent read it");
        std::error_code error;
        for (fs::directory_iterator at(root_, error); !error && at != fs::directory_iterator();
             at.increment(error))
            watch_folder(at->path());
        context.watch(inotify_, Ready::read, [this] { on_ready(); });
    }

    void stop() override { context_->unwatch(inotify_); }

  private:
    using File = std::tuple<std::string, ino_t, time_t, long>;  // a name, and what it stood for

    bool watch_folder(const fs::path& folder) {
        const int watch = ::inotify_add_watch(inotify_, folder.c_str(), kFolderEvents);
        if (watch >= 0) {
            folders_[watch] = folder;
            return true;
        }
        if (errno != ENOTDIR && errno != ENOENT)
            context_->log_warning("cannot watch " + one_line(folder.string(), 1000) + ": " +
                                  std::strerror(errno));
        return false;
    }

    // The first report of a host may be there before its folder is watched.
    void take_new_folder(const fs::path& folder) {
        if (!watch_folder(folder)) return;
        std::error_code error;
        for (fs::directory_iterator at(folder, error); !error && at != fs::directory_iterator();
             at.increment(error))
            take(at->path(), true);
    }

    void on_ready() {
        alignas(inotify_event) std::array<char, 16 * 1024> buffer;
        ssize_t length = 0;
        while ((length = ::read(inotify_, buffer.data(), buffer.size())) > 0) {
            for (const char* at = buffer.data(); at < buffer.data() + length;) {
                const auto* event = reinterpret_cast<const inotify_event*>(at);
                on_event(*event, event->len > 0 ? event->name : "");
                at += sizeof(inotify_event) + event->len;
            }
        }
    }

    void on_event(const inotify_event& event, const std::string& name) {
        if (event.mask & IN_Q_OVERFLOW) return context_->log_warning("reports came too fast: some are lost");
        if (event.mask & IN_IGNORED) {
            folders_.erase(event.wd);
            return;
        }
        if (event.wd == root_watch_) {
            if (event.mask & IN_ISDIR) take_new_folder(root_ / name);
            return;
        }
        const auto folder = folders_.find(event.wd);
        if (folder != folders_.end() && !(event.mask & IN_ISDIR)) take(folder->second / name, false);
    }

    // `found`: by looking, so that the same file may be told of once more.
    void take(const fs::path& file, bool found) {
        if (file.extension() != ".yaml") return;
        const Descriptor opened(::open(file.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
        struct stat status {};
        if (opened.get() < 0 || ::fstat(opened.get(), &status) != 0)
            return refuse(file, std::strerror(errno));
        if (!S_ISREG(status.st_mode)) return refuse(file, "it is no regular file");
        File identity{file.string(), status.st_ino, status.st_mtim.tv_sec, status.st_mtim.tv_nsec};
        if (found_.erase(identity) > 0) return;
        if (found) found_.insert(std::move(identity));
        if (static_cast<std::uint64_t>(status.st_size) > max_size_)
            return refuse(file, "it is longer than " + size_text(max_size_) + " (max-size)");
        std::string yaml(static_cast<std::size_t>(status.st_size), '\0');
        const ssize_t length = ::read(opened.get(), yaml.data(), yaml.size());
        if (length < 0) return refuse(file, std::strerror(errno));
        yaml.resize(static_cast<std::size_t>(length));
        send(file, yaml);
    }

    void send(const fs::path& file, const std::string& yaml) {
        const auto report = read_report(yaml);
        if (!report) return refuse(file, to_string(report.error()));
        if (auto sent = context_->send(event_of(*report)); !sent) refuse(file, to_string(sent.error()));
    }

    void refuse(const fs::path& file, const std::string& why) {
        context_->log_warning("refused the report " + one_line(file.string(), 1000) + ": " +
                              one_line(why, 1000));
    }

    ModuleContext* context_ = nullptr;
    fs::path root_;
    std::uint64_t max_size_ = kMaxSize;
    int inotify_ = -1, root_watch_ = -1;
    std::map<int, fs::path> folders_;  // by watch
    std::set<File> found_;             // until inotify tells of them
};

}  // namespace

}  // namespace clacks::puppet

CLACKS_MODULE(clacks::puppet::PuppetModule)
