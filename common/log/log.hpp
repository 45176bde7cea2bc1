// The program's log: one line per change of state, on the console or in the systemd journal.
// Only the agent and the command line log; libraries return errors. Passwords never come here.
// A log that cannot be written stops nobody: its lines are counted, and told once it can be again.
//
// Thread safety: everything but start() and identify() may be called from any thread.
#pragma once

#include <string>
#include <string_view>

#include "common/base/result.hpp"

namespace clacks::log {

enum class Level { Debug, Info, Warning, Error };
enum class Target {
    Auto,  // the journal where standard error leads there, as in a service, else the console
    Console,
    Journal
};

// What programs select lines by; in the journal the fields CLACKS_CODE, CLACKS_PART and so on, on the
// console not shown. Empty ones are left out.
struct Fields {
    std::string_view code;    // what happened, stable: "ready", "config-key", …
    std::string_view part;    // who says it: "bus", "module"; "" for the agent as a whole
    std::string_view source;  // the file that a problem is in
    std::uint32_t line = 0, column = 0;
};

// Called once, at the start of main. Without it lines go to the console from level Info. A journal that is
// not there is told, and replaced by the console.
void start(Level level, Target target);
// The agent's id, in the field CLACKS_NODE of every line of the journal from now on. Before any thread.
void identify(std::string node);
// The least grave lines that are written from now on.
void set_level(Level level);

// Whether a line of this level would be written; for texts that cost something to make.
bool enabled(Level level);

// One line; control characters of `text` are escaped, so a stranger's text cannot forge a second line.
void write(Level level, std::string_view text, const Fields& fields = {});
// The problem in one line, with its code and place as fields; `before` stands before it.
void problem(Level level, const Diagnostic& problem, std::string_view before = {});

inline void debug(std::string_view text, const Fields& fields = {}) {
    write(Level::Debug, text, fields);
}
inline void info(std::string_view text, const Fields& fields = {}) {
    write(Level::Info, text, fields);
}
inline void warning(std::string_view text, const Fields& fields = {}) {
    write(Level::Warning, text, fields);
}
inline void error(std::string_view text, const Fields& fields = {}) {
    write(Level::Error, text, fields);
}

// Whether lines go to standard error.
bool on_console();

// While lines are lost: what cannot be written, why, how many lines so far, and what to do. Else "".
std::string failure();

}  // namespace clacks::log
