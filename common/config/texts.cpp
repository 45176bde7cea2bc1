#include "common/config/texts.hpp"

#include <sstream>

namespace clacks::config {

namespace {

// Text in lines of at most `width`, each behind `prefix`.
void wrap(std::ostream& out, std::string_view text, std::string_view prefix, std::size_t width = 96) {
    std::istringstream words{std::string(text)};
    std::string line(prefix), word;
    bool empty = true;
    while (words >> word) {
        if (!empty && line.size() + 1 + word.size() > width) {
            out << line << '\n';
            line = prefix;
            empty = true;
        }
        line += (empty ? "" : " ") + word;
        empty = false;
    }
    out << line << '\n';
}

std::string type_of(const SettingText& setting) {
    std::string text(setting.type);
    if (!setting.unit.empty()) text += ", " + std::string(setting.unit);
    return text;
}

const char* takes(const SettingText& setting) {
    return setting.live ? "live" : "restart";
}

// The settings of a section, in their order.
template <class Visit>
void each(const ProgramTexts& texts, const Section& section, Visit visit) {
    for (const SettingText& setting : texts.settings)
        if (setting.section == section.name) visit(setting);
}

}  // namespace

std::string help_text(const ProgramTexts& texts) {
    std::ostringstream out;
    out << texts.help_head;
    for (const Section& section : texts.sections) {
        out << "[" << section.name << "]  " << section.help << "\n";
        each(texts, section, [&](const SettingText& setting) {
            out << "  " << setting.key << " (" << type_of(setting) << "; default: " << setting.fallback
                << "; " << takes(setting) << ")\n";
            wrap(out, setting.help, "      ");
        });
    }
    out << texts.help_tail;
    return out.str();
}

std::string sample_text(const ProgramTexts& texts) {
    std::ostringstream out;
    out << texts.sample_head;
    for (const Section& section : texts.sections) {
        out << "\n# " << section.help << "\n"
            << (section.name == "quickstart" ? "#" : "") << "[" << section.name << "]\n";
        each(texts, section, [&](const SettingText& setting) {
            out << "\n";
            wrap(out, setting.help, "# ");
            out << "# (" << type_of(setting) << "; a change takes effect "
                << (setting.live ? "at a reload" : "at a restart") << ")\n";
            if (setting.derived)
                out << "# Default: " << setting.fallback << ".\n#" << setting.key << " =\n";
            else
                out << "#" << setting.key << " = " << setting.fallback << "\n";
        });
    }
    return out.str();
}

std::string reference_text(const ProgramTexts& texts) {
    std::ostringstream out;
    out << texts.reference_head;
    for (const Section& section : texts.sections) {
        out << "\n## [" << section.name << "]\n\n"
            << section.help
            << "\n\n| key | type | default | live or restart | meaning |\n|---|---|---|---|---|\n";
        each(texts, section, [&](const SettingText& setting) {
            const char* quote = setting.derived ? "" : "`";
            out << "| `" << setting.key << "` | " << type_of(setting) << " | " << quote << setting.fallback
                << quote << " | " << takes(setting) << " | " << setting.help << " |\n";
        });
    }
    out << texts.reference_tail;
    return out.str();
}

}  // namespace clacks::config
