// What formatting needs of natural languages, by ICU: numbers in words, ordinals, names of months and days.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace clacks::xquery {

class Language {
  public:
    // By its tag ("en", "de-AT"); none for a language that ICU has no data for.
    static std::optional<Language> find(std::string_view tag);
    static Language english();

    // "twenty-one", "twenty-first"; `suffix` chooses among the ordinals of languages with several ("o" and
    // "a" in Italian). All in lower case.
    std::string words(std::int64_t number, bool ordinal, std::string_view suffix) const;
    // What makes digits an ordinal: "st", "nd", "." …
    std::string ordinal_suffix(std::int64_t number) const;

    enum class Width : std::uint8_t { wide, abbreviated, narrow };
    std::string month(int number, Width width) const;  // 1 to 12
    std::string day(int number, Width width) const;    // 1, a Monday, to 7
    std::string half_day(bool afternoon) const;
    std::string era(bool before_christ) const;

    std::string upper(std::string_view text) const;
    std::string lower(std::string_view text) const;
    // Each word with a capital.
    std::string title(std::string_view text) const;

  private:
    explicit Language(std::string locale) : locale_(std::move(locale)) {}
    std::string locale_;  // as ICU names it
};

// By a name of the Olson data ("Europe/Paris"): the zone's offset in minutes at a time in seconds since
// 1970-01-01T00:00:00Z, and its short name then ("CEST") in English; none for a name that ICU does not know.
struct ZoneThen {
    int minutes = 0;
    std::string name;
};
std::optional<ZoneThen> olson_zone(std::string_view name, std::int64_t seconds);
// What the zone with this offset is called in a country ("us") at a time, or "".
std::string zone_in_country(std::string_view country, int minutes, std::int64_t seconds);

}  // namespace clacks::xquery
