#include "common/xquery/functions/collations.hpp"

#include <algorithm>

#include "common/base/text.hpp"
#include "common/xquery/functions/family.hpp"

namespace clacks::xquery {

namespace {

char folded(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

bool same_folded(char a, char b) {
    return folded(a) == folded(b);
}

// Texts keep their length when folded, so collation units are bytes.
class AsciiCaseInsensitive final : public Collation {
  public:
    std::string_view uri() const override { return kAsciiCaseInsensitiveCollation; }

    int compare(std::string_view a, std::string_view b) const override {
        const std::size_t n = std::min(a.size(), b.size());
        for (std::size_t i = 0; i < n; ++i) {
            const auto x = static_cast<unsigned char>(folded(a[i]));
            const auto y = static_cast<unsigned char>(folded(b[i]));
            if (x != y) return x < y ? -1 : 1;
        }
        return a.size() == b.size() ? 0 : a.size() < b.size() ? -1 : 1;
    }

    std::string_view key(std::string_view text, Arena& arena) const override {
        const std::span<char> room = arena.take_array<char>(text.size());
        std::transform(text.begin(), text.end(), room.begin(), folded);
        return {room.data(), room.size()};
    }

    std::optional<std::pair<std::size_t, std::size_t>> find(std::string_view text,
                                                            std::string_view part) const override {
        std::string low(text), wanted(part);
        std::transform(low.begin(), low.end(), low.begin(), folded);
        std::transform(wanted.begin(), wanted.end(), wanted.begin(), folded);
        const std::size_t at = find_text(low, wanted);
        if (at == std::string_view::npos) return std::nullopt;
        return std::pair(at, at + part.size());
    }

    bool starts_with(std::string_view text, std::string_view part) const override {
        return text.size() >= part.size() && std::equal(part.begin(), part.end(), text.begin(), same_folded);
    }

    bool ends_with(std::string_view text, std::string_view part) const override {
        return text.size() >= part.size() &&
               std::equal(part.rbegin(), part.rend(), text.rbegin(), same_folded);
    }
};

const Collation* find_absolute(std::string_view uri) {
    static const AsciiCaseInsensitive kAscii;
    if (uri == kCodepointCollation) return nullptr;
    if (uri == kAsciiCaseInsensitiveCollation) return &kAscii;
    const std::size_t mark = std::min(uri.find('?'), uri.size());
    if (uri.substr(0, mark) == kUcaCollation)
        return find_uca_collation(uri, mark == uri.size() ? uri.substr(mark) : uri.substr(mark + 1));
    fail(Code::FOCH0002, "there is no collation '" + one_line(uri, 100) + "'",
         "there are " + std::string(kCodepointCollation) + ", " +
             std::string(kAsciiCaseInsensitiveCollation) + " and " + std::string(kUcaCollation));
}

}  // namespace

const Collation* find_collation(std::string_view uri, const StaticInfo& statics) {
    if (uri == kCodepointCollation) return nullptr;
    Arena arena;
    if (uri.find(':') == std::string_view::npos && !statics.base_uri.empty()) {
        try {
            uri = resolve(uri, statics.base_uri, arena);
        } catch (const Error&) {
            fail(Code::FOCH0002, "'" + one_line(uri, 100) + "' is not the URI of a collation");
        }
    }
    for (const auto& [name, known] : statics.collation_names) {
        if (name == uri) return find_absolute(known);
    }
    return find_absolute(uri);
}

const Collation* collation(CallContext& call, Arguments arguments, std::size_t index) {
    const bool given = index < arguments.size() && !arguments[index].empty();
    if (!given) return call.statics->collation;
    return find_collation(arguments[index].front().text(), *call.statics);
}

}  // namespace clacks::xquery
