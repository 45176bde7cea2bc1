// The Unicode Collation Algorithm (Functions and Operators 3.1, 5.3.4) on ICU.
#include <unicode/tblcoll.h>
#include <unicode/ucol.h>
#include <unicode/uscript.h>
#include <unicode/usearch.h>

#include <array>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "common/base/text.hpp"
#include "common/xml/characters.hpp"
#include "common/xquery/functions/collations.hpp"

namespace clacks::xquery {

namespace {

icu::UnicodeString utf16(std::string_view text) {
    return icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())});
}

// Bytes of the first n UTF-16 units of the text.
std::size_t bytes_of(std::string_view text, std::int32_t n) {
    std::size_t at = 0;
    while (n > 0 && at < text.size()) {
        const xml::CodePoint c = xml::code_point_at(text, at);
        n -= c.value > 0xFFFF ? 2 : 1;
        at += c.bytes;
    }
    return at;
}

// Steps through the matches of a part in a text, in UTF-16 units; they may overlap.
class Search {
  public:
    Search(const icu::RuleBasedCollator& collator, const icu::UnicodeString& text,
           const icu::UnicodeString& part)
        : search_(usearch_openFromCollator(part.getBuffer(), part.length(), text.getBuffer(), text.length(),
                                           collator.toUCollator(), nullptr, &status_)) {
        if (U_SUCCESS(status_)) usearch_setAttribute(search_.get(), USEARCH_OVERLAP, USEARCH_ON, &status_);
    }
    std::optional<std::pair<std::int32_t, std::int32_t>> first() { return match(&usearch_first); }
    std::optional<std::pair<std::int32_t, std::int32_t>> last() { return match(&usearch_last); }

  private:
    std::optional<std::pair<std::int32_t, std::int32_t>> match(std::int32_t (*step)(UStringSearch*,
                                                                                    UErrorCode*)) {
        if (U_FAILURE(status_)) return std::nullopt;
        const std::int32_t begin = step(search_.get(), &status_);
        if (begin == USEARCH_DONE || U_FAILURE(status_)) return std::nullopt;
        return std::pair(begin, begin + usearch_getMatchedLength(search_.get()));
    }

    struct Close {
        void operator()(UStringSearch* search) const { usearch_close(search); }
    };
    UErrorCode status_ = U_ZERO_ERROR;
    std::unique_ptr<UStringSearch, Close> search_;
};

class UcaCollation final : public Collation {
  public:
    UcaCollation(std::string uri, std::unique_ptr<icu::RuleBasedCollator> collator)
        : uri_(std::move(uri)), collator_(std::move(collator)) {}

    std::string_view uri() const override { return uri_; }

    int compare(std::string_view a, std::string_view b) const override {
        UErrorCode status = U_ZERO_ERROR;
        return collator_->compareUTF8({a.data(), static_cast<std::int32_t>(a.size())},
                                      {b.data(), static_cast<std::int32_t>(b.size())}, status);
    }

    std::string_view key(std::string_view text, Arena& arena) const override {
        const icu::UnicodeString wide = utf16(text);
        const std::int32_t size = collator_->getSortKey(wide, nullptr, 0);
        const std::span<char> room = arena.take_array<char>(static_cast<std::size_t>(size));
        collator_->getSortKey(wide, reinterpret_cast<std::uint8_t*>(room.data()), size);
        // ICU ends a key with a zero byte.
        return {room.data(), room.size() - 1};
    }

    std::optional<std::pair<std::size_t, std::size_t>> find(std::string_view text,
                                                            std::string_view part) const override {
        if (is_ignored(part)) return std::pair<std::size_t, std::size_t>(0, 0);
        const icu::UnicodeString whole = utf16(text), wanted = utf16(part);
        const auto match = Search(*collator_, whole, wanted).first();
        if (!match) return std::nullopt;
        const std::size_t begin = bytes_of(text, match->first);
        return std::pair(begin, begin + bytes_of(text.substr(begin), match->second - match->first));
    }

    bool starts_with(std::string_view text, std::string_view part) const override {
        const auto match = find(text, part);
        return match && is_ignored(text.substr(0, match->first));
    }

    bool ends_with(std::string_view text, std::string_view part) const override {
        if (is_ignored(part)) return true;
        const icu::UnicodeString whole = utf16(text), wanted = utf16(part);
        const auto match = Search(*collator_, whole, wanted).last();
        return match && is_ignored(text.substr(bytes_of(text, match->second)));
    }

  private:
    bool is_ignored(std::string_view text) const { return text.empty() || compare(text, {}) == 0; }

    std::string uri_;
    std::unique_ptr<icu::RuleBasedCollator> collator_;
};

// One parameter's word and what it means to ICU.
struct Choice {
    std::string_view keyword, word;
    UColAttribute attribute;
    UColAttributeValue value;
};
constexpr Choice kChoices[] = {
    {"strength", "primary", UCOL_STRENGTH, UCOL_PRIMARY},
    {"strength", "1", UCOL_STRENGTH, UCOL_PRIMARY},
    {"strength", "secondary", UCOL_STRENGTH, UCOL_SECONDARY},
    {"strength", "2", UCOL_STRENGTH, UCOL_SECONDARY},
    {"strength", "tertiary", UCOL_STRENGTH, UCOL_TERTIARY},
    {"strength", "3", UCOL_STRENGTH, UCOL_TERTIARY},
    {"strength", "quaternary", UCOL_STRENGTH, UCOL_QUATERNARY},
    {"strength", "4", UCOL_STRENGTH, UCOL_QUATERNARY},
    {"strength", "identical", UCOL_STRENGTH, UCOL_IDENTICAL},
    {"strength", "5", UCOL_STRENGTH, UCOL_IDENTICAL},
    {"alternate", "non-ignorable", UCOL_ALTERNATE_HANDLING, UCOL_NON_IGNORABLE},
    {"alternate", "shifted", UCOL_ALTERNATE_HANDLING, UCOL_SHIFTED},
    // Blanked is shifted without the fourth level, which ICU leaves out unless the strength asks for it.
    {"alternate", "blanked", UCOL_ALTERNATE_HANDLING, UCOL_SHIFTED},
    {"backwards", "yes", UCOL_FRENCH_COLLATION, UCOL_ON},
    {"backwards", "no", UCOL_FRENCH_COLLATION, UCOL_OFF},
    {"normalization", "yes", UCOL_NORMALIZATION_MODE, UCOL_ON},
    {"normalization", "no", UCOL_NORMALIZATION_MODE, UCOL_OFF},
    {"caseLevel", "yes", UCOL_CASE_LEVEL, UCOL_ON},
    {"caseLevel", "no", UCOL_CASE_LEVEL, UCOL_OFF},
    {"caseFirst", "upper", UCOL_CASE_FIRST, UCOL_UPPER_FIRST},
    {"caseFirst", "lower", UCOL_CASE_FIRST, UCOL_LOWER_FIRST},
    {"numeric", "yes", UCOL_NUMERIC_COLLATION, UCOL_ON},
    {"numeric", "no", UCOL_NUMERIC_COLLATION, UCOL_OFF},
};

struct Group {
    std::string_view name;
    UColReorderCode code;
};
constexpr Group kGroups[] = {{"space", UCOL_REORDER_CODE_SPACE},
                             {"punct", UCOL_REORDER_CODE_PUNCTUATION},
                             {"symbol", UCOL_REORDER_CODE_SYMBOL},
                             {"currency", UCOL_REORDER_CODE_CURRENCY},
                             {"digit", UCOL_REORDER_CODE_DIGIT}};

const Group* group_named(std::string_view name) {
    for (const Group& group : kGroups) {
        if (group.name == name) return &group;
    }
    return nullptr;
}

// Calls `each` with every part between separators.
template <class Each>
void split(std::string_view text, char separator, Each each) {
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(separator), text.size());
        each(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

// Reads the parameters one by one into a collator.
class Maker {
  public:
    Maker(std::string_view uri, std::string_view parameters) : uri_(uri) {
        split(parameters, ';', [&](std::string_view parameter) {
            const std::size_t sign = parameter.find('=');
            if (sign == std::string_view::npos)
                return refuse("'" + one_line(parameter, 40) + "' has no value");
            given_[std::string(parameter.substr(0, sign))] = parameter.substr(sign + 1);
        });
        const std::string_view fallback = value("fallback");
        if (!fallback.empty() && fallback != "yes" && fallback != "no")
            refuse("fallback is neither yes nor no");
        falls_back_ = fallback != "no";
    }

    std::unique_ptr<icu::RuleBasedCollator> make() {
        open();
        for (const auto& [keyword, word] : given_) {
            if (keyword != "lang" && keyword != "fallback") set(keyword, word);
        }
        if (!falls_back_ && !reason_.empty())
            fail(Code::FOCH0002, "the collation '" + one_line(uri_, 100) + "' is not supported: " + reason_,
                 "leave fallback=no out to get the nearest that is");
        return std::move(collator_);
    }

    // Tells collators apart that compare differently.
    std::string settings() const { return settings_; }

  private:
    std::string_view value(const char* keyword) const {
        const auto found = given_.find(keyword);
        return found == given_.end() ? std::string_view() : found->second;
    }

    void refuse(std::string reason) {
        if (reason_.empty()) reason_ = std::move(reason);
    }

    void open() {
        const std::string_view lang = value("lang");
        UErrorCode status = U_ZERO_ERROR;
        icu::Locale locale = icu::Locale::getRoot();
        if (!lang.empty()) {
            locale =
                icu::Locale::forLanguageTag({lang.data(), static_cast<std::int32_t>(lang.size())}, status);
            if (U_FAILURE(status) || locale.isBogus() || *locale.getLanguage() == '\0') {
                refuse("there is no language '" + one_line(lang, 40) + "'");
                locale = icu::Locale::getRoot();
                status = U_ZERO_ERROR;
            }
        }
        std::unique_ptr<icu::Collator> made(icu::Collator::createInstance(locale, status));
        auto* rules = dynamic_cast<icu::RuleBasedCollator*>(made.get());
        if (U_FAILURE(status) || rules == nullptr) fail(Code::FOCH0002, "ICU's collations are not there");
        (void)made.release();
        collator_.reset(rules);
        const icu::Locale valid = collator_->getLocale(ULOC_VALID_LOCALE, status);
        if (*locale.getLanguage() != '\0' && std::string_view(valid.getLanguage()) != locale.getLanguage())
            refuse("no rules are known for the language '" + one_line(lang, 40) + "'");
        settings_ = valid.getName();
    }

    void set(const std::string& keyword, std::string_view word) {
        UErrorCode status = U_ZERO_ERROR;
        if (keyword == "version") return set_version(word);
        if (keyword == "reorder") return set_order(word);
        if (keyword == "maxVariable") {
            const Group* group = group_named(word);
            if (group == nullptr || group->code == UCOL_REORDER_CODE_DIGIT)
                return refuse("maxVariable cannot be '" + one_line(word, 40) + "'");
            collator_->setMaxVariable(group->code, status);
            return note(keyword, word);
        }
        bool known = false;
        for (const Choice& choice : kChoices) {
            known = known || choice.keyword == keyword;
            if (choice.keyword != keyword || choice.word != word) continue;
            collator_->setAttribute(choice.attribute, choice.value, status);
            return note(keyword, word);
        }
        refuse(known ? keyword + " cannot be '" + one_line(word, 40) + "'"
                     : "there is no parameter '" + one_line(keyword, 40) + "'");
    }

    void note(std::string_view keyword, std::string_view word) {
        settings_ += ";" + std::string(keyword) + "=" + std::string(word);
    }

    void set_version(std::string_view word) {
        std::array<std::uint8_t, U_MAX_VERSION_LENGTH> wanted{}, ours{};
        u_versionFromString(wanted.data(), std::string(word).c_str());
        ucol_getUCAVersion(collator_->toUCollator(), ours.data());
        if (word.empty() || word.find_first_not_of("0123456789.") != std::string_view::npos || wanted > ours)
            refuse("version '" + one_line(word, 40) + "' of the algorithm is not known");
    }

    void set_order(std::string_view word) {
        std::vector<std::int32_t> codes;
        split(word, ',', [&](std::string_view name) {
            if (const Group* group = group_named(name)) return codes.push_back(group->code);
            const std::int32_t script = u_getPropertyValueEnum(UCHAR_SCRIPT, std::string(name).c_str());
            if (name.size() != 4 || script == UCHAR_INVALID_CODE)
                return refuse("there is no script or group '" + one_line(name, 40) + "' to reorder");
            codes.push_back(script);
        });
        UErrorCode status = U_ZERO_ERROR;
        collator_->setReorderCodes(codes.data(), static_cast<std::int32_t>(codes.size()), status);
        if (U_FAILURE(status)) return refuse("these scripts cannot be reordered so");
        note("reorder", word);
    }

    std::string_view uri_;
    std::map<std::string, std::string_view> given_;
    bool falls_back_ = true;
    std::string reason_;  // why it is not what was asked for
    std::string settings_;
    std::unique_ptr<icu::RuleBasedCollator> collator_;
};

// Queries of strangers name collations, so both tables are bounded: the one by URI, which only saves time,
// is forgotten when full; the other holds what values point to.
class Known {
  public:
    const Collation* find(std::string_view uri, std::string_view parameters) {
        const std::lock_guard<std::mutex> lock(mutex_);
        const std::string name(uri);
        if (const auto found = by_uri_.find(name); found != by_uri_.end()) return found->second;
        Maker maker(uri, parameters);
        auto collator = maker.make();
        auto& made = by_settings_[maker.settings()];
        if (made == nullptr) {
            if (by_settings_.size() > kMost) {
                by_settings_.erase(maker.settings());
                fail(Code::FOCH0002,
                     "more than " + std::to_string(kMost) + " different collations were used");
            }
            made = std::make_unique<UcaCollation>(name, std::move(collator));
        }
        if (by_uri_.size() >= kMost) by_uri_.clear();
        by_uri_[name] = made.get();
        return made.get();
    }

  private:
    static constexpr std::size_t kMost = 2000;
    std::mutex mutex_;
    std::unordered_map<std::string, const Collation*> by_uri_;
    std::unordered_map<std::string, std::unique_ptr<UcaCollation>> by_settings_;
};

}  // namespace

const Collation* find_uca_collation(std::string_view uri, std::string_view parameters) {
    static Known known;
    return known.find(uri, parameters);
}

}  // namespace clacks::xquery
