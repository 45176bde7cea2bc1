#include "tests/fuzz/amqp/conversation.hpp"

#include <array>

namespace clacks::fuzz {

namespace {

constexpr std::size_t kHeader = 8;
constexpr int kMaxDepth = 32;  // deeper values stay as they are

std::uint64_t number(std::string_view bytes) {
    std::uint64_t value = 0;
    for (const char byte : bytes) value = value << 8U | static_cast<std::uint8_t>(byte);
    return value;
}

void put(std::string& out, std::uint64_t value, std::size_t bytes) {
    while (bytes-- > 0) out.push_back(static_cast<char>(value >> (8 * bytes) & 0xFFU));
}

// By the constructor's upper half (part 1, 1.2): how many bytes the value has, or its length has.
std::size_t fixed_size(std::uint8_t code) {
    static constexpr std::array<std::size_t, 6> kSizes = {0, 1, 2, 4, 8, 16};
    return kSizes.at((code >> 4U) - 4);
}
bool is_fixed(std::uint8_t code) {
    return code >= 0x40 && code < 0xA0;
}
std::size_t size_of_length(std::uint8_t code) {
    return (code & 0x10U) != 0 ? 4 : 1;
}

class Cursor {
  public:
    explicit Cursor(std::string_view bytes) : rest_(bytes) {}
    std::string_view rest() const { return rest_; }

    std::optional<std::string_view> take(std::size_t size) {
        if (rest_.size() < size) return std::nullopt;
        const auto taken = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return taken;
    }

    std::optional<Value> value(int depth = 0) {
        const auto before = rest_;
        auto found = depth < kMaxDepth ? read_value(depth) : std::nullopt;
        if (!found) rest_ = before;
        return found;
    }

  private:
    std::optional<Value> read_value(int depth) {
        const auto code = take(1);
        if (!code) return std::nullopt;
        Value value;
        value.code = static_cast<std::uint8_t>(code->front());
        if (value.described()) {
            for (int i = 0; i < 2; ++i) {
                auto child = this->value(depth + 1);
                if (!child) return std::nullopt;
                value.children.push_back(std::move(*child));
            }
            return value;
        }
        if (value.code < 0x40) return std::nullopt;
        const auto length = is_fixed(value.code) ? std::nullopt : take(size_of_length(value.code));
        if (!is_fixed(value.code) && !length) return std::nullopt;
        const auto content = take(length ? number(*length) : fixed_size(value.code));
        if (!content) return std::nullopt;
        return value.compound() ? elements(std::move(value), *content, depth) : with_bytes(value, *content);
    }

    static Value with_bytes(Value value, std::string_view bytes) {
        value.bytes = bytes;
        return value;
    }

    static std::optional<Value> elements(Value value, std::string_view content, int depth) {
        Cursor inside(content);
        const auto count = inside.take(size_of_length(value.code));
        if (!count) return std::nullopt;
        while (auto child = inside.value(depth + 1)) value.children.push_back(std::move(*child));
        value.bytes = inside.rest();  // what could not be read
        const auto missing = static_cast<std::uint32_t>(number(*count) - value.children.size());
        value.count_error = static_cast<std::int32_t>(missing);
        return value;
    }

    std::string_view rest_;
};

void write(std::string& out, const Value& value) {
    out.push_back(static_cast<char>(value.code));
    if (value.described() || is_fixed(value.code)) {
        for (const Value& child : value.children) write(out, child);
        out += value.bytes;
        return;
    }
    const std::size_t width = size_of_length(value.code);
    std::string content;
    if (value.compound()) put(content, value.children.size() + value.count_error, width);
    for (const Value& child : value.children) write(content, child);
    content += value.bytes;
    put(out, content.size() + value.size_error, width);
    out += content;
}

std::optional<Part> read_frame(std::string_view bytes) {
    Cursor cursor(bytes);
    const auto size = cursor.take(4);
    const auto rest = cursor.take(4);
    if (!rest || number(*size) < kHeader || number(*size) > bytes.size()) return std::nullopt;
    Part frame;
    frame.kind = Part::Kind::frame;
    frame.doff = static_cast<std::uint8_t>((*rest)[0]);
    frame.type = static_cast<std::uint8_t>((*rest)[1]);
    frame.channel = static_cast<std::uint16_t>(number(rest->substr(2)));
    Cursor body(bytes.substr(kHeader, number(*size) - kHeader));
    if (frame.doff > 2)
        if (const auto extended = body.take((std::size_t{frame.doff} - 2) * 4))
            frame.extended_header = *extended;
    while (auto value = body.value()) frame.values.push_back(std::move(*value));
    frame.bytes = body.rest();
    return frame;
}

void write(std::string& out, const Part& part) {
    if (part.kind != Part::Kind::frame) {
        out += part.bytes;
        return;
    }
    std::string body = part.extended_header;
    for (const Value& value : part.values) write(body, value);
    body += part.bytes;
    put(out, kHeader + body.size() + part.size_error, 4);
    put(out, part.doff, 1);
    put(out, part.type, 1);
    put(out, part.channel, 2);
    out += body;
}

Part part_of(Part::Kind kind, std::string_view bytes) {
    Part part;
    part.kind = kind;
    part.bytes = bytes;
    return part;
}

}  // namespace

Value null() {
    return {};
}
Value unsigned_int(std::uint32_t number) {
    Value value{0x70, {}, {}};
    put(value.bytes, number, 4);
    return value;
}
Value text(std::uint8_t code, std::string_view bytes) {
    return {code, std::string(bytes), {}};
}
Value list(std::vector<Value> elements) {
    return {0xD0, {}, std::move(elements)};
}
Value map(std::vector<Value> elements) {
    return {0xD1, {}, std::move(elements)};
}
Value described(std::uint64_t code, Value value) {
    Value descriptor{0x80, {}, {}};
    put(descriptor.bytes, code, 8);
    return {0x00, {}, {std::move(descriptor), std::move(value)}};
}
Value described(std::string_view symbol, Value value) {
    return {0x00, {}, {text(0xA3, symbol), std::move(value)}};
}

Conversation read(std::string_view bytes) {
    Conversation conversation;
    while (!bytes.empty()) {
        if (bytes.starts_with("AMQP") && bytes.size() >= kHeader) {
            conversation.push_back(part_of(Part::Kind::header, bytes.substr(0, kHeader)));
            bytes.remove_prefix(kHeader);
        } else if (auto frame = read_frame(bytes)) {
            conversation.push_back(std::move(*frame));
            bytes.remove_prefix(number(bytes.substr(0, 4)));
        } else {
            conversation.push_back(part_of(Part::Kind::raw, bytes));
            break;
        }
    }
    return conversation;
}

std::string write(const Conversation& conversation) {
    std::string out;
    for (const Part& part : conversation) write(out, part);
    return out;
}

}  // namespace clacks::fuzz
