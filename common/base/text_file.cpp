#include "common/base/text_file.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>

namespace clacks {

namespace {

Diagnostic unreadable(const std::filesystem::path& file, std::string why, std::string hint) {
    Diagnostic found;
    found.code = "config-file";
    found.message = std::move(why);
    found.hint = std::move(hint);
    found.source = file.string();
    return found;
}

}  // namespace

Result<std::string> read_text_file(const std::filesystem::path& file, const std::string& what) {
    std::error_code ignored;
    if (std::filesystem::is_directory(file, ignored))
        return unreadable(file, "is a folder, not a file", "name " + what + " itself");
    std::ifstream in(file, std::ios::binary);
    if (!in)
        return unreadable(file, std::string("cannot be opened: ") + std::strerror(errno),
                          "check the name and its permissions");
    std::string text(kMaxTextFile + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(in.gcount()));
    if (in.bad()) return unreadable(file, "cannot be read", "check that the disk is well");
    if (text.size() > kMaxTextFile) return unreadable(file, "is longer than 1 MiB", "this is hardly " + what);
    if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
    return text;
}

}  // namespace clacks
