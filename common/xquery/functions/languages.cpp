#include "common/xquery/functions/languages.hpp"

#include <unicode/brkiter.h>
#include <unicode/dtfmtsym.h>
#include <unicode/locid.h>
#include <unicode/rbnf.h>
#include <unicode/timezone.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>

namespace clacks::xquery {

namespace {

icu::UnicodeString wide(std::string_view text) {
    return icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())});
}

std::string narrow(const icu::UnicodeString& text) {
    std::string out;
    text.toUTF8String(out);
    return out;
}

// The languages that ICU has data for: "en", "de" …
const std::set<std::string, std::less<>>& known_languages() {
    static const std::set<std::string, std::less<>> known = [] {
        std::set<std::string, std::less<>> names;
        std::int32_t count = 0;
        const icu::Locale* const all = icu::Locale::getAvailableLocales(count);
        for (std::int32_t i = 0; i < count; ++i) names.insert(all[i].getLanguage());
        return names;
    }();
    return known;
}

// What is made once a thread, as ICU reads its data for it; bounded, as a query may name many languages.
constexpr std::size_t kMostCached = 16;

template <class Cache>
void bound(Cache& cache) {
    if (cache.size() > kMostCached) cache.clear();
}

icu::RuleBasedNumberFormat* number_rules(const std::string& locale, icu::URBNFRuleSetTag kind) {
    thread_local std::map<std::pair<std::string, int>, std::unique_ptr<icu::RuleBasedNumberFormat>> made;
    bound(made);
    std::unique_ptr<icu::RuleBasedNumberFormat>& rules = made[{locale, kind}];
    if (rules == nullptr) {
        UErrorCode status = U_ZERO_ERROR;
        rules = std::make_unique<icu::RuleBasedNumberFormat>(kind, icu::Locale(locale.c_str()), status);
        if (U_FAILURE(status)) rules.reset();
    }
    return rules.get();
}

// By a rule set of this name, or by the default one where it is "".
std::string by_rules(icu::RuleBasedNumberFormat& rules, const icu::UnicodeString& set, std::int64_t number) {
    icu::UnicodeString out;
    icu::FieldPosition nowhere(icu::FieldPosition::DONT_CARE);
    UErrorCode status = U_ZERO_ERROR;
    if (set.isEmpty())
        rules.format(number, out, nowhere);
    else
        rules.format(number, set, out, nowhere, status);
    out.findAndReplace(icu::UnicodeString(u'\u00ad'), icu::UnicodeString());  // soft hyphens
    return narrow(out);
}

const icu::DateFormatSymbols* symbols(const std::string& locale) {
    thread_local std::map<std::string, std::unique_ptr<icu::DateFormatSymbols>> made;
    bound(made);
    std::unique_ptr<icu::DateFormatSymbols>& found = made[locale];
    if (found == nullptr) {
        UErrorCode status = U_ZERO_ERROR;
        found = std::make_unique<icu::DateFormatSymbols>(icu::Locale(locale.c_str()), status);
    }
    return found.get();
}

std::string nth(const icu::UnicodeString* names, std::int32_t count, int index) {
    return index < count ? narrow(names[index]) : std::string();
}

std::optional<ZoneThen> then(const icu::TimeZone& zone, std::int64_t seconds) {
    std::int32_t raw = 0, summer = 0;
    UErrorCode status = U_ZERO_ERROR;
    zone.getOffset(static_cast<UDate>(seconds) * 1000, 0, raw, summer, status);
    if (U_FAILURE(status)) return std::nullopt;
    icu::UnicodeString shown;
    zone.getDisplayName(summer != 0 ? 1 : 0, icu::TimeZone::SHORT, icu::Locale::getUS(), shown);
    return ZoneThen{(raw + summer) / 60'000, narrow(shown)};
}

icu::DateFormatSymbols::DtWidthType width_of(Language::Width width) {
    if (width == Language::Width::wide) return icu::DateFormatSymbols::WIDE;
    return width == Language::Width::abbreviated ? icu::DateFormatSymbols::ABBREVIATED
                                                 : icu::DateFormatSymbols::SHORT;
}

}  // namespace

std::optional<Language> Language::find(std::string_view tag) {
    UErrorCode status = U_ZERO_ERROR;
    const icu::Locale locale =
        icu::Locale::forLanguageTag({tag.data(), static_cast<std::int32_t>(tag.size())}, status);
    if (U_FAILURE(status) || !known_languages().contains(std::string_view(locale.getLanguage())))
        return std::nullopt;
    return Language(locale.getLanguage());
}

Language Language::english() {
    return Language("en");
}

std::string Language::words(std::int64_t number, bool ordinal, std::string_view suffix) const {
    icu::RuleBasedNumberFormat* const rules = number_rules(locale_, icu::URBNF_SPELLOUT);
    if (rules == nullptr) return std::to_string(number);
    // The verbose rules of English say "one hundred and one".
    const icu::UnicodeString verbose = ordinal ? u"%spellout-ordinal-verbose" : u"%spellout-cardinal-verbose";
    std::string first;
    for (std::int32_t i = 0; i < rules->getNumberOfRuleSetNames(); ++i) {
        const icu::UnicodeString name = rules->getRuleSetName(i);
        if (name == verbose) return by_rules(*rules, name, number);
        if (!ordinal || !name.startsWith(u"%spellout-ordinal")) continue;
        std::string text = by_rules(*rules, name, number);
        if (!suffix.empty() && text.ends_with(suffix)) return text;
        if (first.empty()) first = std::move(text);
    }
    return first.empty() ? by_rules(*rules, {}, number) : first;
}

std::string Language::ordinal_suffix(std::int64_t number) const {
    icu::RuleBasedNumberFormat* const rules = number_rules(locale_, icu::URBNF_ORDINAL);
    if (rules == nullptr) return {};
    const std::string text = by_rules(*rules, {}, number);
    const std::size_t last = text.find_last_of("0123456789");
    return last == std::string::npos ? std::string() : text.substr(last + 1);
}

std::string Language::month(int number, Width width) const {
    std::int32_t count = 0;
    const icu::UnicodeString* const names =
        symbols(locale_)->getMonths(count, icu::DateFormatSymbols::STANDALONE, width_of(width));
    return nth(names, count, number - 1);
}

std::string Language::day(int number, Width width) const {
    std::int32_t count = 0;
    const icu::UnicodeString* const names =
        symbols(locale_)->getWeekdays(count, icu::DateFormatSymbols::STANDALONE, width_of(width));
    return nth(names, count, number % 7 + 1);  // ICU's begin with Sunday, at 1
}

std::string Language::half_day(bool afternoon) const {
    std::int32_t count = 0;
    const icu::UnicodeString* const names = symbols(locale_)->getAmPmStrings(count);
    return nth(names, count, afternoon ? 1 : 0);
}

std::string Language::era(bool before_christ) const {
    std::int32_t count = 0;
    const icu::UnicodeString* const names = symbols(locale_)->getEras(count);
    return nth(names, count, before_christ ? 0 : 1);
}

std::string Language::upper(std::string_view text) const {
    return narrow(wide(text).toUpper(icu::Locale(locale_.c_str())));
}

std::string Language::lower(std::string_view text) const {
    return narrow(wide(text).toLower(icu::Locale(locale_.c_str())));
}

std::string Language::title(std::string_view text) const {
    return narrow(wide(text).toTitle(nullptr, icu::Locale(locale_.c_str())));
}

std::optional<ZoneThen> olson_zone(std::string_view name, std::int64_t seconds) {
    if (name.find('/') == std::string_view::npos) return std::nullopt;
    const std::unique_ptr<icu::TimeZone> zone(icu::TimeZone::createTimeZone(wide(name)));
    if (zone == nullptr || *zone == icu::TimeZone::getUnknown()) return std::nullopt;
    return then(*zone, seconds);
}

std::string zone_in_country(std::string_view country, int minutes, std::int64_t seconds) {
    const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    if (country.size() != 2 || !std::all_of(country.begin(), country.end(), is_letter)) return {};
    const std::string region = narrow(wide(country).toUpper(icu::Locale::getRoot()));
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<icu::StringEnumeration> names(icu::TimeZone::createTimeZoneIDEnumeration(
        UCAL_ZONE_TYPE_CANONICAL_LOCATION, region.c_str(), nullptr, status));
    if (U_FAILURE(status) || names == nullptr) return {};
    while (const icu::UnicodeString* name = names->snext(status)) {
        const std::unique_ptr<icu::TimeZone> zone(icu::TimeZone::createTimeZone(*name));
        const auto told = zone == nullptr ? std::nullopt : then(*zone, seconds);
        // Some are only called "GMT-5".
        if (told && told->minutes == minutes && told->name.find_first_of("+-") == std::string::npos)
            return told->name;
    }
    return {};
}

}  // namespace clacks::xquery
