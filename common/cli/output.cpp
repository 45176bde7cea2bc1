#include "common/cli/output.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "common/base/excerpt.hpp"
#include "common/base/text.hpp"

namespace clacks::cli {

namespace {

int broken = 0;  // errno of the first print() that failed; only the thread that prints looks

std::size_t width(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

// W3C codes are worth a person's search, "event-invalid" and its like are not.
bool shown_code(const std::string& code) {
    return code.size() == 8 && code.find('-') == std::string::npos;
}

}  // namespace

bool print(std::string_view text) {
    if (broken != 0) return false;
    if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0)
        return true;
    broken = errno != 0 ? errno : EIO;
    return false;
}

std::string output_failure() {
    if (broken == 0 || broken == EPIPE) return {};
    return std::string("standard output cannot be written: ") + std::strerror(broken);
}

bool on_terminal() {
    return ::isatty(STDOUT_FILENO) == 1;
}

bool colours() {
    const char* none = std::getenv("NO_COLOR");
    const char* terminal = std::getenv("TERM");
    return on_terminal() && !(none && *none) && !(terminal && std::string_view(terminal) == "dumb");
}

void say(std::string_view text) {
    std::fprintf(stderr, "clacks: %s\n", one_line(text, 4000).c_str());
}

std::string readable(const Diagnostic& diagnostic) {
    Diagnostic shown = diagnostic;
    if (!shown_code(shown.code)) shown.code.clear();
    return to_string(shown);
}

void point_out(const Diagnostic& problem, std::string_view text) {
    const std::string lines = excerpt(text, problem);
    for (std::string_view rest = lines; !rest.empty();) {
        const std::size_t end = rest.find('\n') + 1;
        std::fprintf(stderr, "    %.*s", static_cast<int>(end), rest.data());
        rest.remove_prefix(end);
    }
}

int failed(const Diagnostic& why) {
    say(readable(why));
    return 1;
}

int failed(const rpc::Error& why) {
    say(why.message);
    return 1;
}

std::string json_text(const nlohmann::json& value, bool indent) {
    return value.dump(indent ? 2 : -1, ' ', on_terminal(), nlohmann::json::error_handler_t::replace);
}

std::string cell(const nlohmann::json& value) {
    if (value.is_null()) return {};
    if (value.is_string()) return one_line(value.get<std::string>(), 10000);
    return one_line(json_text(value, false), 10000);
}

std::string table(const std::vector<std::string>& header, const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::vector<std::string>> all = rows;
    if (!header.empty()) all.insert(all.begin(), header);
    std::vector<std::size_t> widths;
    for (const auto& row : all) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width(row[i]));
    }
    std::string text;
    for (const auto& row : all) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            line += row[i];
            if (i + 1 < row.size()) line.append(widths[i] - width(row[i]) + 2, ' ');
        }
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + "\n";
    }
    return text;
}

}  // namespace clacks::cli
