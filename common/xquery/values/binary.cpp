#include "common/xquery/values/binary.hpp"

#include <cstdint>
#include <span>

namespace clacks::xquery {

namespace {

constexpr std::string_view kHex = "0123456789ABCDEF";
constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

int base64_digit(char c) {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

std::uint32_t octet(std::string_view octets, std::size_t i) {
    return i < octets.size() ? static_cast<unsigned char>(octets[i]) : 0;
}

}  // namespace

std::optional<std::string_view> parse_hex(std::string_view text, Arena& arena) {
    if (text.size() % 2 != 0) return std::nullopt;
    const std::span<char> octets = arena.take_array<char>(text.size() / 2);
    for (std::size_t i = 0; i < octets.size(); ++i) {
        const int high = hex_digit(text[2 * i]), low = hex_digit(text[2 * i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        octets[i] = static_cast<char>(high * 16 + low);
    }
    return std::string_view(octets.data(), octets.size());
}

std::optional<std::string_view> parse_base64(std::string_view text, Arena& arena) {
    const std::span<char> octets = arena.take_array<char>(text.size() / 4 * 3 + 3);
    std::size_t size = 0, digits = 0, padding = 0;
    std::uint32_t bits = 0;
    for (const char c : text) {
        if (c == ' ') continue;
        if (c == '=') {
            ++padding;
            continue;
        }
        const int digit = base64_digit(c);
        if (digit < 0 || padding > 0) return std::nullopt;
        bits = bits << 6 | static_cast<std::uint32_t>(digit);
        if (++digits % 4 != 0) continue;
        for (int shift = 16; shift >= 0; shift -= 8) octets[size++] = static_cast<char>(bits >> shift & 0xFF);
        bits = 0;
    }
    // The last group may be short; its bits that are not used must be zero.
    const std::size_t rest = digits % 4;
    if ((digits + padding) % 4 != 0 || padding > 2 || rest == 1 || (rest == 0 && padding > 0))
        return std::nullopt;
    if (rest == 2) {
        if ((bits & 0xF) != 0) return std::nullopt;
        octets[size++] = static_cast<char>(bits >> 4 & 0xFF);
    } else if (rest == 3) {
        if ((bits & 0x3) != 0) return std::nullopt;
        octets[size++] = static_cast<char>(bits >> 10 & 0xFF);
        octets[size++] = static_cast<char>(bits >> 2 & 0xFF);
    }
    return std::string_view(octets.data(), size);
}

std::string_view hex_text(std::string_view octets, Arena& arena) {
    const std::span<char> out = arena.take_array<char>(octets.size() * 2);
    for (std::size_t i = 0; i < octets.size(); ++i) {
        out[2 * i] = kHex[octet(octets, i) >> 4];
        out[2 * i + 1] = kHex[octet(octets, i) & 0xF];
    }
    return {out.data(), out.size()};
}

std::string_view base64_text(std::string_view octets, Arena& arena) {
    const std::span<char> out = arena.take_array<char>((octets.size() + 2) / 3 * 4);
    std::size_t to = 0;
    for (std::size_t i = 0; i < octets.size(); i += 3) {
        const std::uint32_t bits = octet(octets, i) << 16 | octet(octets, i + 1) << 8 | octet(octets, i + 2);
        for (int shift = 18; shift >= 0; shift -= 6) out[to++] = kBase64[bits >> shift & 0x3F];
        if (i + 1 >= octets.size()) out[to - 2] = '=';
        if (i + 2 >= octets.size()) out[to - 1] = '=';
    }
    return {out.data(), out.size()};
}

}  // namespace clacks::xquery
