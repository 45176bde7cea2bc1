// The texts that are made from a program's settings: help, sample file, reference page.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace clacks::config {

struct Section {
    std::string_view name;
    std::string_view help;
};

struct SettingText {
    std::string_view section, key, type, unit;
    std::string_view fallback;  // as it would be written
    std::string_view help;      // one sentence
    bool live = false;          // a change takes effect at a reload already
    bool derived = false;       // `fallback` is words: the default depends on the machine or another setting
};

struct ProgramTexts {
    std::span<const Section> sections;
    std::vector<SettingText> settings;  // grouped by section, in the order of the sections
    std::string help_head, help_tail;
    std::string sample_head;
    std::string reference_head, reference_tail;
};

std::string help_text(const ProgramTexts& texts);
std::string sample_text(const ProgramTexts& texts);
std::string reference_text(const ProgramTexts& texts);

}  // namespace clacks::config
