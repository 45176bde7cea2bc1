#include "common/config/values.hpp"

#include <utility>

#include "common/base/quantity.hpp"
#include "common/base/text.hpp"

namespace clacks::config {

namespace {

Diagnostic bad(std::string message, std::string hint, std::uint32_t column = 1) {
    Diagnostic problem;
    problem.code = "config-value";
    problem.message = std::move(message);
    problem.hint = std::move(hint);
    problem.column = column;
    return problem;
}

std::string quoted(std::string_view text) {
    return "'" + one_line(text, 80) + "'";
}

constexpr std::pair<std::string_view, LogLevel> kLevels[] = {{"debug", LogLevel::Debug},
                                                             {"info", LogLevel::Info},
                                                             {"warning", LogLevel::Warning},
                                                             {"error", LogLevel::Error}};
constexpr std::pair<std::string_view, LogTarget> kTargets[] = {
    {"auto", LogTarget::Auto}, {"console", LogTarget::Console}, {"journal", LogTarget::Journal}};

struct Word {
    std::string_view text;
    std::uint32_t column;
};
std::vector<Word> words(std::string_view text) {
    std::vector<Word> result;
    std::size_t begin = text.find_first_not_of(" \t,");
    while (begin != std::string_view::npos) {
        const std::size_t end = text.find_first_of(" \t,", begin);
        result.push_back(
            {text.substr(begin, end - begin), static_cast<std::uint32_t>(position_of(text, begin).column)});
        begin = end == std::string_view::npos ? end : text.find_first_not_of(" \t,", end);
    }
    return result;
}

std::filesystem::path resolve(std::string_view text, const std::filesystem::path& folder) {
    const std::filesystem::path path(text);
    return (path.is_absolute() ? path : folder / path).lexically_normal();
}

template <class Enum, std::size_t N>
Result<void, Diagnostic> choose(const std::pair<std::string_view, Enum> (&choices)[N], std::string_view text,
                                Enum& out) {
    std::vector<std::string> names;
    std::string list;
    for (const auto& [name, value] : choices) {
        if (name == text) {
            out = value;
            return {};
        }
        names.emplace_back(name);
        list += (list.empty() ? "" : ", ") + names.back();
    }
    const std::string near = nearest(text, names);
    return bad(quoted(text) + " is none of " + list,
               near.empty() ? "write one of these" : "did you mean " + near + "?");
}

template <class Enum, std::size_t N>
std::string name_of(const std::pair<std::string_view, Enum> (&choices)[N], Enum value) {
    for (const auto& [name, choice] : choices)
        if (choice == value) return std::string(name);
    return "none";
}

}  // namespace

Result<void, Diagnostic> read(const ValueText& value, std::string& out) {
    if (value.text.empty()) return bad("the value is missing", "put # before the line for the default");
    out = value.text;
    return {};
}

Result<void, Diagnostic> read(const ValueText& value, std::size_t& out) {
    auto number = value.bytes ? parse_size(value.text) : parse_count(value.text);
    if (!number) return std::move(number).error();
    if (*number < value.minimum || *number > value.maximum)
        return bad(std::to_string(*number) + " is not within " + std::to_string(value.minimum) + " to " +
                       std::to_string(value.maximum),
                   "choose a value in this range");
    out = *number;
    return {};
}

Result<void, Diagnostic> read(const ValueText& value, std::chrono::milliseconds& out) {
    auto duration = parse_duration(value.text);
    if (!duration) return std::move(duration).error();
    const auto number = static_cast<std::uint64_t>(duration->count());
    if (number < value.minimum || number > value.maximum)
        return bad(quoted(value.text) + " is not within " + std::to_string(value.minimum) + " ms to " +
                       std::to_string(value.maximum / 1000) + " s",
                   "choose a value in this range");
    out = *duration;
    return {};
}

Result<void, Diagnostic> read(const ValueText& value, std::filesystem::path& out) {
    if (value.text.empty()) return bad("the path is missing", "put # before the line for the default");
    out = resolve(value.text, value.folder);
    return {};
}

Result<void, Diagnostic> read(const ValueText& value, std::vector<std::filesystem::path>& out) {
    std::vector<std::filesystem::path> result;
    for (const Word& word : words(value.text)) result.push_back(resolve(word.text, value.folder));
    if (result.empty()) return bad("the list of paths is empty", "name at least one, with spaces between");
    out = std::move(result);
    return {};
}

Result<void, Diagnostic> read(const ValueText& value, std::vector<Url>& out) {
    std::vector<Url> result;
    for (const Word& word : words(value.text)) {
        Result<Url> url = parse_url(word.text);
        if (!url) return bad(url.error().message, url.error().hint, word.column);
        if (!url->user.empty() || !url->password.empty() || !url->path.empty())
            return bad("a listener's URL has neither user, password nor path",
                       "write " + url->scheme + "://" + url->host + ":" + std::to_string(url->port),
                       word.column);
        result.push_back(std::move(*url));
    }
    if (result.empty()) return bad("the list of listeners is empty", "write amqp://127.0.0.1:5672");
    out = std::move(result);
    return {};
}

Result<void, Diagnostic> read(const ValueText& value, LogLevel& out) {
    return choose(kLevels, value.text, out);
}

Result<void, Diagnostic> read(const ValueText& value, LogTarget& out) {
    return choose(kTargets, value.text, out);
}

std::string shown(const std::string& value, bool) {
    return value.empty() ? "none" : value;
}

std::string shown(std::size_t value, bool bytes) {
    return bytes ? size_text(value) : std::to_string(value);
}

std::string shown(std::chrono::milliseconds value, bool) {
    return duration_text(value);
}

std::string shown(const std::filesystem::path& value, bool) {
    return shown(value.string(), false);
}

std::string shown(const std::vector<std::filesystem::path>& value, bool) {
    std::string text;
    for (const std::filesystem::path& path : value) text += (text.empty() ? "" : " ") + path.string();
    return text;
}

std::string shown(const std::vector<Url>& value, bool) {
    std::string text;
    for (const Url& url : value) text += (text.empty() ? "" : " ") + url.shown();
    return text;
}

std::string shown(LogLevel value, bool) {
    return name_of(kLevels, value);
}

std::string shown(LogTarget value, bool) {
    return name_of(kTargets, value);
}

}  // namespace clacks::config
