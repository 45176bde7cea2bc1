// fn:format-dateTime, fn:format-date and fn:format-time (Functions and Operators 3.1, 9.8).
#include <algorithm>
#include <string>

#include "common/base/text.hpp"
#include "common/xml/characters.hpp"
#include "common/xquery/functions/date_component.hpp"
#include "common/xquery/functions/family.hpp"
#include "common/xquery/values/date_arithmetic.hpp"

namespace clacks::xquery {

namespace {

[[noreturn]] void wrong_calendar(std::string_view name) {
    fail(Code::FOFD1340, "'" + one_line(name, 60) + "' is not the name of a calendar",
         "use 'AD' or 'ISO', or leave it out");
}

// The calendars that the specification lists.
bool is_listed(std::string_view name) {
    constexpr std::string_view kNames[] = {"AD", "AH", "AME", "AM",  "AP", "AS", "BE", "CB", "CE", "CL",
                                           "CS", "EE", "FE",  "ISO", "JE", "KE", "KY", "ME", "MS", "NS",
                                           "OS", "RS", "SE",  "SH",  "SS", "TE", "VE", "VS"};
    return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

// Whether the calendar is one that we have: these two count alike.
bool is_ours(CallContext& call, std::string_view given) {
    std::string_view name = xml::trim(given);
    if (name.starts_with("Q{")) {
        const std::size_t end = name.find('}');
        if (end == std::string_view::npos || !xml::is_ncname(name.substr(end + 1))) wrong_calendar(given);
        if (!xml::trim(name.substr(2, end - 2)).empty()) return false;
        name.remove_prefix(end + 1);
    } else if (name.find(':') != std::string_view::npos) {
        if (!try_cast(Item::of_text(name), Type::qname, call.arena, call.statics->namespaces))
            wrong_calendar(given);
        return false;
    }
    if (!is_listed(name)) wrong_calendar(given);
    return name == "AD" || name == "ISO" || name == "CE";
}

// The value at the place, where that names a time zone and the value has one.
Item at_place(const Item& value, std::string_view place, std::string& zone_name) {
    if (place.empty() || !value.has_zone()) return value;
    const std::int64_t then = value.integer - value.zone() * std::int64_t{60};
    const auto there = olson_zone(place, then);
    if (!there) {
        zone_name = zone_in_country(place, value.zone(), then);
        return value;
    }
    zone_name = there->name;
    return at_zone(value, static_cast<std::int16_t>(there->minutes));
}

std::string by_picture(CallContext& call, std::string_view picture, const DateText& text) {
    std::string out;
    for (std::size_t at = 0; at < picture.size();) {
        const char c = picture[at];
        if ((c == '[' || c == ']') && picture.substr(at + 1).starts_with(c)) {
            out += c;
            at += 2;
        } else if (c == '[') {
            const std::size_t end = picture.find(']', at);
            if (end == std::string_view::npos) wrong_date_picture(picture, "a '[' is not closed");
            const std::string part = text.component(picture.substr(at + 1, end - at - 1));
            charge(call, part.size());  // a width may make much of a short picture
            out += part;
            need_room(call, out);
            at = end + 1;
        } else if (c == ']') {
            wrong_date_picture(picture, "a ']' outside brackets is written ']]'");
        } else {
            out += c;
            ++at;
        }
    }
    return out;
}

Value format(CallContext& call, Arguments arguments) {
    if (arguments[0].empty()) return {};
    const std::string_view picture = text(arguments[1]);
    charge(call, picture.size() * 4);
    const auto given = [&](std::size_t i) {
        return i < arguments.size() ? text(arguments[i]) : std::string_view();
    };
    const auto language = given(2).empty() ? Language::english() : Language::find(given(2));
    std::string notes;
    if (!language) notes += "[Language: en]";
    if (!given(3).empty() && !is_ours(call, given(3))) notes += "[Calendar: AD]";
    std::string zone_name;
    const Item value = at_place(arguments[0].front(), given(4), zone_name);
    const DateText shown(value, language.value_or(Language::english()), zone_name);
    return made(call, notes + by_picture(call, picture, shown));
}

#define CLACKS_DATE_FORMAT(type)                                                                             \
    {"fn:format-" type "($value as xs:" type "?, $picture as xs:string) as xs:string?", format}, {           \
        "fn:format-" type "($value as xs:" type                                                              \
        "?, $picture as xs:string, $language as xs:string?, $calendar as xs:string?, $place as xs:string?) " \
        "as "                                                                                                \
        "xs:string?",                                                                                        \
            format, kNamespaces                                                                              \
    }

const FunctionRow kRows[] = {
    CLACKS_DATE_FORMAT("dateTime"),
    CLACKS_DATE_FORMAT("date"),
    CLACKS_DATE_FORMAT("time"),
};

#undef CLACKS_DATE_FORMAT

}  // namespace

std::span<const FunctionRow> date_format_functions() {
    return kRows;
}

}  // namespace clacks::xquery
