// The settings of clacks-client, typed. Each is one row of kRows in settings.cpp, which `--help`, the sample
// client.conf and docs/client-configuration.md are made from.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>

#include "common/base/result.hpp"
#include "common/config/settings.hpp"

namespace clacks::machine {

struct Settings {
    std::string id;    // the client's UUID, lower case; "" only where it was not derived
    std::string name;  // the host's
    std::string url;
    std::filesystem::path ca;
    std::filesystem::path certificate, private_key;
    std::chrono::milliseconds ping_interval{};
    std::chrono::milliseconds answer_window{};
    std::filesystem::path notify;  // "": users are not notified
    config::LogLevel log_level{};
    config::LogTarget log_target{};
};

struct Loaded {
    Settings settings;  // as far as they could be read, the others with their defaults
    Diagnostics problems;
};

inline constexpr const char* kDefaultFile = "/etc/clacks/client.conf";

// Reads the file and the drop-ins FILE.d/*.conf, and all their problems at once, as file:line:column. What
// they do not say is taken from the machine.
Loaded load(const std::filesystem::path& file);

// Texts made from the rows.
std::string settings_help();
std::string sample_file();
std::string reference_markdown();

}  // namespace clacks::machine
