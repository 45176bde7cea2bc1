#include "common/config/values.hpp"

#include <charconv>
#include <utility>

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

// Digits at the front of the text, and what follows them without the space between.
bool split_number(std::string_view text, std::uint64_t& number, std::string_view& unit) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc()) return false;
    unit = text.substr(static_cast<std::size_t>(end - text.data()));
    const std::size_t start = unit.find_first_not_of(' ');
    unit = start == std::string_view::npos ? std::string_view() : unit.substr(start);
    return true;
}

struct Unit {
    std::string_view name;
    std::uint64_t factor;
};
constexpr Unit kBytes[] = {{"", 1}, {"KiB", 1024}, {"MiB", 1024 * 1024}};
constexpr Unit kDurations[] = {{"", 1000}, {"ms", 1}, {"s", 1000}, {"min", 60'000}, {"h", 3'600'000}};

template <std::size_t N>
bool scale(const Unit (&units)[N], std::string_view name, std::uint64_t& number) {
    for (const Unit& unit : units)
        if (unit.name == name) return !__builtin_mul_overflow(number, unit.factor, &number);
    return false;
}

// The largest unit that leaves a whole number; those without a name are only for reading.
template <std::size_t N>
std::string in_largest_unit(const Unit (&units)[N], std::uint64_t number) {
    const Unit* best = nullptr;
    for (const Unit& unit : units)
        if (!unit.name.empty() && number != 0 && number % unit.factor == 0) best = &unit;
    if (!best) return std::to_string(number);
    return std::to_string(number / best->factor) + " " + std::string(best->name);
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
    std::uint64_t number = 0;
    std::string_view unit;
    const bool known =
        split_number(value.text, number, unit) && (value.bytes ? scale(kBytes, unit, number) : unit.empty());
    if (!known)
        return bad(quoted(value.text) + (value.bytes ? " is no size" : " is no whole number"),
                   value.bytes ? "write 65536, 64 KiB or 1 MiB" : "write digits only");
    if (number < value.minimum || number > value.maximum)
        return bad(std::to_string(number) + " is not within " + std::to_string(value.minimum) + " to " +
                       std::to_string(value.maximum),
                   "choose a value in this range");
    out = number;
    return {};
}

Result<void, Diagnostic> read(const ValueText& value, std::chrono::milliseconds& out) {
    std::uint64_t number = 0;
    std::string_view unit;
    if (!split_number(value.text, number, unit) || !scale(kDurations, unit, number))
        return bad(quoted(value.text) + " is no duration",
                   "write 500 ms, 60 s, 5 min or 1 h; a bare number is seconds");
    if (number < value.minimum || number > value.maximum)
        return bad(quoted(value.text) + " is not within " + std::to_string(value.minimum) + " ms to " +
                       std::to_string(value.maximum / 1000) + " s",
                   "choose a value in this range");
    out = std::chrono::milliseconds(number);
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
    return bytes ? in_largest_unit(kBytes, value) : std::to_string(value);
}

std::string shown(std::chrono::milliseconds value, bool) {
    return in_largest_unit(kDurations, static_cast<std::uint64_t>(value.count()));
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
