// Starts a program: a session and process group of its own, nothing of the agent's but three descriptors.
#pragma once

#include <sys/types.h>

#include <string>
#include <utility>
#include <vector>

#include "agent/modules/exec/job.hpp"
#include "common/base/result.hpp"

namespace clacks::exec {

// Owns a file descriptor. Not thread safe.
class Descriptor {
  public:
    Descriptor() = default;
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }
    ~Descriptor();
    int get() const { return number_; }
    explicit operator bool() const { return number_ >= 0; }

  private:
    int number_ = -1;
};

struct Launched {
    pid_t process = 0;  // leads its process group; the caller reaps it
    Descriptor handle;  // a pidfd
    Descriptor output;  // its standard output and error, to be read without blocking
    Descriptor errors;
};

// `input` is what it reads from standard input; `environment` all that it has, as NAME=value. Returns once
// the program runs; the error says which step failed.
Result<Launched> launch(const Job& job, const std::string& input,
                        const std::vector<std::string>& environment);

}  // namespace clacks::exec
