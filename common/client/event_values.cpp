#include "common/client/event_values.hpp"

#include <charconv>
#include <cmath>
#include <limits>

namespace clacks::client {

namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

std::string_view collapsed(std::string_view text) {
    constexpr std::string_view kSpace = " \t\r\n";
    const std::size_t begin = text.find_first_not_of(kSpace);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

// The sign plus, which from_chars does not know, is allowed before a digit or point.
std::string_view without_plus(std::string_view text) {
    if (text.size() > 1 && text[0] == '+' && (is_digit(text[1]) || text[1] == '.')) text.remove_prefix(1);
    return text;
}

template <class T>
std::optional<T> read_whole(std::string_view text) {
    text = without_plus(collapsed(text));
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

// Takes what it expects from the front of a text, and remembers when it was not there.
class Scanner {
  public:
    explicit Scanner(std::string_view text) : rest_(text) {}

    int digits(std::size_t count) {
        int value = 0;
        for (std::size_t i = 0; i < count; ++i) {
            if (i >= rest_.size() || !is_digit(rest_[i])) return fail();
            value = value * 10 + (rest_[i] - '0');
        }
        rest_.remove_prefix(count);
        return value;
    }
    void expect(char wanted) {
        if (!take(wanted)) fail();
    }
    bool take(char wanted) {
        if (!rest_.starts_with(wanted)) return false;
        rest_.remove_prefix(1);
        return true;
    }
    // The digits of a fraction of a second.
    int milliseconds() {
        int value = 0, place = 100;
        if (rest_.empty() || !is_digit(rest_[0])) return fail();
        for (; !rest_.empty() && is_digit(rest_[0]); rest_.remove_prefix(1), place /= 10)
            value += (rest_[0] - '0') * place;
        return value;
    }
    bool done() const { return well_ && rest_.empty(); }

  private:
    int fail() {
        well_ = false;
        return 0;
    }
    std::string_view rest_;
    bool well_ = true;
};

std::chrono::minutes read_zone(Scanner& scanner, bool& valid) {
    const bool east = scanner.take('+');
    if (!east && !scanner.take('-')) {
        scanner.take('Z');
        return {};
    }
    const int hours = scanner.digits(2);
    scanner.expect(':');
    const int minutes = scanner.digits(2);
    valid = minutes < 60 && hours * 60 + minutes <= 14 * 60;
    return std::chrono::minutes((east ? 1 : -1) * (hours * 60 + minutes));
}

}  // namespace

std::optional<bool> read_boolean(std::string_view text) {
    text = collapsed(text);
    if (text == "true" || text == "1") return true;
    if (text == "false" || text == "0") return false;
    return std::nullopt;
}

std::optional<std::int64_t> read_integer(std::string_view text) {
    return read_whole<std::int64_t>(text);
}

std::optional<std::uint64_t> read_natural(std::string_view text) {
    text = collapsed(text);
    return text == "-0" ? 0 : read_whole<std::uint64_t>(text);
}

std::optional<double> read_number(std::string_view text, double most) {
    text = without_plus(collapsed(text));
    if (text == "INF") return std::numeric_limits<double>::infinity();
    if (text == "-INF") return -std::numeric_limits<double>::infinity();
    if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
    // from_chars has other names for these.
    if (text.find_first_not_of("0123456789+-.eE") != std::string_view::npos) return std::nullopt;
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || std::abs(value) > most)
        return std::nullopt;
    return value;
}

std::optional<WallTime> read_time(std::string_view text) {
    Scanner scanner(collapsed(text));
    const int year = scanner.digits(4);
    scanner.expect('-');
    const int month = scanner.digits(2);
    scanner.expect('-');
    const int day = scanner.digits(2);
    scanner.expect('T');
    const int hour = scanner.digits(2);
    scanner.expect(':');
    const int minute = scanner.digits(2);
    scanner.expect(':');
    const int second = scanner.digits(2);
    const int fraction = scanner.take('.') ? scanner.milliseconds() : 0;
    bool valid = true;
    const std::chrono::minutes zone = read_zone(scanner, valid);
    const std::chrono::year_month_day date{std::chrono::year(year),
                                           std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    const bool midnight = hour == 24 && minute == 0 && second == 0 && fraction == 0;
    if (!scanner.done() || !valid || year == 0 || !date.ok() || (hour > 23 && !midnight) || minute > 59 ||
        second > 59)
        return std::nullopt;
    return WallTime(std::chrono::sys_days(date)) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
           std::chrono::seconds(second) + std::chrono::milliseconds(fraction) - zone;
}

}  // namespace clacks::client
