// The process of a module that runs outside the agent, and the socket to it.
//
// The process leads a process group of its own, has nothing of the agent's but its standard descriptors and
// one end of the socket, and is killed by the kernel when the agent's thread that started it ends.
//
// Not thread safe. Waiting is for the other process and takes real time.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "agent/modules/wire.hpp"
#include "common/base/result.hpp"

namespace clacks {

// clacks-module-host of the installation, or of the build, that this program belongs to.
std::filesystem::path module_host_program();

class ModuleProcess {
  public:
    // Starts `program` for the module; it has not said anything yet.
    static Result<std::unique_ptr<ModuleProcess>> start(const std::filesystem::path& program,
                                                        const std::filesystem::path& module);
    ~ModuleProcess();  // ends it
    ModuleProcess(const ModuleProcess&) = delete;
    ModuleProcess& operator=(const ModuleProcess&) = delete;

    pid_t id() const { return process_; }
    int socket() const { return socket_; }

    // Waits, reading meanwhile so that two full sockets keep nobody waiting, up to `patience` for each part
    // that the process takes. Errors: "frame-too-long", and nothing was sent; all others are the end.
    Result<void> send(const wire::Frame& frame, std::chrono::milliseconds patience);
    // The next frame; nothing when none has come within the time, zero for not waiting. An error is the end.
    Result<std::optional<wire::Frame>> receive(std::chrono::milliseconds patience);
    // Whether something was read that receive() has not given yet.
    bool pending() const { return reader_.held() > 0; }
    // Waits for its end up to `patience`, then kills its process group; what became of it, "was ended by
    // SIGSEGV". Call it once.
    std::string end(std::chrono::milliseconds patience);

  private:
    ModuleProcess(pid_t process, int handle, int socket)
        : process_(process), handle_(handle), socket_(socket) {}
    Result<bool> read_some();

    pid_t process_;
    int handle_;  // a pidfd
    int socket_;
    wire::FrameReader reader_;
    bool ended_ = false;
};

}  // namespace clacks
