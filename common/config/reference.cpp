// The texts that are made from the rows: help, sample file, reference page.
#include <sstream>

#include "common/config/rows.hpp"

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

std::string type_of(const Row& row) {
    std::string text(row.type);
    if (!row.unit.empty()) text += ", " + std::string(row.unit);
    return text;
}

std::string takes(const Row& row) {
    return row.takes == Takes::Live ? "live" : "restart";
}

// The rows of a section, in their order.
template <class Visit>
void each(const Section& section, Visit visit) {
    for (const Row& row : rows())
        if (row.section == section.name) visit(row);
}

}  // namespace

std::string settings_help() {
    std::ostringstream out;
    out << "Settings. A change takes effect at a reload where it says live, else at a restart.\n";
    for (const Section& section : sections()) {
        out << "[" << section.name << "]  " << section.help << "\n";
        each(section, [&](const Row& row) {
            out << "  " << row.key << " (" << type_of(row) << "; default: " << row.fallback << "; "
                << takes(row) << ")\n";
            wrap(out, row.help, "      ");
        });
    }
    out << "[module NAME]  Loads the module; its settings, as its own documentation says.\n";
    return out.str();
}

std::string sample_file() {
    std::ostringstream out;
    out << "# Settings of clacks-agent. Every line is a comment that shows the default; remove the # to "
           "change it.\n"
           "# Files *.conf in the folder agent.conf.d beside this one are read after it, in sorted order.\n"
           "# `clacks-agent --check` tells whether all is well.\n";
    for (const Section& section : sections()) {
        out << "\n# " << section.help << "\n"
            << (section.name == "quickstart" ? "#" : "") << "[" << section.name << "]\n";
        each(section, [&](const Row& row) {
            out << "\n";
            wrap(out, row.help, "# ");
            out << "# (" << type_of(row) << "; a change takes effect "
                << (row.takes == Takes::Live ? "at a reload" : "at a restart") << ")\n";
            if (row.derived)
                out << "# Default: " << row.fallback << ".\n#" << row.key << " =\n";
            else
                out << "#" << row.key << " = " << row.fallback << "\n";
        });
    }
    return out.str();
}

std::string reference_markdown() {
    std::ostringstream out;
    out << "# Configuration\n\n"
           "`clacks-agent` reads `/etc/clacks/agent.conf` (or `--config FILE`), then the files `*.conf` of "
           "the folder\n"
           "of the same name with `.d` behind it, sorted; a later value replaces an earlier one. A line is\n"
           "`[section]`, `key = value` or a comment that begins with `#` or `;`. A value ends with its line. "
           "Lists have\n"
           "spaces between their members. A size may carry `KiB` or `MiB`, a duration `ms`, `s`, `min` or "
           "`h`; a bare\n"
           "duration is seconds. Relative paths start at the folder of the file that names them.\n\n"
           "Unknown sections and keys and bad values are errors: `clacks-agent --check` shows all of them, "
           "each with\n"
           "file, line and column, and touches nothing. A reload (SIGHUP, or the command `reload`) reads the "
           "files anew,\n"
           "takes what is live, and tells each change that needs a restart, with its old and its new value; "
           "with an\n"
           "error anywhere everything stays as it was. This page and the sample file are printed by\n"
           "`clacks-config-doc`.\n";
    for (const Section& section : sections()) {
        out << "\n## [" << section.name << "]\n\n"
            << section.help
            << "\n\n| key | type | default | live or restart | meaning |\n|---|---|---|---|---|\n";
        each(section, [&](const Row& row) {
            const char* quote = row.derived ? "" : "`";
            out << "| `" << row.key << "` | " << type_of(row) << " | " << quote << row.fallback << quote
                << " | " << takes(row) << " | " << row.help << " |\n";
        });
    }
    out << "\n## [module NAME]\n\nLoads the module of that name, also when no setting follows; its page "
           "tells the settings, and the module checks them. A module that does the same thing several times "
           "has "
           "a section for each, `[module NAME INSTANCE]`. A change takes effect at a restart.\n";
    return out.str();
}

}  // namespace clacks::config
