#include "agent/modules/wire.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace clacks::wire {

namespace {

using nlohmann::json;

constexpr std::size_t kLengths = 8;
// So many bytes of frames that were given out are kept before those behind them are moved.
constexpr std::size_t kMoveAfter = 64UL * 1024;

void put(std::string& to, std::size_t length) {
    for (const int shift : {24, 16, 8, 0}) to.push_back(static_cast<char>(length >> shift & 0xff));
}

std::size_t length_at(std::string_view bytes) {
    std::uint32_t length = 0;
    for (const char byte : bytes.substr(0, 4)) length = length << 8 | static_cast<std::uint8_t>(byte);
    return length;
}

Diagnostic problem(std::string code, std::string message) {
    Diagnostic found;
    found.code = std::move(code);
    found.message = std::move(message);
    return found;
}

// JSON is read without recursion, but written and compared with it: so the depth is looked at first.
std::size_t depth(std::string_view text) {
    std::size_t now = 0, deepest = 0;
    bool quoted = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (quoted && c == '\\')
            ++at;
        else if (c == '"')
            quoted = !quoted;
        else if (!quoted && (c == '[' || c == '{'))
            deepest = std::max(deepest, ++now);
        else if (!quoted && (c == ']' || c == '}') && now > 0)
            --now;
    }
    return deepest;
}

}  // namespace

Result<std::string> encode(const Frame& frame) {
    const std::string head = frame.head.dump(-1, ' ', false, json::error_handler_t::replace);
    if (head.size() > kLongest || frame.body.size() > kLongest)
        return problem("frame-too-long", "it is longer than the " + std::to_string(kLongest) +
                                             " bytes that may go to or from a module's own process");
    std::string bytes;
    bytes.reserve(kLengths + head.size() + frame.body.size());
    put(bytes, head.size());
    put(bytes, frame.body.size());
    return bytes + head + frame.body;
}

Result<std::optional<Frame>> FrameReader::next() {
    const std::string_view bytes = std::string_view(bytes_).substr(done_);
    if (bytes.size() < kLengths) return std::optional<Frame>();
    const std::size_t head = length_at(bytes), body = length_at(bytes.substr(4));
    if (head > kLongest || body > kLongest) return problem("frame", "a frame is too long");
    if (bytes.size() < kLengths + head + body) return std::optional<Frame>();
    const std::string_view text = bytes.substr(kLengths, head);
    if (depth(text) > kDeepest) return problem("frame", "a frame is nested too deep");
    Frame frame{json::parse(text, nullptr, false), std::string(bytes.substr(kLengths + head, body))};
    const auto type = frame.head.is_object() ? frame.head.find("type") : frame.head.end();
    if (!frame.head.is_object() || type == frame.head.end() || !type->is_string())
        return problem("frame", "a frame has no type");
    done_ += kLengths + head + body;
    if (done_ == bytes_.size() || done_ > kMoveAfter) {
        bytes_.erase(0, done_);
        done_ = 0;
    }
    return std::optional<Frame>(std::move(frame));
}

}  // namespace clacks::wire
