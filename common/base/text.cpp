#include "common/base/text.hpp"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <cstring>

namespace clacks {

namespace {

std::string lower(std::string_view text) {
    std::string result(text);
    for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return result;
}

// Optimal string alignment distance.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::vector<std::size_t>> row(3, std::vector<std::size_t>(b.size() + 1));
    for (std::size_t j = 0; j <= b.size(); ++j) row[1][j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[2][0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t cost = a[i - 1] == b[j - 1] ? 0 : 1;
            row[2][j] = std::min({row[1][j] + 1, row[2][j - 1] + 1, row[1][j - 1] + cost});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[2][j] = std::min(row[2][j], row[0][j - 2] + 1);
        }
        std::rotate(row.begin(), row.begin() + 1, row.end());
    }
    return row[1][b.size()];
}

// Whether the next eight bytes are there and below 0x80, as most are.
bool eight_ascii(std::string_view s, std::size_t at) {
    std::uint64_t word = 0;
    if (s.size() - at < sizeof word) return false;
    std::memcpy(&word, s.data() + at, sizeof word);
    return (word & 0x8080808080808080U) == 0;
}

// Length of the well-formed sequence at `at`, or 0.
std::size_t sequence_length(std::string_view s, std::size_t at) {
    const auto byte = [&](std::size_t i) -> unsigned {
        return i < s.size() ? static_cast<unsigned char>(s[i]) : 0U;
    };
    const auto tail = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
    const unsigned c = byte(at);
    if (c < 0x80) return 1;
    if (c >= 0xC2 && c <= 0xDF) return tail(at + 1) ? 2 : 0;
    if (c >= 0xE0 && c <= 0xEF) {
        const unsigned d = byte(at + 1);
        const bool good =
            tail(at + 1) && tail(at + 2) && !(c == 0xE0 && d < 0xA0) && !(c == 0xED && d > 0x9F);
        return good ? 3 : 0;
    }
    if (c >= 0xF0 && c <= 0xF4) {
        const unsigned d = byte(at + 1);
        const bool good = tail(at + 1) && tail(at + 2) && tail(at + 3) && !(c == 0xF0 && d < 0x90) &&
                          !(c == 0xF4 && d > 0x8F);
        return good ? 4 : 0;
    }
    return 0;
}

}  // namespace

std::string nearest(std::string_view wanted, const std::vector<std::string>& candidates) {
    // Strangers choose `wanted`; a long name is no slip of the fingers, and the distance is quadratic.
    if (wanted.empty() || wanted.size() > 80) return "";
    const std::string key = lower(wanted);
    std::size_t best = 1 + std::max<std::size_t>(1, wanted.size() / 3);
    std::string result;
    for (const std::string& candidate : candidates) {
        if (candidate.size() > wanted.size() + best || wanted.size() > candidate.size() + best) continue;
        const std::size_t d = distance(key, lower(candidate));
        if (d < best) {
            best = d;
            result = candidate;
        }
    }
    return result;
}

std::size_t invalid_utf8(std::string_view bytes) {
    for (std::size_t i = 0; i < bytes.size();) {
        if (eight_ascii(bytes, i)) {
            i += 8;
            continue;
        }
        const std::size_t n = sequence_length(bytes, i);
        if (n == 0) return i;
        i += n;
    }
    return std::string_view::npos;
}

bool is_utf8(std::string_view bytes) {
    return invalid_utf8(bytes) == std::string_view::npos;
}

std::string one_line(std::string_view text, std::size_t limit) {
    static constexpr char kHex[] = "0123456789abcdef";
    std::string result;
    for (std::size_t i = 0; i < text.size();) {
        if (result.size() >= limit) return result + "…";
        const std::size_t n = sequence_length(text, i);
        const auto c = static_cast<unsigned char>(text[i]);
        if (n > 1) {
            result.append(text.substr(i, n));
        } else if (c == '\n' || c == '\r' || c == '\t') {
            result += c == '\n' ? "\\n" : c == '\r' ? "\\r" : "\\t";
        } else if (n == 0 || c < 0x20 || c == 0x7F) {
            result += "\\x";
            result += kHex[c >> 4];
            result += kHex[c & 15];
        } else {
            result += text[i];
        }
        i += n == 0 ? 1 : n;
    }
    return result;
}

std::string collapsed(std::string_view text) {
    std::string result;
    for (const char c : text) {
        const bool space = c == ' ' || c == '\n' || c == '\r' || c == '\t';
        if (!space) {
            result += c;
        } else if (!result.empty() && result.back() != ' ') {
            result += ' ';
        }
    }
    if (!result.empty() && result.back() == ' ') result.pop_back();
    return result;
}

Position position_of(std::string_view text, std::size_t offset) {
    Position position;
    for (std::size_t i = 0; i < std::min(offset, text.size()); ++i) {
        if (text[i] == '\n') {
            ++position.line;
            position.column = 1;
        } else if ((static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U) {
            ++position.column;
        }
    }
    return position;
}

}  // namespace clacks
