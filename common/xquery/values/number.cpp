#include "common/xquery/values/number.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <string>

#include "common/xquery/values/decimal.hpp"

namespace clacks::xquery {

namespace {

constexpr Int128 kMax128 = static_cast<Int128>(~UInt128{0} >> 1);
constexpr std::size_t kNumberRoom = 96;  // enough for every text below

bool fits_64(Int128 value) {
    return value >= std::numeric_limits<std::int64_t>::min() &&
           value <= std::numeric_limits<std::int64_t>::max();
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// Takes a sign away.
bool take_sign(std::string_view& text) {
    if (text.empty() || (text.front() != '-' && text.front() != '+')) return false;
    const bool negative = text.front() == '-';
    text.remove_prefix(1);
    return negative;
}

std::size_t digits_at_front(std::string_view text) {
    std::size_t n = 0;
    while (n < text.size() && is_digit(text[n])) ++n;
    return n;
}

// magnitude * 10 + digit, false when it does not fit.
bool push_digit(Int128& magnitude, char digit) {
    if (magnitude > (kMax128 - (digit - '0')) / 10) return false;
    magnitude = magnitude * 10 + (digit - '0');
    return true;
}

// Writes decimal digits, at least `least` of them, and returns the first.
char* write_digits(char* end, UInt128 magnitude, unsigned least) {
    for (unsigned n = 0; n < least || magnitude != 0; ++n) {
        *--end = static_cast<char>('0' + static_cast<int>(magnitude % 10));
        magnitude /= 10;
    }
    return end;
}

// Into the end of a buffer of kNumberRoom.
std::string_view write(char* room, const Decimal& value) {
    char* const end = room + kNumberRoom;
    const bool negative = value.coefficient < 0;
    const UInt128 magnitude =
        negative ? -static_cast<UInt128>(value.coefficient) : static_cast<UInt128>(value.coefficient);
    char* from = write_digits(end, magnitude, value.scale + 1u);
    if (value.scale > 0) {
        const std::size_t whole = static_cast<std::size_t>(end - from) - value.scale;
        for (std::size_t i = 0; i < whole; ++i) from[static_cast<std::ptrdiff_t>(i) - 1] = from[i];
        --from;
        from[whole] = '.';
    }
    if (negative) *--from = '-';
    return {from, static_cast<std::size_t>(end - from)};
}

// "d.dddE7" from the shortest digits that read back the same.
template <class Real>
std::string_view write_real(Real value, Arena& arena) {
    if (std::isnan(value)) return "NaN";
    if (std::isinf(value)) return value < 0 ? "-INF" : "INF";
    if (value == 0) return std::signbit(value) ? "-0" : "0";
    char room[kNumberRoom];
    const Real magnitude = std::fabs(value);
    if (magnitude >= static_cast<Real>(1e-6) && magnitude < static_cast<Real>(1e6)) {
        const auto end = std::to_chars(room, room + sizeof room, value, std::chars_format::fixed).ptr;
        return arena.copy({room, static_cast<std::size_t>(end - room)});
    }
    const auto end = std::to_chars(room, room + sizeof room, value, std::chars_format::scientific).ptr;
    const std::string_view written(room, static_cast<std::size_t>(end - room));
    const std::size_t e = written.find('e');
    std::string out(written.substr(0, e));
    if (out.find('.') == std::string::npos) out += ".0";
    std::string_view exponent = written.substr(e + 1);
    out += exponent.front() == '-' ? "E-" : "E";
    exponent.remove_prefix(1);
    exponent.remove_prefix(std::min(exponent.find_first_not_of('0'), exponent.size() - 1));
    return arena.copy(out.append(exponent));
}

// Digits, point and exponent of a double without its sign; false when the form is wrong.
bool has_double_form(std::string_view text) {
    std::size_t whole = digits_at_front(text);
    text.remove_prefix(whole);
    if (!text.empty() && text.front() == '.') {
        text.remove_prefix(1);
        const std::size_t fraction = digits_at_front(text);
        text.remove_prefix(fraction);
        whole += fraction;
    }
    if (whole == 0) return false;
    if (text.empty()) return true;
    if (text.front() != 'e' && text.front() != 'E') return false;
    text.remove_prefix(1);
    take_sign(text);
    return !text.empty() && digits_at_front(text) == text.size();
}

// A number of digits only and few enough for any type; a third of the time that std::from_chars takes.
std::optional<std::int64_t> short_whole(std::string_view text) {
    if (text.empty() || text.size() > 15) return std::nullopt;
    std::int64_t value = 0;
    for (const char c : text) {
        if (!is_digit(c)) return std::nullopt;
        value = value * 10 + (c - '0');
    }
    return value;
}

// Of a number that is out of range: whether it is too large rather than too small.
bool is_huge(std::string_view text) {
    const std::size_t e = text.find_first_of("eE");
    if (e == std::string_view::npos) return text.find_first_not_of("0.") < text.find('.');
    std::string_view exponent = text.substr(e + 1);
    const bool negative = take_sign(exponent);
    const std::string_view mantissa = text.substr(0, e);
    const std::size_t lead = mantissa.find_first_not_of("0.");
    const std::size_t point = std::min(mantissa.find('.'), mantissa.size());
    const auto magnitude = static_cast<double>(point) - static_cast<double>(lead);
    double power = 0;
    for (const char c : exponent) power = std::min(power * 10 + (c - '0'), 1e9);
    return (negative ? -power : power) + magnitude > 0;
}

template <class Real>
std::optional<Real> parse_real(std::string_view text) {
    constexpr Real kInfinity = std::numeric_limits<Real>::infinity();
    if (text == "NaN") return std::numeric_limits<Real>::quiet_NaN();
    const bool negative = take_sign(text);
    if (text == "INF") return negative ? -kInfinity : kInfinity;
    if (const auto whole = short_whole(text)) {
        const auto value = static_cast<Real>(*whole);
        return negative ? -value : value;
    }
    if (!has_double_form(text)) return std::nullopt;
    Real value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc::result_out_of_range) value = is_huge(text) ? kInfinity : Real{0};
    return negative ? -value : value;
}

}  // namespace

Item make_integer(Int128 value, Arena& arena, Type type) {
    if (fits_64(value)) return Item::of_integer(static_cast<std::int64_t>(value), type);
    Item item;
    item.pointer = arena.make(value);
    item.type = type;
    item.extra = 1;
    return item;
}

Item make_decimal(Decimal value, Arena& arena) {
    value = reduce(value);
    Item item;
    item.type = Type::decimal;
    if (fits_64(value.coefficient)) {
        item.integer = static_cast<std::int64_t>(value.coefficient);
        item.scale = value.scale;
    } else {
        item.pointer = arena.make(value);
        item.extra = 1;
    }
    return item;
}

Int128 integer_of(const Item& item) {
    return item.wide() ? *static_cast<const Int128*>(item.pointer) : static_cast<Int128>(item.integer);
}

Decimal decimal_of(const Item& item) {
    if (item.type != Type::decimal) return {integer_of(item), 0};
    if (item.wide()) return *static_cast<const Decimal*>(item.pointer);
    return {item.integer, item.scale};
}

double double_of(const Item& item) {
    if (item.type == Type::double_ || item.type == Type::float_) return item.real;
    if (item.type == Type::decimal) return to_double(decimal_of(item));
    return static_cast<double>(integer_of(item));
}

bool is_nan(const Item& item) {
    return (item.type == Type::double_ || item.type == Type::float_) && std::isnan(item.real);
}

std::optional<Int128> parse_integer(std::string_view text) {
    const bool negative = take_sign(text);
    if (text.empty()) return std::nullopt;
    Int128 magnitude = 0;
    for (const char c : text) {
        if (!is_digit(c) || !push_digit(magnitude, c)) return std::nullopt;
    }
    return negative ? -magnitude : magnitude;
}

bool has_decimal_form(std::string_view text) {
    take_sign(text);
    return text.find_first_of("eE") == std::string_view::npos && has_double_form(text);
}

std::optional<Decimal> parse_decimal(std::string_view text) {
    if (!has_decimal_form(text)) return std::nullopt;
    const bool negative = take_sign(text);
    Decimal value;
    const std::size_t point = std::min(text.find('.'), text.size());
    for (const char c : text.substr(0, point)) {
        if (!push_digit(value.coefficient, c)) return std::nullopt;
    }
    for (const char c : text.substr(std::min(point + 1, text.size()))) {
        if (value.scale == kMaxScale || !push_digit(value.coefficient, c))
            break;  // more digits than are held
        ++value.scale;
    }
    if (negative) value.coefficient = -value.coefficient;
    return reduce(value);
}

std::optional<double> parse_double(std::string_view text) {
    return parse_real<double>(text);
}
std::optional<float> parse_float(std::string_view text) {
    return parse_real<float>(text);
}

std::string_view to_text(Int128 value, Arena& arena) {
    return to_text(Decimal{value, 0}, arena);
}

std::string_view to_text(const Decimal& value, Arena& arena) {
    char room[kNumberRoom];
    return arena.copy(write(room, reduce(value)));
}

std::string_view to_text(double value, Arena& arena) {
    return write_real(value, arena);
}
std::string_view to_text(float value, Arena& arena) {
    return write_real(value, arena);
}

double to_double(const Decimal& value) {
    constexpr double kPowers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                  1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    constexpr Int128 kExact = Int128{1} << 53;
    if (value.scale <= 22 && value.coefficient <= kExact && value.coefficient >= -kExact) {
        return static_cast<double>(value.coefficient) / kPowers[value.scale];  // both exact: rounded once
    }
    char room[kNumberRoom];
    double result = 0;
    const std::string_view text = write(room, value);
    std::from_chars(text.data(), text.data() + text.size(), result);
    return result;
}

std::optional<Decimal> to_decimal(double value) {
    if (!(std::fabs(value) < 1.7e38)) return std::nullopt;
    char room[2 * kNumberRoom];
    const auto written = [&](std::size_t fraction) {
        const auto end = std::to_chars(room, room + sizeof room, value, std::chars_format::fixed,
                                       static_cast<int>(fraction))
                             .ptr;
        return std::string_view(room, static_cast<std::size_t>(end - room));
    };
    // As many digits of the fraction as always fit beside the whole part.
    const std::size_t whole = std::fabs(value) < 1 ? 0 : written(0).size() - (value < 0 ? 1 : 0);
    return parse_decimal(written(kMaxScale - std::min<std::size_t>(whole, kMaxScale)));
}

}  // namespace clacks::xquery
