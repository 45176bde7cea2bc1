#include "common/amqp/wire.hpp"

#include <bit>

namespace clacks::amqp {

namespace {

std::uint64_t big_endian(std::string_view bytes) {
    std::uint64_t number = 0;
    for (const char byte : bytes) number = number << 8 | static_cast<unsigned char>(byte);
    return number;
}

std::uint8_t code_of(std::string_view value) {
    return static_cast<std::uint8_t>(value.front());
}

// Bytes of the whole value at the front, by the category in the constructor's upper half (part 1, 1.3).
std::optional<std::size_t> size_of(std::string_view bytes) {
    if (bytes.empty()) return std::nullopt;
    std::size_t size = 0;
    switch (code_of(bytes) >> 4) {
        case 0x4:
            size = 1;
            break;
        case 0x5:
            size = 2;
            break;
        case 0x6:
            size = 3;
            break;
        case 0x7:
            size = 5;
            break;
        case 0x8:
            size = 9;
            break;
        case 0x9:
            size = 17;
            break;
        case 0xA:
        case 0xC:
        case 0xE:
            if (bytes.size() < 2) return std::nullopt;
            size = 2 + big_endian(bytes.substr(1, 1));
            break;
        case 0xB:
        case 0xD:
        case 0xF:
            if (bytes.size() < 5) return std::nullopt;
            size = 5 + big_endian(bytes.substr(1, 4));
            break;
        default:
            return std::nullopt;  // a described value has no place where we read plain ones
    }
    if (size > bytes.size()) return std::nullopt;
    return size;
}

std::int64_t signed_of(std::string_view content) {
    const std::uint64_t raw = big_endian(content);
    const int unused = 64 - 8 * static_cast<int>(content.size());
    return static_cast<std::int64_t>(raw << unused) >> unused;
}

}  // namespace

std::optional<std::uint64_t> Reader::descriptor() {
    if (rest_.empty() || code_of(rest_) != 0x00) return std::nullopt;
    rest_.remove_prefix(1);
    const auto code = value();
    if (!code) return std::nullopt;
    switch (code_of(*code)) {
        case 0x44:
            return 0;
        case 0x53:
        case 0x80:
            return big_endian(code->substr(1));
        default:
            return std::nullopt;
    }
}

std::optional<std::string_view> Reader::value() {
    const auto size = size_of(rest_);
    if (!size) return std::nullopt;
    const std::string_view found = rest_.substr(0, *size);
    rest_.remove_prefix(*size);
    return found;
}

std::optional<Reader::Compound> Reader::list() {
    return compound(0x45, 0xC0, 0xD0);
}
std::optional<Reader::Compound> Reader::map() {
    return compound(0, 0xC1, 0xD1);
}

std::optional<Reader::Compound> Reader::compound(std::uint8_t empty, std::uint8_t small, std::uint8_t large) {
    const auto whole = value();
    if (!whole) return std::nullopt;
    const std::uint8_t code = code_of(*whole);
    if (empty != 0 && code == empty) return Compound{};
    const std::size_t width = code == small ? 1 : code == large ? 4 : 0;
    if (width == 0 || whole->size() < 1 + 2 * width) return std::nullopt;
    return Compound{whole->substr(1 + 2 * width),
                    static_cast<std::uint32_t>(big_endian(whole->substr(1 + width, width)))};
}

std::optional<Simple> simple_of(std::string_view value) {
    if (value.empty()) return std::nullopt;
    const std::string_view content = value.substr(1);
    switch (code_of(value)) {
        case 0x41:
            return Simple(true);
        case 0x42:
            return Simple(false);
        case 0x56:
            return Simple(content[0] != 0);
        case 0x43:
        case 0x44:
            return Simple(std::int64_t{0});
        case 0x50:
        case 0x52:
        case 0x53:
        case 0x60:
        case 0x70:
            return Simple(static_cast<std::int64_t>(big_endian(content)));
        case 0x80: {
            const std::uint64_t number = big_endian(content);
            if (number > INT64_MAX) return Simple(static_cast<double>(number));
            return Simple(static_cast<std::int64_t>(number));
        }
        case 0x51:
        case 0x54:
        case 0x55:
        case 0x61:
        case 0x71:
        case 0x81:
            return Simple(signed_of(content));
        case 0x72:
            return Simple(double{std::bit_cast<float>(static_cast<std::uint32_t>(big_endian(content)))});
        case 0x82:
            return Simple(std::bit_cast<double>(big_endian(content)));
        case 0x83:
            return Simple(WallTime(std::chrono::milliseconds(signed_of(content))));
        case 0x98: {
            static constexpr char kHex[] = "0123456789abcdef";
            std::string uuid;
            for (std::size_t i = 0; i < content.size(); ++i) {
                if (i == 4 || i == 6 || i == 8 || i == 10) uuid.push_back('-');
                uuid.push_back(kHex[static_cast<unsigned char>(content[i]) >> 4]);
                uuid.push_back(kHex[static_cast<unsigned char>(content[i]) & 15]);
            }
            return Simple(std::move(uuid));
        }
        default:
            if (const auto bytes = bytes_of(value)) return Simple(std::string(*bytes));
            return std::nullopt;
    }
}

std::optional<std::string_view> bytes_of(std::string_view value) {
    if (value.empty()) return std::nullopt;
    switch (code_of(value)) {
        case 0xA0:
        case 0xA1:
        case 0xA3:
            return value.substr(2);
        case 0xB0:
        case 0xB1:
        case 0xB3:
            return value.substr(5);
        default:
            return std::nullopt;
    }
}

bool is_null(std::string_view value) {
    return !value.empty() && code_of(value) == 0x40;
}
bool is_string(std::string_view value) {
    return !value.empty() && (code_of(value) | 0x10) == 0xB1;
}
bool is_binary(std::string_view value) {
    return !value.empty() && (code_of(value) | 0x10) == 0xB0;
}

void Writer::number(std::uint64_t value, int bytes) {
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
        out_.push_back(static_cast<char>(value >> shift & 0xFF));
}

void Writer::size(std::uint8_t small, std::uint8_t large, std::size_t bytes) {
    const bool is_small = bytes <= 0xFF;
    out_.push_back(static_cast<char>(is_small ? small : large));
    number(bytes, is_small ? 1 : 4);
}

void Writer::sized(std::uint8_t small, std::uint8_t large, std::string_view bytes) {
    size(small, large, bytes.size());
    out_.append(bytes);
}

void Writer::ulong(std::uint64_t value) {
    out_.push_back('\x80');
    number(value, 8);
}

void Writer::string(std::string_view text) {
    sized(0xA1, 0xB1, text);
}
void Writer::symbol(std::string_view text) {
    sized(0xA3, 0xB3, text);
}
void Writer::binary(std::string_view bytes) {
    sized(0xA0, 0xB0, bytes);
}

void Writer::timestamp(WallTime time) {
    out_.push_back('\x83');
    number(static_cast<std::uint64_t>(time.time_since_epoch().count()), 8);
}

void Writer::simple(const Simple& value) {
    if (const auto* flag = std::get_if<bool>(&value)) out_.push_back(*flag ? '\x41' : '\x42');
    if (const auto* whole = std::get_if<std::int64_t>(&value)) {
        out_.push_back('\x81');
        number(static_cast<std::uint64_t>(*whole), 8);
    }
    if (const auto* real = std::get_if<double>(&value)) {
        out_.push_back('\x82');
        number(std::bit_cast<std::uint64_t>(*real), 8);
    }
    if (const auto* text = std::get_if<std::string>(&value)) string(*text);
    if (const auto* time = std::get_if<WallTime>(&value)) timestamp(*time);
}

void Writer::section(std::uint8_t code) {
    out_.append("\x00\x53", 2);
    out_.push_back(static_cast<char>(code));
}

std::size_t Writer::open(std::uint8_t code) {
    out_.push_back(static_cast<char>(code));
    out_.append(8, '\0');  // size and count, known when it is closed
    return out_.size();
}

void Writer::close(std::size_t opened, std::uint32_t count) {
    const auto put = [&](std::size_t at, std::size_t value) {
        for (int shift = 24; shift >= 0; shift -= 8) out_[at++] = static_cast<char>(value >> shift & 0xFF);
    };
    put(opened - 8, out_.size() - opened + 4);
    put(opened - 4, count);
}

}  // namespace clacks::amqp
