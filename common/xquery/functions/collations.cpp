#include "common/xquery/functions/collations.hpp"

#include <algorithm>
#include <cstring>
#include <span>
#include <string>

#include "common/xquery/functions/family.hpp"

namespace clacks::xquery {

namespace {

char folded(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

// The HTML ASCII case-insensitive collation: A to Z compare as a to z, all else by code point.
class AsciiCaseInsensitive final : public Collation {
  public:
    std::string_view uri() const override { return kAsciiCaseInsensitiveCollation; }
    int compare(std::string_view a, std::string_view b) const override {
        const std::size_t common = std::min(a.size(), b.size());
        for (std::size_t i = 0; i < common; ++i) {
            const auto x = static_cast<unsigned char>(folded(a[i]));
            const auto y = static_cast<unsigned char>(folded(b[i]));
            if (x != y) return x < y ? -1 : 1;
        }
        return a.size() == b.size() ? 0 : a.size() < b.size() ? -1 : 1;
    }
    std::string_view key(std::string_view text, Arena& arena) const override {
        const std::span<char> room = arena.take_array<char>(text.size());
        for (std::size_t i = 0; i < text.size(); ++i) room[i] = folded(text[i]);
        return {room.data(), room.size()};
    }
    std::optional<std::pair<std::size_t, std::size_t>> find(std::string_view text,
                                                            std::string_view part) const override {
        std::string whole(text), wanted(part);
        for (char& c : whole) c = folded(c);
        for (char& c : wanted) c = folded(c);
        // memmem takes time that is linear in the texts, whatever they are.
        const void* found = memmem(whole.data(), whole.size(), wanted.data(), wanted.size());
        if (found == nullptr) return std::nullopt;
        const auto begin = static_cast<std::size_t>(static_cast<const char*>(found) - whole.data());
        return std::pair(begin, begin + part.size());
    }
    bool starts_with(std::string_view text, std::string_view part) const override {
        return text.size() >= part.size() && compare(text.substr(0, part.size()), part) == 0;
    }
    bool ends_with(std::string_view text, std::string_view part) const override {
        return text.size() >= part.size() && compare(text.substr(text.size() - part.size()), part) == 0;
    }
};

}  // namespace

std::optional<const Collation*> find_collation(std::string_view uri) {
    static const AsciiCaseInsensitive ascii;
    if (uri == kCodepointCollation) return nullptr;
    if (uri == kAsciiCaseInsensitiveCollation) return &ascii;
    return std::nullopt;
}

std::optional<const Collation*> find_collation(std::string_view uri, std::string_view base, Arena& arena) {
    if (uri.find(':') == std::string_view::npos && !base.empty()) uri = resolve(uri, base, arena);
    return find_collation(uri);
}

}  // namespace clacks::xquery
