// Any configuration is read, or every problem has its place and what to do, the same at every reading. Input:
// the text of the file, which is on a file system in memory.
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "common/config/settings.hpp"

using namespace clacks;

namespace {

class File {
  public:
    File() : descriptor_(::memfd_create("config", 0)) {
        if (descriptor_ < 0) std::abort();
    }
    void write(const std::uint8_t* data, std::size_t size) const {
        if (::ftruncate(descriptor_, 0) != 0) std::abort();
        if (::pwrite(descriptor_, data, size, 0) != static_cast<ssize_t>(size)) std::abort();
    }
    std::filesystem::path path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

  private:
    int descriptor_;
};

void check_problem(const Diagnostic& problem, std::uint32_t lines) {
    if (problem.message.empty() || problem.hint.empty() || problem.source.empty()) std::abort();
    if (problem.line > lines || (problem.line == 0) != (problem.column == 0)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const File file;
    file.write(data, size);
    const auto lines = static_cast<std::uint32_t>(1 + std::count(data, data + size, '\n'));
    const auto loaded = config::load_all(file.path());
    for (const Diagnostic& problem : loaded.problems) check_problem(problem, lines);
    const auto again = config::load_all(file.path());
    if (again.problems.size() != loaded.problems.size()) std::abort();
    if (!config::changes(loaded.settings, again.settings).empty()) std::abort();
    return 0;
}
