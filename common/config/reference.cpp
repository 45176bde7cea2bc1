// The agent's texts: its rows, with what stands before and behind them.
#include "common/config/rows.hpp"

namespace clacks::config {

namespace {

ProgramTexts agent_texts() {
    ProgramTexts texts;
    texts.sections = sections();
    texts.settings.reserve(rows().size());
    for (const Row& row : rows())
        texts.settings.push_back({row.section, row.key, row.type, row.unit, row.fallback, row.help,
                                  row.takes == Takes::Live, row.derived});
    texts.help_head = "Settings. A change takes effect at a reload where it says live, else at a restart.\n";
    texts.help_tail = "[module NAME]  Loads the module; its settings, as its own documentation says.\n";
    texts.sample_head =
        "# Settings of clacks-agent. Every line is a comment that shows the default; remove the # to "
        "change it.\n"
        "# Files *.conf in the folder agent.conf.d beside this one are read after it, in sorted order.\n"
        "# `clacks-agent --check` tells whether all is well.\n";
    texts.reference_head =
        "# Configuration\n\n"
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
    texts.reference_tail =
        "\n## [module NAME]\n\nLoads the module of that name, also when no setting follows; its page "
        "tells the settings, and the module checks them. A module that does the same thing several times "
        "has "
        "a section for each, `[module NAME INSTANCE]`. A change takes effect at a restart.\n\n"
        "Two keys are for every loadable module, in `[module NAME]`:\n\n"
        "| key | type | default | meaning |\n|---|---|---|---|\n"
        "| `process` | `agent` or `own` | `agent` | Where the module runs. A module with a process of its "
        "own "
        "may crash or hang without the agent. |\n"
        "| `watchdog` | duration | `30 s` | With `process = own`: a process that has not answered for so "
        "long is killed and started anew. From 1 s to 1 h. |\n";
    return texts;
}

}  // namespace

std::string settings_help() {
    return help_text(agent_texts());
}

std::string sample_file() {
    return sample_text(agent_texts());
}

std::string reference_markdown() {
    return reference_text(agent_texts());
}

}  // namespace clacks::config
