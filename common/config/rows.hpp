// One row for each setting: everything that the reader and the generated texts know of it.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "common/config/settings.hpp"
#include "common/config/texts.hpp"

namespace clacks::config {

// A text on its way into a setting.
struct ValueText {
    std::string_view text;
    std::filesystem::path folder;  // what relative paths are relative to
    std::uint64_t minimum = 0;
    std::uint64_t maximum = 0;
    bool bytes = false;  // KiB and MiB may follow the number
};

// What can be done with the one member of Settings that a row stands for.
struct Access {
    // The error has message, hint and, when it is not the whole text, a column (1-based, within the text).
    Result<void, Diagnostic> (*set)(Settings&, const ValueText&);
    // As it could be written in a file; "none" when it is empty.
    std::string (*show)(const Settings&, bool bytes);
    void (*copy)(Settings& to, const Settings& from);
};

// When a change of the file takes effect: at a restart only, or at a reload already.
enum class Takes { Restart, Live };

struct Row {
    std::string_view section;
    std::string_view key;
    std::string_view type;
    std::string_view fallback;  // the default as it would be written; read at every load unless `derived`
    std::string_view unit;
    std::string_view help;  // one sentence
    Takes takes;            // NOLINT(clang-analyzer-optin.performance.Padding): in the order of the table
    Access member;
    std::uint64_t minimum = 0;
    std::uint64_t maximum = 0;
    bool derived = false;  // `fallback` is words: the default depends on the machine or another setting
    bool secret = false;   // never shown
    bool bytes() const { return unit == "bytes"; }
};

std::span<const Row> rows();  // grouped by section, in the order of sections()
std::span<const Section> sections();

}  // namespace clacks::config
