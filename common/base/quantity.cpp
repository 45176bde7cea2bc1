#include "common/base/quantity.hpp"

#include <charconv>

#include "common/base/text.hpp"

namespace clacks {

namespace {

Diagnostic bad(std::string_view text, std::string_view what, std::string hint) {
    Diagnostic problem;
    problem.code = "config-value";
    problem.message = "'" + one_line(text, 80) + "' is no " + std::string(what);
    problem.hint = std::move(hint);
    problem.column = 1;
    return problem;
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
constexpr Unit kCount[] = {{"", 1}};
constexpr Unit kBytes[] = {{"", 1}, {"KiB", 1024}, {"MiB", 1024 * 1024}};
constexpr Unit kDurations[] = {{"", 1000}, {"ms", 1}, {"s", 1000}, {"min", 60'000}, {"h", 3'600'000}};

template <std::size_t N>
bool parse(const Unit (&units)[N], std::string_view text, std::uint64_t& number) {
    std::string_view name;
    if (!split_number(text, number, name)) return false;
    for (const Unit& unit : units)
        if (unit.name == name) return !__builtin_mul_overflow(number, unit.factor, &number);
    return false;
}

// Units without a name are only for reading.
template <std::size_t N>
std::string in_largest_unit(const Unit (&units)[N], std::uint64_t number) {
    const Unit* best = nullptr;
    for (const Unit& unit : units)
        if (!unit.name.empty() && number != 0 && number % unit.factor == 0) best = &unit;
    if (!best) return std::to_string(number);
    return std::to_string(number / best->factor) + " " + std::string(best->name);
}

}  // namespace

Result<std::uint64_t> parse_count(std::string_view text) {
    std::uint64_t number = 0;
    if (parse(kCount, text, number)) return number;
    return bad(text, "whole number", "write digits only");
}

Result<std::uint64_t> parse_size(std::string_view text) {
    std::uint64_t number = 0;
    if (parse(kBytes, text, number)) return number;
    return bad(text, "size", "write 65536, 64 KiB or 1 MiB");
}

Result<std::chrono::milliseconds> parse_duration(std::string_view text) {
    constexpr auto kLongest = std::chrono::floor<std::chrono::milliseconds>(std::chrono::nanoseconds::max());
    std::uint64_t number = 0;
    if (parse(kDurations, text, number) && number <= static_cast<std::uint64_t>(kLongest.count()))
        return std::chrono::milliseconds(number);
    return bad(text, "duration", "write 500 ms, 60 s, 5 min or 1 h; a bare number is seconds");
}

std::string size_text(std::uint64_t bytes) {
    return in_largest_unit(kBytes, bytes);
}

std::string duration_text(std::chrono::milliseconds duration) {
    return in_largest_unit(kDurations, static_cast<std::uint64_t>(duration.count()));
}

}  // namespace clacks
