#include "agent/modules/collectd/command_format.hpp"

#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <string>

#include "common/base/text.hpp"

namespace clacks::collectd {

namespace {

using Words = std::vector<std::string>;

std::string shown(std::string_view text) {
    return "'" + one_line(text, 80) + "'";
}

// Words by blanks; one in quotation marks may hold blanks, and \" and \\ in it stand for " and \.
std::optional<Words> split(std::string_view line) {
    Words words;
    for (std::size_t i = 0; i < line.size();) {
        if (line[i] == ' ' || line[i] == '\t') {
            ++i;
            continue;
        }
        std::string word;
        if (line[i] != '"') {
            while (i < line.size() && line[i] != ' ' && line[i] != '\t') word += line[i++];
        } else {
            for (++i; i < line.size() && line[i] != '"'; ++i) {
                if (line[i] == '\\') ++i;
                if (i < line.size()) word += line[i];
            }
            if (i >= line.size()) return std::nullopt;
            ++i;
        }
        words.push_back(std::move(word));
    }
    return words;
}

template <class T>
std::optional<T> whole(std::string_view text) {
    T number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

std::optional<Number> number_of(std::string_view text) {
    if (text == "U") return std::numeric_limits<double>::quiet_NaN();
    if (const auto number = whole<std::int64_t>(text)) return *number;
    if (const auto number = whole<std::uint64_t>(text)) return *number;
    if (const auto number = whole<double>(text)) return *number;
    return std::nullopt;
}

// What a name and its instance share one word for: PLUGIN-INSTANCE.
void divide(std::string_view text, std::string& name, std::string& instance) {
    const std::size_t dash = text.find('-');
    name = text.substr(0, dash);
    if (dash != text.npos) instance = text.substr(dash + 1);
}

// HOST/PLUGIN[-INSTANCE]/TYPE[-INSTANCE]
bool identify(std::string_view text, ValueList& list) {
    const std::size_t host_end = text.find('/');
    const std::size_t plugin_end = host_end == text.npos ? text.npos : text.find('/', host_end + 1);
    if (plugin_end == text.npos) return false;
    list.host = text.substr(0, host_end);
    divide(text.substr(host_end + 1, plugin_end - host_end - 1), list.plugin, list.plugin_instance);
    divide(text.substr(plugin_end + 1), list.type, list.type_instance);
    return !list.host.empty() && !list.plugin.empty() && !list.type.empty();
}

// TIME:VALUE:VALUE…
Result<void, Diagnostic> fill(std::string_view text, const std::vector<DataSource>& sources,
                              ValueList& list) {
    const std::size_t time_end = text.find(':');
    const auto time = whole<double>(text.substr(0, time_end));
    if (!time || !std::isfinite(*time) || time_end == text.npos)
        return refusal(shown(text) + " is no time with values");
    list.time = *time;
    list.values.clear();
    std::string_view rest = text.substr(time_end);
    while (!rest.empty()) {
        rest.remove_prefix(1);  // the colon
        const std::string_view word = rest.substr(0, rest.find(':'));
        const auto number = number_of(word);
        if (!number) return refusal(shown(word) + " is no value");
        if (list.values.size() == sources.size()) break;
        list.values.push_back({sources[list.values.size()], *number});
        rest.remove_prefix(word.size());
    }
    if (rest.empty() && list.values.size() == sources.size()) return {};
    return refusal("the type " + shown(list.type) + " has " + std::to_string(sources.size()) +
                   " data sources in types.db, and the command another number of values");
}

}  // namespace

Result<std::vector<ValueList>> read_command(std::string_view line, const TypesDb& types) {
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
    if (!is_utf8(line) || line.find_first_of(std::string_view("\n\r\0", 3)) != line.npos)
        return refusal("the command is more than one line, or not UTF-8");
    const auto words = split(line);
    if (!words) return refusal("the command ends within quotation marks");
    if (words->size() < 2 || words->front() != "PUTVAL")
        return refusal("only the command PUTVAL is known, and this is " +
                       shown(words->empty() ? "" : words->front()));
    ValueList list;
    if (!identify((*words)[1], list))
        return refusal(shown((*words)[1]) + " is no identifier of the form HOST/PLUGIN/TYPE");
    const std::vector<DataSource>* sources = types.find(list.type);
    if (!sources)
        return refusal("the type " + shown(list.type) + " is in no types.db that this module has read");
    bool has_interval = false;
    std::vector<ValueList> lists;
    for (std::size_t i = 2; i < words->size(); ++i) {
        const std::string_view word = (*words)[i];
        if (word.find('=') != word.npos) {
            if (!word.starts_with("interval=")) continue;  // another option, as meta:NAME=VALUE
            const auto interval = whole<double>(word.substr(9));
            if (!interval || !std::isfinite(*interval)) return refusal(shown(word) + " is no interval");
            list.interval = *interval;
            has_interval = true;
        } else {
            if (auto filled = fill(word, *sources, list); !filled) return filled.error();
            lists.push_back(list);
        }
    }
    if (!has_interval || lists.empty()) return refusal("the command has no interval, or no values");
    return lists;
}

}  // namespace clacks::collectd
