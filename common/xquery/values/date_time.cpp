#include "common/xquery/values/date_time.hpp"

#include <cstdio>
#include <string>

namespace clacks::xquery {

namespace {

struct Date {
    std::int64_t year;
    int month, day;
};

// Of a count of days since 1970-01-01. Own arithmetic, since std::chrono's years end at 32767. Years are
// counted from March, so that the leap day is the last of its year.
Date date_of(std::int64_t days) {
    constexpr std::int64_t kDaysOf400Years = 146097;
    const std::int64_t since_march_of_0 = days + 719468;
    std::int64_t cycle = since_march_of_0 / kDaysOf400Years;
    std::int64_t day = since_march_of_0 % kDaysOf400Years;
    if (day < 0) {
        day += kDaysOf400Years;
        --cycle;
    }
    // Every fourth year has a leap day, save three in 400 years.
    const std::int64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    const std::int64_t day_of_year = day - (365 * year + year / 4 - year / 100);
    // March, April … have 31, 30, 31, 30, 31 days in turns of 153.
    const auto month = static_cast<int>((5 * day_of_year + 2) / 153);
    const auto day_of_month = static_cast<int>(day_of_year - (153 * month + 2) / 5);
    return {cycle * 400 + year + (month >= 10 ? 1 : 0), month >= 10 ? month - 9 : month + 3,
            day_of_month + 1};
}

}  // namespace

std::string_view date_time_text(std::int64_t milliseconds, Arena& arena) {
    constexpr std::int64_t kDay = 86'400'000;
    std::int64_t days = milliseconds / kDay;
    auto rest = static_cast<int>(milliseconds % kDay);
    if (rest < 0) {
        rest += static_cast<int>(kDay);
        --days;
    }
    const Date date = date_of(days);
    char text[96];
    const int n =
        std::snprintf(text, sizeof text, "%s%04lld-%02d-%02dT%02d:%02d:%02d", date.year < 0 ? "-" : "",
                      static_cast<long long>(date.year < 0 ? -date.year : date.year), date.month, date.day,
                      rest / 3'600'000, rest / 60'000 % 60, rest / 1000 % 60);
    std::string out(text, static_cast<std::size_t>(n));
    if (rest % 1000 != 0) {
        const int digits = std::snprintf(text, sizeof text, ".%03d", rest % 1000);
        out.append(text, static_cast<std::size_t>(digits));
        while (out.back() == '0') out.pop_back();
    }
    return arena.copy(out + "Z");
}

}  // namespace clacks::xquery
