#include "common/xquery/functions/number_picture.hpp"

#include <algorithm>
#include <charconv>

#include "common/xml/characters.hpp"
#include "common/xquery/values/error.hpp"

namespace clacks::xquery {

namespace {

[[noreturn]] void wrong(const char* why) {
    fail(Code::FODF1310, std::string("the picture of a number is wrong: ") + why,
         "write it as in '#,##0.00', '0.0e0' or '0.0;(0.0)'");
}

// Takes a sub-picture apart.
class Reader {
  public:
    Reader(std::u32string_view text, const DecimalFormat& format) : text_(text), format_(format) {}

    NumberPicture read() {
        find_active_part();
        find_exponent();
        prefix_and_suffix();
        const std::u32string_view mantissa = text_.substr(first_, exponent_ - first_);
        const std::size_t point = std::min(mantissa.find(format_.decimal_separator), mantissa.size());
        whole(mantissa.substr(0, point));
        if (point < mantissa.size()) fraction(mantissa.substr(point + 1));
        if (exponent_ < last_) exponent(text_.substr(exponent_ + 1, last_ - exponent_ - 1));
        adjust();
        return picture_;
    }

  private:
    bool is_digit(char32_t c) const { return c == format_.digit || format_.is_digit(c); }
    // But for the exponent separator, whose meaning depends on where it stands.
    bool is_active(char32_t c) const {
        return is_digit(c) || c == format_.decimal_separator || c == format_.grouping_separator;
    }

    void find_active_part() {
        first_ = 0;
        while (first_ < text_.size() && !is_active(text_[first_])) ++first_;
        last_ = text_.size();
        while (last_ > first_ && !is_active(text_[last_ - 1])) --last_;
        if (first_ == last_) wrong("it has no digit");
    }

    // An exponent separator with something active on both sides.
    void find_exponent() {
        exponent_ = last_;
        for (std::size_t i = first_; i < last_; ++i) {
            if (is_active(text_[i])) continue;
            if (text_[i] != format_.exponent_separator) wrong("other characters stand between its digits");
            if (exponent_ < last_) wrong("it has two exponent separators");
            exponent_ = i;
        }
    }

    void prefix_and_suffix() {
        for (std::size_t i = 0; i < text_.size(); ++i) {
            if (i >= first_ && i < last_) continue;
            const char32_t c = text_[i];
            if (c == format_.percent || c == format_.per_mille) {
                if (picture_.factor != 1) wrong("it has two percent or per-mille signs");
                picture_.factor = c == format_.percent ? 100 : 1000;
            }
            xml::append_utf8(i < first_ ? picture_.prefix : picture_.suffix, c);
        }
        if (picture_.factor != 1 && exponent_ < last_)
            wrong("it has a percent or per-mille sign and an exponent");
    }

    void whole(std::u32string_view part) {
        for (auto at = part.rbegin(); at != part.rend(); ++at) {
            if (*at == format_.grouping_separator) {
                const bool beside = !picture_.whole_groups.separators.empty() &&
                                    picture_.whole_groups.separators.back().first == picture_.whole_digits;
                if (picture_.whole_digits == 0 || beside)
                    wrong("a grouping separator stands beside another one or the end of the whole part");
                picture_.whole_groups.separators.emplace_back(picture_.whole_digits, *at);
                continue;
            }
            const bool mandatory = *at != format_.digit;
            if (mandatory && picture_.whole_digits > picture_.least_whole)
                wrong("an optional digit stands behind a mandatory one in the whole part");
            ++picture_.whole_digits;
            if (mandatory) ++picture_.least_whole;
        }
    }

    void fraction(std::u32string_view part) {
        bool separated = true;
        for (const char32_t c : part) {
            if (c == format_.decimal_separator) wrong("it has two decimal separators");
            if (c == format_.grouping_separator) {
                if (separated)
                    wrong("a grouping separator stands beside another one or the decimal separator");
                picture_.fraction_groups.separators.emplace_back(picture_.most_fraction, c);
                separated = true;
                continue;
            }
            const bool mandatory = c != format_.digit;
            if (mandatory && picture_.most_fraction > picture_.least_fraction)
                wrong("a mandatory digit stands behind an optional one in the fraction");
            ++picture_.most_fraction;
            if (mandatory) ++picture_.least_fraction;
            separated = false;
        }
        if (separated && !part.empty()) wrong("a grouping separator stands at the end");
    }

    void exponent(std::u32string_view part) {
        for (const char32_t c : part) {
            if (!format_.is_digit(c)) wrong("its exponent is not of mandatory digits only");
        }
        picture_.least_exponent = static_cast<unsigned>(part.size());
    }

    void adjust() {
        NumberPicture& p = picture_;
        if (p.whole_digits == 0 && p.most_fraction == 0) wrong("it has no digit");
        p.scaling = p.least_whole;
        const bool exponent = p.least_exponent > 0;
        if (p.least_whole == 0 && p.most_fraction == 0) {
            if (exponent)
                p.least_fraction = p.most_fraction = 1;
            else
                p.least_whole = 1;
        }
        if (exponent && p.least_whole == 0 && p.whole_digits > 0) p.least_whole = 1;
        if (p.least_whole == 0 && p.least_fraction == 0) p.least_fraction = 1;
    }

    std::u32string_view text_;
    const DecimalFormat& format_;
    NumberPicture picture_;
    std::size_t first_ = 0, last_ = 0, exponent_ = 0;
};

std::string grouped_fraction(std::string_view digits, const Grouping& grouping, char32_t zero) {
    std::string out;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        for (const auto& [position, separator] : grouping.separators) {
            if (position == i) xml::append_utf8(out, separator);
        }
        xml::append_utf8(out, zero + static_cast<char32_t>(digits[i] - '0'));
    }
    return out;
}

}  // namespace

Digits Digits::read(std::string_view text) {
    Digits out;
    const std::size_t e = std::min(text.find_first_of("eE"), text.size());
    if (e < text.size()) {
        const char* from = text.data() + e + 1;
        if (*from == '+') ++from;
        std::from_chars(from, text.data() + text.size(), out.point);
    }
    const std::string_view mantissa = text.substr(0, e);
    const std::size_t point = std::min(mantissa.find('.'), mantissa.size());
    out.point += static_cast<int>(point);
    for (const char c : mantissa) {
        if (c != '.') out.digits += c;
    }
    const std::size_t lead = std::min(out.digits.find_first_not_of('0'), out.digits.size());
    out.digits.erase(0, lead);
    out.point -= static_cast<int>(lead);
    while (out.digits.ends_with('0')) out.digits.pop_back();
    if (out.digits.empty()) out.point = 0;
    return out;
}

void Digits::round(int fraction) {
    const int keep = point + fraction;
    if (keep >= static_cast<int>(digits.size())) return;
    if (keep < 0) {
        *this = {};
        return;
    }
    const auto kept = static_cast<std::size_t>(keep);
    const char next = digits[kept];
    const bool half = next == '5' && kept + 1 == digits.size();
    const bool odd = kept > 0 && (digits[kept - 1] - '0') % 2 != 0;
    const bool up = half ? odd : next >= '5';
    digits.resize(kept);
    if (up) {
        while (!digits.empty() && digits.back() == '9') digits.pop_back();
        if (digits.empty()) {
            digits.assign(1, '1');
            ++point;
        } else {
            ++digits.back();
        }
    }
    while (digits.ends_with('0')) digits.pop_back();
    if (digits.empty()) point = 0;
}

NumberPicture NumberPicture::parse(std::u32string_view text, const DecimalFormat& format) {
    return Reader(text, format).read();
}

std::string NumberPicture::write(Digits number, const DecimalFormat& format) const {
    int exponent = 0;
    if (least_exponent > 0 && !number.digits.empty()) {
        exponent = number.point - static_cast<int>(scaling);
        number.point = static_cast<int>(scaling);
    }
    number.round(static_cast<int>(most_fraction));
    const auto size = static_cast<int>(number.digits.size());
    // The digits before and behind the point.
    std::string whole, fraction;
    for (int i = 0; i < number.point; ++i)
        whole += i < size ? number.digits[static_cast<std::size_t>(i)] : '0';
    if (!number.digits.empty()) {
        for (int i = number.point; i < size; ++i)
            fraction += i < 0 ? '0' : number.digits[static_cast<std::size_t>(i)];
    }
    if (whole.size() < least_whole) whole = std::string(least_whole - whole.size(), '0') + whole;
    if (fraction.size() < least_fraction) fraction.resize(least_fraction, '0');
    std::string out =
        group_digits(whole, whole_groups, whole_groups.is_regular(whole_digits), format.zero_digit);
    if (!fraction.empty()) {
        xml::append_utf8(out, format.decimal_separator);
        out += grouped_fraction(fraction, fraction_groups, format.zero_digit);
    }
    if (least_exponent > 0) {
        xml::append_utf8(out, format.exponent_separator);
        if (exponent < 0) xml::append_utf8(out, format.minus_sign);
        std::string text = digits_of(exponent < 0 ? -exponent : exponent);
        if (text.size() < least_exponent) text = std::string(least_exponent - text.size(), '0') + text;
        out += group_digits(text, {}, false, format.zero_digit);
    }
    return out;
}

}  // namespace clacks::xquery
