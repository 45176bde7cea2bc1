#include "common/cli/top_view.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <sstream>
#include <vector>

#include "common/base/text.hpp"
#include "common/cli/output.hpp"

namespace clacks::cli {

namespace {

using nlohmann::json;
using Rows = std::vector<std::vector<std::string>>;

double number(const json& from, const char* key) {
    const auto found = from.find(key);
    return found != from.end() && found->is_number() ? found->get<double>() : 0;
}

std::string text(const json& from, const char* key) {
    const auto found = from.find(key);
    return found == from.end() ? std::string() : cell(*found);
}

std::string rate_text(const json& from, const char* key) {
    std::array<char, 32> out{};
    std::snprintf(out.data(), out.size(), "%.1f", number(from, key));
    return out.data();
}

// A counter that went back is that of an agent started anew.
double rate(const json& before, const json& now, const char* key, double seconds) {
    const double change = number(now, key) - number(before, key);
    return change > 0 && seconds > 0 ? change / seconds : 0;
}

// The entries by what identifies them.
std::map<json, const json*> by(const json& list, const char* identity) {
    std::map<json, const json*> found;
    if (list.is_array())
        for (const json& one : list)
            if (one.is_object() && one.contains(identity)) found.emplace(one[identity], &one);
    return found;
}

// With "KEY_rate" in each, the highest of the first key at the top.
json busiest(const json& before, const json& now, const char* identity, const std::vector<std::string>& keys,
             double seconds) {
    const auto earlier = by(before, identity);
    json list = json::array();
    if (now.is_array())
        for (json one : now) {
            if (!one.is_object()) continue;
            const auto found = earlier.find(one.value(identity, json()));
            const json was = found == earlier.end() ? json::object() : *found->second;
            for (const std::string& key : keys) one[key + "_rate"] = rate(was, one, key.c_str(), seconds);
            list.push_back(std::move(one));
        }
    const std::string& first = keys.front();
    const std::string first_rate = first + "_rate";
    std::stable_sort(list.begin(), list.end(), [&](const json& a, const json& b) {
        return std::pair(number(a, first_rate.c_str()), number(a, first.c_str())) >
               std::pair(number(b, first_rate.c_str()), number(b, first.c_str()));
    });
    return list;
}

json member(const json& from, const char* key) {
    return from.is_object() ? from.value(key, json::array()) : json::array();
}

std::string drop_reasons(const json& statistics) {
    std::string reasons;
    const json drops = member(statistics, "drops");
    for (const auto& [reason, events] : drops.items())
        if (events.is_number() && events.get<double>() > 0)
            reasons += (reasons.empty() ? ": " : ", ") + one_line(reason) + " " + cell(events);
    return reasons;
}

std::string head(const json& rates, const std::string& title) {
    const auto count = [&](const char* key) { return std::string(key) + " " + text(rates, key); };
    return title + "\n" + "events/s: in " + rate_text(rates, "sent_rate") + ", out " +
           rate_text(rates, "delivered_rate") + "; " + count("connections") + ", subscriptions " +
           std::to_string(member(rates, "subscriptions").size()) + "\n" + count("sent") + " = " +
           count("accepted") + " + " + count("rejected") + "\n" + count("matched") + " = " +
           count("delivered") + " + " + count("dropped") + " + " + count("queued") + drop_reasons(rates) +
           "\n\n";
}

std::string subscriptions(const json& rates) {
    Rows rows;
    for (const json& one : member(rates, "subscriptions")) {
        const std::string filter = text(one, "filter");
        rows.push_back({text(one, "id"), text(one, "owner"), rate_text(one, "matched_rate"),
                        rate_text(one, "delivered_rate"), text(one, "matched"), text(one, "delivered"),
                        text(one, "dropped"), text(one, "queued"),
                        filter.empty() ? "(every event)" : filter});
    }
    return table(
        {"ID", "OWNER", "MATCHED/S", "DELIVERED/S", "MATCHED", "DELIVERED", "DROPPED", "QUEUED", "FILTER"},
        rows);
}

std::string publishers(const json& rates) {
    Rows rows;
    for (const json& one : member(rates, "publishers"))
        rows.push_back({text(one, "name"), rate_text(one, "sent_rate"), text(one, "sent"),
                        text(one, "accepted"), text(one, "rejected")});
    return table({"PUBLISHER", "SENT/S", "SENT", "ACCEPTED", "REJECTED"}, rows);
}

// As many characters of UTF-8 as there are columns.
std::string cut(const std::string& line, std::size_t columns) {
    std::size_t seen = 0;
    for (std::size_t i = 0; i < line.size(); ++i)
        if ((static_cast<unsigned char>(line[i]) & 0xC0) != 0x80 && ++seen > columns)
            return line.substr(0, i);
    return line;
}

// The first lines; the last line of a screen stays free, so that it does not scroll.
std::string fitted(const std::string& text, std::size_t rows, std::size_t columns) {
    std::istringstream lines(text);
    std::string out, line;
    for (std::size_t row = 0; row < rows && std::getline(lines, line); ++row)
        out += cut(line, columns) + "\n";
    return out;
}

std::size_t lines_of(const std::string& text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

json with_rates(const Look& before, const Look& now) {
    const double seconds = std::chrono::duration<double>(now.at - before.at).count();
    json rates = now.statistics.is_object() ? now.statistics : json::object();
    for (const char* key : {"sent", "delivered"})
        rates[std::string(key) + "_rate"] = rate(before.statistics, rates, key, seconds);
    rates["subscriptions"] =
        busiest(before.subscriptions, now.subscriptions, "id", {"matched", "delivered"}, seconds);
    rates["publishers"] = busiest(member(before.statistics, "publishers"), member(rates, "publishers"),
                                  "name", {"sent"}, seconds);
    return rates;
}

std::string top_screen(const json& rates, const std::string& title, ScreenSize size) {
    const std::string above = head(rates, title), upper = subscriptions(rates), lower = publishers(rates);
    if (size.rows == 0 || size.columns == 0) return above + upper + "\n" + lower;
    const std::size_t body = size.rows > lines_of(above) + 2 ? size.rows - lines_of(above) - 2 : 0;
    // A third for the publishers, or less, as they need.
    const std::size_t low = std::min(lines_of(lower), body / 3);
    std::string shown = above + fitted(upper, body - low, size.columns);
    if (low > 0) shown += "\n" + fitted(lower, low, size.columns);
    return fitted(shown, size.rows - 1, size.columns);
}

}  // namespace clacks::cli
