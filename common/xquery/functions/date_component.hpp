// The components of a picture of dates and times (Functions and Operators 3.1, 9.8.4).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/xquery/functions/integer_picture.hpp"
#include "common/xquery/functions/languages.hpp"
#include "common/xquery/values/date_time.hpp"

namespace clacks::xquery {

[[noreturn]] void wrong_date_picture(std::string_view picture, std::string why);  // FOFD1340

// "Nn,3-4o": how a component is shown.
struct Presentation {
    std::string first;  // without the second modifier
    bool ordinal = false;
    bool traditional = false;  // "t": of zones, 'Z' for UTC
    std::optional<unsigned> least, most;

    static Presentation parse(std::string_view text, char component);
    bool is_name() const { return first == "N" || first == "n" || first == "Nn"; }
};

// A value to be shown in a language.
class DateText {
  public:
    // What the value's zone is called, or "".
    DateText(const Item& value, const Language& language, std::string zone_name);
    // What stands between brackets; FOFD1340 for what is no marker, FOFD1350 for what the value lacks.
    std::string component(std::string_view marker) const;

  private:
    void check(char component) const;
    int number(char component) const;
    std::string numeric(char component, const Presentation& presentation) const;
    std::string year(const Presentation& presentation) const;
    std::string name(char component, const Presentation& presentation) const;
    std::string fraction(const Presentation& presentation) const;
    std::string zone(char component, const Presentation& presentation) const;
    std::string zone_digits(const Presentation& presentation) const;

    Type type_;
    DateTime parts_;
    std::int64_t days_;  // since 1970-01-01
    Language language_;
    std::string zone_name_;
};

}  // namespace clacks::xquery
