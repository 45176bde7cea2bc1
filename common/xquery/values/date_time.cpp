#include "common/xquery/values/date_time.hpp"

#include <cstdio>
#include <string>

namespace clacks::xquery {

namespace {

// floor(a / b) and the rest, for a positive b.
std::int64_t floor_divide(std::int64_t a, std::int64_t b) {
    return a / b - (a % b < 0 ? 1 : 0);
}

bool is_leap(std::int64_t year) {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

constexpr std::int64_t kEraDays = 146'097;  // of 400 years

// From days since 1970-01-01. Years begin in March here, so that a leap day is a year's last one.
void set_date(std::int64_t days, DateTime& to) {
    days += 719'468;  // since 0000-03-01
    const std::int64_t era = floor_divide(days, kEraDays);
    const auto day = static_cast<int>(days - era * kEraDays);
    const int year = (day - day / 1460 + day / 36'524 - day / 146'096) / 365;
    const int day_of_year = day - (365 * year + year / 4 - year / 100);
    const int month = (5 * day_of_year + 2) / 153;
    to.day = day_of_year - (153 * month + 2) / 5 + 1;
    to.month = month < 10 ? month + 3 : month - 9;
    to.year = era * 400 + year + (to.month <= 2 ? 1 : 0);
}

// What of a date and time each type has.
struct Fields {
    bool year, month, day, time;
};
Fields fields_of(Type type) {
    switch (type) {
        case Type::date:
            return {true, true, true, false};
        case Type::time:
            return {false, false, false, true};
        case Type::g_year_month:
            return {true, true, false, false};
        case Type::g_year:
            return {true, false, false, false};
        case Type::g_month_day:
            return {false, true, true, false};
        case Type::g_day:
            return {false, false, true, false};
        case Type::g_month:
            return {false, true, false, false};
        default:
            return {true, true, true, true};
    }
}

// Reads the lexical form from left to right; once something is missing, all is.
class Reader {
  public:
    explicit Reader(std::string_view text) : rest_(text) {}

    void expect(std::string_view symbol) { good_ = take(symbol) && good_; }
    bool take(std::string_view symbol) {
        if (!rest_.starts_with(symbol)) return false;
        rest_.remove_prefix(symbol.size());
        return true;
    }
    bool at(char c) const { return !rest_.empty() && rest_.front() == c; }
    // Exactly two digits.
    int two(int least, int most) {
        const std::string_view digits = take_digits();
        if (digits.size() != 2) return fail();
        const int value = (digits[0] - '0') * 10 + (digits[1] - '0');
        return value >= least && value <= most ? value : fail();
    }
    // At least four digits, with no zero in front of more. False in `fits` where it is too large.
    std::int64_t year(bool& fits) {
        const bool negative = take("-");
        const std::string_view digits = take_digits();
        if (digits.size() < 4 || (digits.size() > 4 && digits.front() == '0')) return fail();
        std::int64_t value = 0;
        for (const char c : digits) {
            value = value * 10 + (c - '0');
            if (value > kMostYears) fits = false;
            if (!fits) value = 0;
        }
        return negative ? -value : value;
    }
    std::uint32_t fraction() {
        if (!take(".")) return 0;
        const std::string_view digits = take_digits();
        if (digits.empty()) fail();
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < 9; ++i)
            value = value * 10 + (i < digits.size() ? static_cast<std::uint32_t>(digits[i] - '0') : 0);
        exact_zero_ = digits.find_first_not_of('0') == std::string_view::npos;
        return value;
    }
    std::int16_t zone() {
        if (take("Z")) return 0;
        const bool negative = at('-');
        if (!negative && !at('+')) return kNoZone;
        rest_.remove_prefix(1);
        const int hours = two(0, 14);
        expect(":");
        const int minutes = two(0, hours == 14 ? 0 : 59);
        const int total = hours * 60 + minutes;
        return static_cast<std::int16_t>(negative ? -total : total);
    }
    int fail() {
        good_ = false;
        return 0;
    }
    bool fraction_is_zero() const { return exact_zero_; }
    bool finished() const { return good_ && rest_.empty(); }

  private:
    std::string_view take_digits() {
        std::size_t n = 0;
        while (n < rest_.size() && rest_[n] >= '0' && rest_[n] <= '9') ++n;
        const std::string_view digits = rest_.substr(0, n);
        rest_.remove_prefix(n);
        return digits;
    }
    std::string_view rest_;
    bool good_ = true;
    bool exact_zero_ = true;
};

void read_date(Reader& reader, const Fields& has, DateTime& to, bool& fits) {
    if (has.year) {
        to.year = reader.year(fits);
        if (has.month) reader.expect("-");
    } else {
        reader.expect("--");
    }
    if (has.month)
        to.month = reader.two(1, 12);
    else if (!has.year)
        reader.expect("-");
    if (!has.day) return;
    if (has.month) reader.expect("-");
    to.day = reader.two(1, 31);
}

// True for midnight at the end of the day.
bool read_time(Reader& reader, DateTime& to) {
    to.hour = reader.two(0, 24);
    reader.expect(":");
    to.minute = reader.two(0, 59);
    reader.expect(":");
    to.second = reader.two(0, 59);
    to.nanoseconds = reader.fraction();
    if (to.hour != 24) return false;
    if (to.minute != 0 || to.second != 0 || !reader.fraction_is_zero()) reader.fail();
    to.hour = 0;
    return true;
}

}  // namespace

int days_in_month(std::int64_t year, int month) {
    if (month == 2) return is_leap(year) ? 29 : 28;
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

std::int64_t days_of(std::int64_t year, int month, int day) {
    year -= month <= 2 ? 1 : 0;
    const std::int64_t era = floor_divide(year, 400);
    const std::int64_t of_era = year - era * 400;
    const std::int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    return era * kEraDays + of_era * 365 + of_era / 4 - of_era / 100 + day_of_year - 719'468;
}

bool is_instant(Type type) {
    return type >= Type::date_time && type <= Type::g_month;
}

bool has_date(Type type) {
    return type == Type::date || type == Type::date_time || type == Type::date_time_stamp;
}

DateTime parts_of(const Item& item) {
    DateTime parts;
    const std::int64_t days = floor_divide(item.integer, kDaySeconds);
    const auto rest = static_cast<int>(item.integer - days * kDaySeconds);
    set_date(days, parts);
    parts.hour = rest / 3600;
    parts.minute = rest / 60 % 60;
    parts.second = rest % 60;
    parts.nanoseconds = item.nanoseconds();
    parts.zone = item.zone();
    return parts;
}

Item make_instant(const DateTime& from, Type type) {
    const Fields has = fields_of(type);
    DateTime parts;
    if (has.year) parts.year = from.year;
    if (has.month) parts.month = from.month;
    if (has.day) parts.day = from.day;
    if (type == Type::time) parts.day = 31;
    std::int64_t seconds = days_of(parts.year, parts.month, parts.day) * kDaySeconds;
    if (has.time) seconds += from.hour * 3600 + from.minute * 60 + from.second;
    return Item::of_instant(seconds, has.time ? from.nanoseconds : 0, from.zone, type);
}

std::optional<Item> make_instant(std::int64_t seconds, std::uint32_t nanoseconds, std::int16_t zone,
                                 Type type) {
    const Item item = Item::of_instant(seconds, nanoseconds, zone, type);
    const std::int64_t year = parts_of(item).year;
    if (year > kMostYears || year < -kMostYears) return std::nullopt;
    return make_instant(parts_of(item), type);
}

std::optional<Item> parse_instant(std::string_view text, Type type, Code& why) {
    const Fields has = fields_of(type);
    Reader reader(text);
    DateTime parts;
    bool fits = true;
    bool next_day = false;
    if (has.year || has.month || has.day) read_date(reader, has, parts, fits);
    if (has.time) {
        if (has.day) reader.expect("T");
        next_day = read_time(reader, parts);
    }
    parts.zone = reader.zone();
    why = Code::FORG0001;
    if (!reader.finished() || parts.day > days_in_month(parts.year, parts.month)) return std::nullopt;
    if (type == Type::date_time_stamp && parts.zone == kNoZone) return std::nullopt;
    if (!fits) {
        why = Code::FODT0001;
        return std::nullopt;
    }
    Item item = make_instant(parts, type);
    if (next_day && has.day) item.integer += kDaySeconds;
    return item;
}

std::string zone_text(std::int16_t zone) {
    if (zone == kNoZone) return {};
    if (zone == 0) return "Z";
    const int minutes = zone < 0 ? -zone : zone;
    char text[16];
    std::snprintf(text, sizeof text, "%c%02d:%02d", zone < 0 ? '-' : '+', minutes / 60, minutes % 60);
    return text;
}

std::string_view instant_text(const Item& item, Arena& arena) {
    const DateTime parts = parts_of(item);
    const Fields has = fields_of(item.type);
    char room[64];
    std::string out;
    const auto write = [&](const char* form, int value) {
        out.append(room, static_cast<std::size_t>(std::snprintf(room, sizeof room, form, value)));
    };
    if (has.year) {
        if (parts.year < 0) out += '-';
        write("%04d", static_cast<int>(parts.year < 0 ? -parts.year : parts.year));
        if (has.month) write("-%02d", parts.month);
    } else if (has.month) {
        write("--%02d", parts.month);
    } else if (has.day) {
        out += "--";
    }
    if (has.day) write("-%02d", parts.day);
    if (has.time) {
        if (has.day) out += 'T';
        write("%02d:", parts.hour);
        write("%02d:", parts.minute);
        write("%02d", parts.second);
        if (parts.nanoseconds != 0) {
            write(".%09d", static_cast<int>(parts.nanoseconds));
            while (out.back() == '0') out.pop_back();
        }
    }
    return arena.copy(out + zone_text(parts.zone));
}

}  // namespace clacks::xquery
