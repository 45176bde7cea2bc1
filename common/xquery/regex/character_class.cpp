#include "common/xquery/regex/character_class.hpp"

#include <unicode/locid.h>
#include <unicode/uchar.h>
#include <unicode/uniset.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <map>
#include <string>
#include <unordered_map>

#include "common/xml/characters.hpp"

namespace clacks::xquery::regex {

namespace {

using Range = CharacterClass::Range;
constexpr char32_t kLast = 0x10FFFF;

CharacterClass class_of(const icu::UnicodeSet& set) {
    std::vector<Range> ranges;
    ranges.reserve(static_cast<std::size_t>(set.getRangeCount()));
    for (std::int32_t i = 0; i < set.getRangeCount(); ++i) {
        ranges.emplace_back(static_cast<char32_t>(set.getRangeStart(i)),
                            static_cast<char32_t>(set.getRangeEnd(i)));
    }
    return CharacterClass(std::move(ranges));
}

CharacterClass of_categories(std::uint32_t mask) {
    UErrorCode status = U_ZERO_ERROR;
    icu::UnicodeSet set;
    set.applyIntPropertyValue(UCHAR_GENERAL_CATEGORY_MASK, static_cast<std::int32_t>(mask), status);
    return class_of(set);
}

template <class Test>
CharacterClass of_test(Test test) {
    std::vector<Range> ranges;
    for (char32_t c = 0; c <= kLast; ++c) {
        if (!test(c)) continue;
        if (!ranges.empty() && ranges.back().second + 1 == c)
            ranges.back().second = c;
        else
            ranges.emplace_back(c, c);
    }
    return CharacterClass(std::move(ranges));
}

struct Category {
    std::string_view name;
    std::uint32_t mask;
};
constexpr Category kCategories[] = {
    {"L", U_GC_L_MASK},   {"Lu", U_GC_LU_MASK}, {"Ll", U_GC_LL_MASK}, {"Lt", U_GC_LT_MASK},
    {"Lm", U_GC_LM_MASK}, {"Lo", U_GC_LO_MASK}, {"M", U_GC_M_MASK},   {"Mn", U_GC_MN_MASK},
    {"Mc", U_GC_MC_MASK}, {"Me", U_GC_ME_MASK}, {"N", U_GC_N_MASK},   {"Nd", U_GC_ND_MASK},
    {"Nl", U_GC_NL_MASK}, {"No", U_GC_NO_MASK}, {"P", U_GC_P_MASK},   {"Pc", U_GC_PC_MASK},
    {"Pd", U_GC_PD_MASK}, {"Ps", U_GC_PS_MASK}, {"Pe", U_GC_PE_MASK}, {"Pi", U_GC_PI_MASK},
    {"Pf", U_GC_PF_MASK}, {"Po", U_GC_PO_MASK}, {"Z", U_GC_Z_MASK},   {"Zs", U_GC_ZS_MASK},
    {"Zl", U_GC_ZL_MASK}, {"Zp", U_GC_ZP_MASK}, {"S", U_GC_S_MASK},   {"Sm", U_GC_SM_MASK},
    {"Sc", U_GC_SC_MASK}, {"Sk", U_GC_SK_MASK}, {"So", U_GC_SO_MASK}, {"C", U_GC_C_MASK},
    {"Cc", U_GC_CC_MASK}, {"Cf", U_GC_CF_MASK}, {"Co", U_GC_CO_MASK}, {"Cn", U_GC_CN_MASK}};

// Blocks that had other names in the Unicode versions XML Schema 1.0 speaks of.
struct OldBlock {
    std::string_view name;
    Range range;
};
constexpr OldBlock kOldBlocks[] = {{"Greek", {0x370, 0x3FF}},
                                   {"CombiningMarksforSymbols", {0x20D0, 0x20FF}},
                                   {"PrivateUse", {0xE000, 0xF8FF}}};

// "Latin_1_Supplement" and "Latin-1Supplement" alike.
std::string plain_block_name(std::string_view name) {
    std::string out;
    for (const char c : name) {
        if (c != '_' && c != '-' && c != ' ')
            out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    }
    return out;
}

const std::unordered_map<std::string, std::int32_t>& blocks() {
    static const auto made = [] {
        std::unordered_map<std::string, std::int32_t> out;
        const std::int32_t last = u_getIntPropertyMaxValue(UCHAR_BLOCK);
        for (std::int32_t block = 1; block <= last; ++block) {
            const char* name = u_getPropertyValueName(UCHAR_BLOCK, block, U_LONG_PROPERTY_NAME);
            if (name != nullptr) out.emplace(plain_block_name(name), block);
        }
        return out;
    }();
    return made;
}

bool class_of_block(std::string_view name, CharacterClass& out) {
    for (const OldBlock& old : kOldBlocks) {
        if (old.name != name) continue;
        out = CharacterClass({old.range});
        return true;
    }
    const bool clean = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    });
    const auto found = clean ? blocks().find(plain_block_name(name)) : blocks().end();
    if (found == blocks().end()) return false;
    UErrorCode status = U_ZERO_ERROR;
    icu::UnicodeSet set;
    set.applyIntPropertyValue(UCHAR_BLOCK, found->second, status);
    out = class_of(set);
    return U_SUCCESS(status) != 0;
}

// The characters that differ only in case, of each that has such.
using Variants = std::map<char32_t, std::vector<char32_t>>;

const Variants& variants() {
    static const Variants made = [] {
        Variants out;
        UErrorCode status = U_ZERO_ERROR;
        const icu::UnicodeSet cased(u"[:Changes_When_Casemapped:]", status);
        std::map<icu::UnicodeString, std::vector<char32_t>> by_lower, by_upper;
        for (std::int32_t i = 0; i < cased.size(); ++i) {
            const UChar32 c = cased.charAt(i);
            by_lower[icu::UnicodeString(c).toLower(icu::Locale::getRoot())].push_back(
                static_cast<char32_t>(c));
            by_upper[icu::UnicodeString(c).toUpper(icu::Locale::getRoot())].push_back(
                static_cast<char32_t>(c));
        }
        for (const auto& group : {by_lower, by_upper}) {
            for (const auto& [mapped, members] : group) {
                for (const char32_t a : members) {
                    for (const char32_t b : members) {
                        if (a != b) out[a].push_back(b);
                    }
                }
            }
        }
        return out;
    }();
    return made;
}

}  // namespace

CharacterClass::CharacterClass(std::vector<Range> ranges) {
    std::sort(ranges.begin(), ranges.end());
    for (const Range& range : ranges) {
        if (!ranges_.empty() && range.first <= ranges_.back().second + 1)
            ranges_.back().second = std::max(ranges_.back().second, range.second);
        else
            ranges_.push_back(range);
    }
    for (const auto& [first, last] : ranges_) {
        for (char32_t c = first; c <= last && c < ascii_.size(); ++c) ascii_[c] = true;
    }
}

bool CharacterClass::contains_wide(char32_t c) const {
    const auto behind =
        std::upper_bound(ranges_.begin(), ranges_.end(), c,
                         [](char32_t value, const Range& range) { return value < range.first; });
    return behind != ranges_.begin() && c <= std::prev(behind)->second;
}

CharacterClass CharacterClass::inverted() const {
    std::vector<Range> out;
    char32_t next = 0;
    for (const Range& range : ranges_) {
        if (range.first > next) out.emplace_back(next, range.first - 1);
        next = range.second + 1;
    }
    if (next <= kLast) out.emplace_back(next, kLast);
    return CharacterClass(std::move(out));
}

CharacterClass CharacterClass::without(const CharacterClass& other) const {
    // What belongs neither to the complement of this nor to the other.
    std::vector<Range> outside = inverted().ranges_;
    outside.insert(outside.end(), other.ranges_.begin(), other.ranges_.end());
    return CharacterClass(std::move(outside)).inverted();
}

const CharacterClass* class_of_escape(char letter) {
    static const CharacterClass space({{0x9, 0xA}, {0xD, 0xD}, {0x20, 0x20}});
    static const CharacterClass digit = of_categories(U_GC_ND_MASK);
    static const CharacterClass word = of_categories(U_GC_P_MASK | U_GC_Z_MASK | U_GC_C_MASK).inverted();
    static const CharacterClass initial =
        of_test([](char32_t c) { return c == ':' || xml::is_name_start(c); });
    static const CharacterClass name = of_test([](char32_t c) { return c == ':' || xml::is_name_char(c); });
    switch (letter) {
        case 's':
            return &space;
        case 'd':
            return &digit;
        case 'w':
            return &word;
        case 'i':
            return &initial;
        case 'c':
            return &name;
        default:
            return nullptr;
    }
}

bool class_of_property(std::string_view name, CharacterClass& out) {
    for (const Category& category : kCategories) {
        if (category.name != name) continue;
        out = of_categories(category.mask);
        return true;
    }
    return name.starts_with("Is") && class_of_block(name.substr(2), out);
}

void add_case_variants(std::vector<Range>& ranges) {
    const std::size_t n = ranges.size();
    for (std::size_t i = 0; i < n; ++i) {
        const Range range = ranges[i];
        for (auto at = variants().lower_bound(range.first);
             at != variants().end() && at->first <= range.second; ++at) {
            for (const char32_t variant : at->second) ranges.emplace_back(variant, variant);
        }
    }
}

bool same_but_for_case(char32_t a, char32_t b) {
    if (a == b) return true;
    const auto found = variants().find(a);
    return found != variants().end() &&
           std::find(found->second.begin(), found->second.end(), b) != found->second.end();
}

}  // namespace clacks::xquery::regex
