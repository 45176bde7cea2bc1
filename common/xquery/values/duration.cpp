#include "common/xquery/values/duration.hpp"

#include <cstdio>
#include <limits>
#include <span>
#include <string>

namespace clacks::xquery {

namespace {

constexpr Int128 kBillion = 1'000'000'000;
constexpr Int128 kMost = std::numeric_limits<std::int64_t>::max() / 4;

struct Parsed {
    Int128 months = 0;
    Int128 nanoseconds = 0;
    bool fits = true;
};

class Reader {
  public:
    explicit Reader(std::string_view text) : rest_(text) {}

    bool take(char c) {
        if (rest_.empty() || rest_.front() != c) return false;
        rest_.remove_prefix(1);
        return true;
    }
    bool finished() const { return rest_.empty(); }
    std::string_view digits() {
        std::size_t n = 0;
        while (n < rest_.size() && rest_[n] >= '0' && rest_[n] <= '9') ++n;
        const std::string_view found = rest_.substr(0, n);
        rest_.remove_prefix(n);
        return found;
    }

  private:
    std::string_view rest_;
};

Int128 number_of(std::string_view digits, Parsed& into) {
    Int128 value = 0;
    for (const char c : digits) {
        value = value * 10 + (c - '0');
        if (value > kMost) {
            into.fits = false;
            return 0;
        }
    }
    return value;
}

struct Unit {
    char letter;
    Int128 size;
};

// "1Y2M": each unit at most once and in order; `any` where there is one.
void read_units(Reader& reader, std::span<const Unit> units, Int128& sum, Parsed& into, bool& any) {
    std::size_t next = 0;
    while (!reader.finished()) {
        const Reader before = reader;
        const std::string_view digits = reader.digits();
        if (digits.empty()) return;
        std::size_t unit = next;
        while (unit < units.size() && !reader.take(units[unit].letter)) ++unit;
        if (unit == units.size()) {  // another unit, or a fraction
            reader = before;
            return;
        }
        sum += number_of(digits, into) * units[unit].size;
        any = true;
        next = unit + 1;
    }
}

bool read_seconds(Reader& reader, Parsed& into, bool& any) {
    if (reader.finished()) return true;
    const std::string_view whole = reader.digits();
    std::string_view fraction;
    if (whole.empty()) return false;
    if (reader.take('.')) {
        fraction = reader.digits();
        if (fraction.empty()) return false;
    }
    if (!reader.take('S')) return false;
    Int128 nanoseconds = 0;
    for (std::size_t i = 0; i < 9; ++i)
        nanoseconds = nanoseconds * 10 + (i < fraction.size() ? fraction[i] - '0' : 0);
    into.nanoseconds += number_of(whole, into) * kBillion + nanoseconds;
    any = true;
    return true;
}

bool read(std::string_view text, Type type, Parsed& into) {
    Reader reader(text);
    const bool negative = reader.take('-');
    if (!reader.take('P')) return false;
    constexpr Unit kMonths[] = {{'Y', 12}, {'M', 1}};
    constexpr Unit kDays[] = {{'D', 86'400 * kBillion}};
    constexpr Unit kTimes[] = {{'H', 3'600 * kBillion}, {'M', 60 * kBillion}};
    bool any = false;
    if (type != Type::day_time_duration) read_units(reader, kMonths, into.months, into, any);
    if (type != Type::year_month_duration) {
        read_units(reader, kDays, into.nanoseconds, into, any);
        if (reader.take('T')) {
            bool time = false;
            read_units(reader, kTimes, into.nanoseconds, into, time);
            if (!read_seconds(reader, into, time) || !time) return false;
            any = true;
        }
    }
    if (negative) {
        into.months = -into.months;
        into.nanoseconds = -into.nanoseconds;
    }
    return any && reader.finished();
}

bool in_range(Int128 value) {
    return value <= kMost && value >= -kMost;
}

}  // namespace

Duration duration_of(const Item& item) {
    if (item.type == Type::duration) return item.duration();
    if (item.type == Type::year_month_duration) return {item.integer, 0, 0};
    return {0, item.integer, item.nanoseconds()};
}

Item make_duration(const Duration& value, Type type, Arena& arena) {
    if (type == Type::year_month_duration) return Item::of_year_month(value.months);
    if (type == Type::day_time_duration) return Item::of_day_time(value.seconds, value.nanoseconds);
    return Item::of_duration(*arena.make(value));
}

Int128 nanoseconds_of(const Item& item) {
    return item.integer * kBillion + item.nanoseconds();
}

std::optional<Item> make_day_time(Int128 nanoseconds) {
    const Int128 seconds = nanoseconds / kBillion - (nanoseconds % kBillion < 0 ? 1 : 0);
    if (!in_range(seconds)) return std::nullopt;
    return Item::of_day_time(static_cast<std::int64_t>(seconds),
                             static_cast<std::uint32_t>(nanoseconds - seconds * kBillion));
}

std::optional<Item> make_year_month(Int128 months) {
    if (!in_range(months)) return std::nullopt;
    return Item::of_year_month(static_cast<std::int64_t>(months));
}

std::optional<Item> parse_duration(std::string_view text, Type type, Arena& arena, Code& why) {
    Parsed parsed;
    why = Code::FORG0001;
    if (!read(text, type, parsed)) return std::nullopt;
    why = Code::FODT0002;
    const auto months = make_year_month(parsed.months);
    const auto seconds = make_day_time(parsed.nanoseconds);
    if (!parsed.fits || !months || !seconds) return std::nullopt;
    return make_duration({months->integer, seconds->integer, seconds->nanoseconds()}, type, arena);
}

std::string_view duration_text(const Item& item, Arena& arena) {
    const Duration value = duration_of(item);
    Int128 nanoseconds = value.seconds * kBillion + value.nanoseconds;
    const bool negative = value.months < 0 || nanoseconds < 0;
    const std::int64_t months = value.months < 0 ? -value.months : value.months;
    if (nanoseconds < 0) nanoseconds = -nanoseconds;
    const auto seconds = static_cast<std::int64_t>(nanoseconds / kBillion);
    const auto fraction = static_cast<unsigned>(nanoseconds % kBillion);
    std::string out = negative ? "-P" : "P";
    const auto unit = [&](std::int64_t n, char name) {
        if (n != 0) (out += std::to_string(n)) += name;
    };
    unit(months / 12, 'Y');
    unit(months % 12, 'M');
    unit(seconds / 86'400, 'D');
    if (seconds % 86'400 != 0 || fraction != 0) {
        out += 'T';
        unit(seconds / 3'600 % 24, 'H');
        unit(seconds / 60 % 60, 'M');
        if (fraction == 0) {
            unit(seconds % 60, 'S');
        } else {
            char room[32];
            std::snprintf(room, sizeof room, "%d.%09u", static_cast<int>(seconds % 60), fraction);
            out += room;
            while (out.back() == '0') out.pop_back();
            out += 'S';
        }
    }
    if (months == 0 && nanoseconds == 0) out = item.type == Type::year_month_duration ? "P0M" : "PT0S";
    return arena.copy(out);
}

}  // namespace clacks::xquery
