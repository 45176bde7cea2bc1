// The program's log: one line per change of state, on the console or in the systemd journal.
// Only the agent and the command line log; libraries return errors. Passwords never come here.
//
// Thread safety: everything but start() may be called from any thread.
#pragma once

#include <string>
#include <string_view>

namespace clacks::log {

enum class Level { Debug, Info, Warning, Error };
enum class Target { Console, Journal };

// Called once, at the start of main. Without it lines go to the console from level Info.
void start(Level level, Target target);

// Whether a line of this level would be written; for texts that cost something to make.
bool enabled(Level level);

// One line; control characters of `text` are escaped, so a stranger's text cannot forge a second line.
void write(Level level, std::string_view text);

inline void debug(std::string_view text) {
    write(Level::Debug, text);
}
inline void info(std::string_view text) {
    write(Level::Info, text);
}
inline void warning(std::string_view text) {
    write(Level::Warning, text);
}
inline void error(std::string_view text) {
    write(Level::Error, text);
}

// Writes what is buffered.
void flush();

}  // namespace clacks::log
