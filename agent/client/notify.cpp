#include "agent/client/notify.hpp"

#include <signal.h>
#include <spawn.h>
#include <unistd.h>

#include <system_error>

namespace clacks::machine {

Result<void> notify(const std::filesystem::path& program, std::string user, std::string title,
                    std::string message) {
    std::string name = program.string();
    char* const arguments[] = {name.data(), user.data(), title.data(), message.data(), nullptr};
    // The daemon blocks and ignores signals; the program gets them as usual.
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none, usual;
    sigemptyset(&none);
    sigemptyset(&usual);
    for (const int number : {SIGPIPE, SIGCHLD}) sigaddset(&usual, number);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &usual);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    pid_t process = 0;
    const int error = posix_spawn(&process, name.c_str(), nullptr, &attributes, arguments, environ);
    posix_spawnattr_destroy(&attributes);
    if (error == 0) return {};
    Diagnostic failed;
    failed.code = "notify";
    failed.message = name + " cannot be started: " + std::system_category().message(error);
    failed.hint = "see [client] notify";
    return failed;
}

}  // namespace clacks::machine
