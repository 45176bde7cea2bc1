#include "common/xquery/functions/date_component.hpp"

#include <algorithm>

#include "common/base/text.hpp"
#include "common/xml/characters.hpp"
#include "common/xquery/values/error.hpp"

namespace clacks::xquery {

namespace {

constexpr std::string_view kOfDates = "YMDdFWwCE";
constexpr std::string_view kOfTimes = "HhPmsf";
constexpr std::string_view kZones = "Zz";

// Monday is 1.
int day_of_week(std::int64_t days) {
    const auto rest = static_cast<int>((days + 3) % 7);  // 1970-01-01 was a Thursday
    return (rest + 7) % 7 + 1;
}

// The Thursday of the week, which decides what year the week belongs to.
std::int64_t thursday(std::int64_t days) {
    return days - day_of_week(days) + 4;
}

DateTime date_of(std::int64_t days) {
    return parts_of(Item::of_instant(days * kDaySeconds, 0, kNoZone, Type::date));
}

// A month's first week has its first Thursday. Days before that are in the last week of the month before.
int week_of_month(std::int64_t days) {
    const DateTime week = date_of(thursday(days));
    const bool next_month = thursday(days) > days && week.month != date_of(days).month;
    if (next_month) return (date_of(thursday(days) - 7).day - 1) / 7 + 2;
    return (week.day - 1) / 7 + 1;
}

std::size_t length(std::string_view text) {
    return xml::code_points(text).size();
}

std::string cut(std::string_view text, std::size_t most) {
    std::string out;
    for (const char32_t c : xml::code_points(text).substr(0, most)) xml::append_utf8(out, c);
    return out;
}

std::string padded(std::string text, const Presentation& presentation) {
    const std::size_t size = length(text);
    if (presentation.least && size < *presentation.least) text.append(*presentation.least - size, ' ');
    return text;
}

std::string_view default_of(char component) {
    switch (component) {
        case 'F':
        case 'P':
        case 'C':
        case 'E':
            return "n";
        case 'm':
        case 's':
            return "01";
        case 'Z':
        case 'z':
            return "01:01";
        default:
            return "1";
    }
}

// "3", "*"; none for "*".
std::optional<unsigned> read_width(std::string_view text, std::string_view marker) {
    if (text == "*") return std::nullopt;
    unsigned value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9' || value > 9'999) value = 0, text = {};
        if (text.empty()) break;
        value = value * 10 + static_cast<unsigned>(c - '0');
    }
    if (value == 0) wrong_date_picture(marker, "a width is a number from 1 on, or '*'");
    return value;
}

// What a zone is mostly called where nothing is known of the place, or "".
std::string_view usual_zone_name(int minutes) {
    struct Row {
        int minutes;
        std::string_view name;
    };
    constexpr Row kRows[] = {{-600, "HST"}, {-540, "AKST"}, {-480, "PST"}, {-420, "MST"},
                             {-360, "CST"}, {-300, "EST"},  {0, "GMT"},    {60, "CET"},
                             {120, "EET"},  {180, "MSK"},   {330, "IST"},  {540, "JST"}};
    for (const Row& row : kRows) {
        if (row.minutes == minutes) return row.name;
    }
    return {};
}

bool has_digit(std::u32string_view text) {
    return std::any_of(text.begin(), text.end(), [](char32_t c) { return zero_of(c).has_value(); });
}

}  // namespace

void wrong_date_picture(std::string_view picture, std::string why) {
    fail(Code::FOFD1340, "'" + one_line(picture, 60) + "' is no picture of a date or time: " + std::move(why),
         "write it as in '[Y0001]-[M01]-[D01]' or '[FNn], [D1o] [MNn]'");
}

Presentation Presentation::parse(std::string_view text, char component) {
    Presentation out;
    const std::size_t comma = text.rfind(',');
    std::string_view modifiers = text.substr(0, comma);
    if (comma != std::string_view::npos) {
        const std::string_view widths = text.substr(comma + 1);
        const std::size_t hyphen = std::min(widths.find('-'), widths.size());
        out.least = read_width(widths.substr(0, hyphen), text);
        if (hyphen < widths.size()) out.most = read_width(widths.substr(hyphen + 1), text);
        if (out.least && out.most && *out.least > *out.most)
            wrong_date_picture(text, "the least width is above the largest");
    }
    if (modifiers.size() > 1 || (modifiers.size() == 1 && (modifiers == "o" || modifiers == "t"))) {
        const char last = modifiers.back();
        if (last == 'o' || last == 't' || last == 'c' || last == 'a') {
            out.ordinal = last == 'o';
            out.traditional = last == 't';
            modifiers.remove_suffix(1);
        }
    }
    out.first = modifiers.empty() ? default_of(component) : modifiers;
    return out;
}

DateText::DateText(const Item& value, const Language& language, std::string zone_name)
    : type_(value.type),
      parts_(parts_of(value)),
      days_(days_of(parts_.year, parts_.month, parts_.day)),
      language_(language),
      zone_name_(std::move(zone_name)) {}

void DateText::check(char component) const {
    const bool lacks = type_ == Type::date   ? kOfTimes.find(component) != std::string_view::npos
                       : type_ == Type::time ? kOfDates.find(component) != std::string_view::npos
                                             : false;
    if (lacks)
        fail(Code::FOFD1350,
             std::string("the picture has the component '") + component + "', which " +
                 std::string(type_name(type_)) + " lacks",
             "use fn:format-dateTime for both");
}

std::string DateText::component(std::string_view marker) const {
    std::string text;
    for (const char c : marker) {
        if (!xml::is_space(c)) text += c;
    }
    const char component = text.empty() ? ' ' : text.front();
    const bool known = kOfDates.find(component) != std::string_view::npos ||
                       kOfTimes.find(component) != std::string_view::npos ||
                       kZones.find(component) != std::string_view::npos;
    if (!known) wrong_date_picture(marker, "it names no component");
    const Presentation presentation = Presentation::parse(std::string_view(text).substr(1), component);
    check(component);
    if (kZones.find(component) != std::string_view::npos) return zone(component, presentation);
    if (component == 'f') return fraction(presentation);
    if (component == 'Y' && !presentation.is_name()) return year(presentation);
    const bool has_name = std::string_view("MFPEC").find(component) != std::string_view::npos;
    const bool only_name = std::string_view("PEC").find(component) != std::string_view::npos;
    if (has_name && (presentation.is_name() || only_name)) return name(component, presentation);
    return numeric(component, presentation);
}

int DateText::number(char component) const {
    switch (component) {
        case 'Y':
            return static_cast<int>(parts_.year < 0 ? -parts_.year : parts_.year);
        case 'M':
            return parts_.month;
        case 'D':
            return parts_.day;
        case 'd':
            return static_cast<int>(days_ - days_of(parts_.year, 1, 1)) + 1;
        case 'F':
            return day_of_week(days_);
        case 'W':
            return static_cast<int>(thursday(days_) - days_of(date_of(thursday(days_)).year, 1, 1)) / 7 + 1;
        case 'w':
            return week_of_month(days_);
        case 'H':
            return parts_.hour;
        case 'h':
            return (parts_.hour + 11) % 12 + 1;
        case 'm':
            return parts_.minute;
        default:
            return parts_.second;
    }
}

std::string DateText::numeric(char component, const Presentation& presentation) const {
    const std::string_view token =
        presentation.is_name() ? default_of('M') : std::string_view(presentation.first);
    const auto picture = IntegerPicture::parse(token);
    if (!picture) wrong_date_picture(token, "its digits and separators are in the wrong order");
    const std::string text = picture->format(number(component), presentation.ordinal, {}, language_,
                                             presentation.least.value_or(0));
    return picture->form == IntegerPicture::Form::digits ? text : padded(text, presentation);
}

// Only of a year the last digits are shown where there is no room.
std::string DateText::year(const Presentation& presentation) const {
    const auto picture = IntegerPicture::parse(presentation.first);
    if (!picture) wrong_date_picture(presentation.first, "its digits and separators are in the wrong order");
    Int128 value = number('Y');
    std::optional<unsigned> most = presentation.most;
    const bool digits = picture->form == IntegerPicture::Form::digits;
    if (digits && !most && !presentation.least && picture->digits.digits > 1) most = picture->digits.digits;
    Int128 limit = 1;
    for (unsigned i = 0; most && i < *most && i < 12; ++i) limit *= 10;
    if (most) value %= limit;
    const std::string text =
        picture->format(value, presentation.ordinal, {}, language_, presentation.least.value_or(0));
    return digits ? text : padded(text, presentation);
}

std::string DateText::name(char component, const Presentation& presentation) const {
    const auto at_width = [&](Language::Width width) -> std::string {
        switch (component) {
            case 'M':
                return language_.month(parts_.month, width);
            case 'F':
                return language_.day(day_of_week(days_), width);
            case 'P':
                return language_.half_day(parts_.hour >= 12);
            case 'E':
                return language_.era(parts_.year < 0);
            default:
                return "AD";
        }
    };
    std::string text = at_width(Language::Width::wide);
    if (presentation.most) {
        for (const auto width : {Language::Width::abbreviated, Language::Width::narrow}) {
            if (length(text) <= *presentation.most) break;
            text = at_width(width);
            if (text.ends_with('.')) text.pop_back();
        }
        text = cut(text, *presentation.most);
    }
    if (presentation.first == "N") text = language_.upper(text);
    if (presentation.first == "n") text = language_.lower(text);
    if (presentation.first == "Nn") text = language_.title(text);
    return padded(text, presentation);
}

// A picture of digits from the left: "001" is three digits, "0##" one to three.
std::string DateText::fraction(const Presentation& presentation) const {
    std::u32string picture = xml::code_points(presentation.first);
    if (!has_digit(picture)) picture = U"1";
    std::reverse(picture.begin(), picture.end());
    const auto digits = DigitPicture::parse(picture);
    if (!digits) wrong_date_picture(presentation.first, "its digits and separators are in the wrong order");
    std::string text = std::to_string(1'000'000'000 + std::uint64_t{parts_.nanoseconds}).substr(1);
    while (text.ends_with('0')) text.pop_back();
    const bool any_length = digits->digits == 1 && !presentation.most;
    const std::size_t most =
        any_length ? text.size()
                   : std::max(digits->digits == 1 ? 1 : digits->digits, presentation.most.value_or(0));
    const std::size_t least = std::max(digits->mandatory, presentation.least.value_or(0));
    if (text.size() > most) text.resize(std::max(most, least));
    if (text.size() < least) text.resize(least, '0');
    // Separators count from the left here.
    std::reverse(text.begin(), text.end());
    std::string reversed = group_digits(text, digits->grouping, false, digits->zero);
    std::u32string turned = xml::code_points(reversed);
    std::string out;
    for (auto at = turned.rbegin(); at != turned.rend(); ++at) xml::append_utf8(out, *at);
    return out;
}

std::string DateText::zone_digits(const Presentation& presentation) const {
    const int total = parts_.zone < 0 ? -parts_.zone : parts_.zone;
    std::u32string picture = xml::code_points(presentation.first);
    if (!has_digit(picture)) picture = U"01:01";
    std::size_t digits = 0, separator = picture.size();
    char32_t zero = '0';
    std::size_t before = 0;  // digits before the separator
    for (std::size_t i = 0; i < picture.size(); ++i) {
        if (const auto found = zero_of(picture[i])) {
            zero = *found;
            ++digits;
        } else if (separator == picture.size()) {
            separator = i;
            before = digits;
        } else {
            wrong_date_picture(presentation.first, "a zone has one separator");
        }
    }
    const bool separated = separator < picture.size();
    std::string hours = std::to_string(total / 60), minutes = std::to_string(100 + total % 60).substr(1);
    // Without a separator, one or two digits are hours, of more the last two are minutes.
    const bool hours_only = !separated && digits <= 2;
    const std::size_t wanted = separated ? before : hours_only ? digits : digits - 2;
    if (hours.size() < wanted) hours = std::string(wanted - hours.size(), '0') + hours;
    std::string out = parts_.zone < 0 ? "-" : "+";
    out += group_digits(hours, {}, false, zero);
    if (hours_only && total % 60 == 0) return out;
    if (hours_only)
        out += ':';
    else if (separated)
        xml::append_utf8(out, picture[separator]);
    return out + group_digits(minutes, {}, false, zero);
}

std::string DateText::zone(char component, const Presentation& presentation) const {
    const bool military = component == 'Z' && presentation.first == "Z";
    if (parts_.zone == kNoZone) return military ? "J" : "";
    if (military && parts_.zone % 60 == 0 && parts_.zone >= -720 && parts_.zone <= 720) {
        constexpr std::string_view kEast = "ZABCDEFGHIKLM", kWest = "ZNOPQRSTUVWXY";
        const int hours = parts_.zone / 60;
        return std::string(
            1, hours < 0 ? kWest[static_cast<std::size_t>(-hours)] : kEast[static_cast<std::size_t>(hours)]);
    }
    if (presentation.is_name() && !zone_name_.empty()) return zone_name_;
    if (presentation.is_name() && component == 'Z') {
        if (const std::string_view usual = usual_zone_name(parts_.zone); !usual.empty())
            return std::string(usual);
    }
    if (presentation.traditional && component == 'Z' && parts_.zone == 0) return "Z";
    std::string out = component == 'z' ? "GMT" : "";
    return out += zone_digits(presentation);
}

}  // namespace clacks::xquery
