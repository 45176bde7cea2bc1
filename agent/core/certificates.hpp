// Watches how long the certificates and revocation lists in force will last.
#pragma once

#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "common/base/clock.hpp"
#include "common/log/log.hpp"

namespace clacks {

struct WatchedFile {
    std::string what;  // "certificate", for the log
    std::filesystem::path path;
};

// Thread safety: from any thread.
class CertificateWatch {
  public:
    using Say = std::function<void(log::Level, const Diagnostic&)>;
    // Says what it finds to the log unless `say` is given.
    explicit CertificateWatch(Say say = {});

    // Reads these files, which replace those before, tells the SHA-256 fingerprint and the expiry of each
    // certificate in them, and looks. A file that holds none was refused before, or is told then.
    void take(const std::vector<WatchedFile>& files, WallTime now);
    // Once a day, and when the clock was set back: a warning about what expires within 14 days, an error
    // about what has expired, a revocation list that is out of date, too. Else costs nothing.
    void look(WallTime now);

  private:
    struct Dated {
        WatchedFile file;
        std::string name;  // of whom it is
        WallTime until;
        bool list = false;  // a revocation list, which is renewed often: no warning before its end
    };
    void read(const WatchedFile& file);
    void look_at(const Dated& one, WallTime now) const;

    Say say_;
    std::mutex mutex_;
    std::vector<Dated> dated_;
    WallTime looked_{};
};

}  // namespace clacks
