// fn:parse-ietf-date (Functions and Operators 3.1, 9.8.2): dates as in mail and HTTP headers.
#include <algorithm>
#include <optional>
#include <string>

#include "common/base/text.hpp"
#include "common/xml/characters.hpp"
#include "common/xquery/functions/family.hpp"
#include "common/xquery/values/date_time.hpp"

namespace clacks::xquery {

namespace {

constexpr std::string_view kMonths[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                        "jul", "aug", "sep", "oct", "nov", "dec"};
// The full names first.
constexpr std::string_view kDays[] = {"monday",   "tuesday", "wednesday", "thursday", "friday",
                                      "saturday", "sunday",  "mon",       "tue",      "wed",
                                      "thu",      "fri",     "sat",       "sun"};
struct NamedZone {
    std::string_view name;
    int hours;
};
constexpr NamedZone kZones[] = {{"utc", 0},  {"ut", 0},   {"gmt", 0},  {"est", -5}, {"edt", -4}, {"cst", -6},
                                {"cdt", -5}, {"mst", -7}, {"mdt", -6}, {"pst", -8}, {"pdt", -7}};

// Reads the lower-case text by the grammar of the specification; once something is missing, all is.
class Reader {
  public:
    explicit Reader(std::string_view text) : rest_(text) {}

    std::optional<DateTime> read() {
        space();
        day_name();
        if (at_digit()) {
            day();
            separator();
            month();
            separator();
            year();
            must_space();
            time();
        } else {
            month();
            separator();
            day();
            must_space();
            time();
            must_space();
            year();
        }
        space();
        if (!good_ || !rest_.empty()) return std::nullopt;
        return parts_;
    }

  private:
    bool at_digit() const { return !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; }
    bool take(std::string_view word) {
        if (!rest_.starts_with(word)) return false;
        rest_.remove_prefix(word.size());
        return true;
    }
    bool space() {
        const std::size_t before = rest_.size();
        while (!rest_.empty() && xml::is_space(rest_.front())) rest_.remove_prefix(1);
        return rest_.size() < before;
    }
    void must(bool there) { good_ = good_ && there; }
    void must_space() { must(space()); }
    // White space, or a hyphen with white space around it.
    void separator() {
        const bool spaced = space();
        const bool hyphen = take("-");
        must(spaced || hyphen);
        if (hyphen) space();
    }
    std::string_view digits() {
        std::size_t n = 0;
        while (n < rest_.size() && rest_[n] >= '0' && rest_[n] <= '9') ++n;
        const std::string_view found = rest_.substr(0, n);
        rest_.remove_prefix(n);
        return found;
    }
    int number(std::string_view digits, std::size_t least, std::size_t most, int largest) {
        must(digits.size() >= least && digits.size() <= most);
        int value = 0;
        for (const char c : digits.substr(0, std::min<std::size_t>(digits.size(), 4)))
            value = value * 10 + (c - '0');
        must(value <= largest);
        return value;
    }

    void day_name() {
        for (const std::string_view name : kDays) {
            if (!take(name)) continue;
            take(",");
            must_space();
            return;
        }
    }
    void day() { parts_.day = number(digits(), 1, 2, 31); }
    void month() {
        const auto* const found =
            std::find_if(std::begin(kMonths), std::end(kMonths),
                         [&](std::string_view name) { return rest_.starts_with(name); });
        must(found != std::end(kMonths));
        if (!good_) return;
        rest_.remove_prefix(3);
        parts_.month = static_cast<int>(found - kMonths) + 1;
    }
    void year() {
        const std::string_view text = digits();
        must(text.size() == 2 || text.size() == 4);
        parts_.year = number(text, 2, 4, 9999) + (text.size() == 2 ? 1900 : 0);
    }
    void time() {
        parts_.hour = number(digits(), 1, 2, 24);
        must(take(":"));
        parts_.minute = number(digits(), 2, 2, 59);
        if (take(":")) {
            parts_.second = number(digits(), 2, 2, 59);
            if (take(".")) fraction();
        }
        parts_.zone = 0;
        const std::string_view before = rest_;
        space();
        if (!zone()) rest_ = before;
    }
    void fraction() {
        const std::string_view text = digits();
        must(!text.empty());
        for (std::size_t i = 0; i < 9; ++i)
            parts_.nanoseconds =
                parts_.nanoseconds * 10 + static_cast<std::uint32_t>(i < text.size() ? text[i] - '0' : 0);
    }
    bool zone_name(int& hours) {
        for (const NamedZone& zone : kZones) {
            if (!take(zone.name)) continue;
            hours = zone.hours;
            return true;
        }
        return false;
    }
    bool zone() {
        int hours = 0;
        if (zone_name(hours)) {
            parts_.zone = static_cast<std::int16_t>(hours * 60);
            return true;
        }
        const bool negative = take("-");
        if (!negative && !take("+")) return false;
        std::string_view text = digits();
        std::string_view minutes;
        if (text.size() > 2) {  // the last two are minutes
            minutes = text.substr(text.size() - 2);
            text.remove_suffix(2);
        } else if (take(":")) {
            minutes = digits();
        }
        hours = number(text, 1, 2, 14);
        const int rest = minutes.empty() ? 0 : number(minutes, 2, 2, hours == 14 ? 0 : 59);
        parts_.zone = static_cast<std::int16_t>(negative ? -(hours * 60 + rest) : hours * 60 + rest);
        comment();
        return true;
    }
    // "(EST)", which says nothing new.
    void comment() {
        const std::string_view before = rest_;
        space();
        if (!take("(")) {
            rest_ = before;
            return;
        }
        space();
        int hours = 0;
        must(zone_name(hours));
        space();
        must(take(")"));
    }

    std::string_view rest_;
    DateTime parts_;
    bool good_ = true;
};

bool is_valid(const DateTime& d) {
    const bool end_of_day = d.hour == 24 && d.minute == 0 && d.second == 0 && d.nanoseconds == 0;
    return d.day >= 1 && d.day <= days_in_month(d.year, d.month) && (d.hour < 24 || end_of_day);
}

Value parse_ietf_date(CallContext& call, Arguments arguments) {
    if (arguments[0].empty()) return {};
    const std::string_view given = text(arguments[0]);
    charge(call, given.size());
    std::string lower(given);
    for (char& c : lower) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    auto parts = Reader(lower).read();
    if (!parts || !is_valid(*parts))
        fail(Code::FORG0010, "'" + one_line(given, 60) + "' is not a date in the form of mail headers",
             "write it as in 'Wed, 06 Jun 1994 07:29:35 GMT'");
    const bool next_day = parts->hour == 24;
    if (next_day) parts->hour = 0;
    Item item = make_instant(*parts, Type::date_time);
    if (next_day) item.integer += kDaySeconds;
    return item;
}

const FunctionRow kRows[] = {
    {"fn:parse-ietf-date($value as xs:string?) as xs:dateTime?", parse_ietf_date},
};

}  // namespace

std::span<const FunctionRow> ietf_date_functions() {
    return kRows;
}

}  // namespace clacks::xquery
