// Typed values of one section of a module, with all problems at their keys.
//
//     SettingsReader read(settings.values, "[module mine]", problems);
//     interval_ = read.duration("interval", 10s, 1s, 24h);
//
// Not thread safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <utility>

#include "common/base/quantity.hpp"
#include "common/base/result.hpp"

namespace clacks {

class SettingsReader {
  public:
    // All three must outlive the reader. `section` is as in the file.
    SettingsReader(const std::map<std::string, std::string>& values, std::string section,
                   Diagnostics& problems)
        : values_(values), section_(std::move(section)), problems_(problems) {}

    bool has(const std::string& key) const { return values_.contains(key); }

    std::string text(const std::string& key, const std::string& fallback = "") const {
        const auto found = values_.find(key);
        return found == values_.end() ? fallback : found->second;
    }
    std::uint64_t count(const std::string& key, std::uint64_t fallback, std::uint64_t minimum,
                        std::uint64_t maximum) {
        return ranged(key, fallback, minimum, maximum, parse_count);
    }
    // Bytes.
    std::uint64_t size(const std::string& key, std::uint64_t fallback, std::uint64_t minimum,
                       std::uint64_t maximum) {
        return ranged(key, fallback, minimum, maximum, parse_size);
    }
    std::chrono::milliseconds duration(const std::string& key, std::chrono::milliseconds fallback,
                                       std::chrono::milliseconds minimum, std::chrono::milliseconds maximum) {
        return ranged(key, fallback, minimum, maximum, parse_duration);
    }
    bool boolean(const std::string& key, bool fallback) {
        const std::string value = text(key, fallback ? "yes" : "no");
        if (value != "yes" && value != "no")
            problem(key, key + ": '" + value + "' is neither yes nor no", "write yes or no");
        return value == "yes";
    }
    // Absolute, as a section may come from any file.
    std::filesystem::path path(const std::string& key, const std::filesystem::path& fallback = {}) {
        std::filesystem::path value = text(key, fallback.string());
        if (!value.empty() && value.is_relative())
            problem(key, key + ": '" + value.string() + "' is a relative path", "write it from / on");
        return value;
    }
    // `key` is "" where the section itself is at fault.
    void problem(const std::string& key, std::string message, std::string hint) {
        Diagnostic found;
        found.code = "config-value";
        found.message = section_ + " " + std::move(message);
        found.hint = std::move(hint);
        found.source = section_;
        found.path = key;
        problems_.push_back(std::move(found));
    }

  private:
    template <class Value, class Parse>
    Value ranged(const std::string& key, Value fallback, Value minimum, Value maximum, Parse parse) {
        if (!has(key)) return fallback;
        auto value = parse(text(key));
        if (!value) {
            problem(key, key + ": " + value.error().message, value.error().hint);
            return fallback;
        }
        if (*value >= minimum && *value <= maximum) return *value;
        problem(key, key + ": " + text(key) + " is not within " + shown(minimum) + " to " + shown(maximum),
                "choose a value in this range");
        return fallback;
    }
    static std::string shown(std::uint64_t value) { return std::to_string(value); }
    static std::string shown(std::chrono::milliseconds value) { return duration_text(value); }

    const std::map<std::string, std::string>& values_;
    std::string section_;
    Diagnostics& problems_;
};

}  // namespace clacks
