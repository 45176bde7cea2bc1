#include "agent/bus/frame_check.hpp"

#include <algorithm>
#include <limits>

namespace clacks::bus {

namespace {

constexpr std::size_t kHeader = 8;  // of a frame, and of a protocol as well
constexpr std::uint8_t kAmqpFrame = 0;
constexpr std::uint64_t kBegin = 0x11, kAttach = 0x12, kTransfer = 0x14, kDetach = 0x16, kEnd = 0x17;

std::uint64_t number(std::string_view bytes) {
    std::uint64_t value = 0;
    for (const char byte : bytes) value = value << 8 | static_cast<std::uint8_t>(byte);
    return value;
}

}  // namespace

// Takes values off the front of bytes (part 1, section 1.6). Once they are not what was asked for, or end too
// early, it is no longer good, and what it returns means nothing.
class FrameCheck::Values {
  public:
    explicit Values(std::string_view bytes) : bytes_(bytes) {}

    bool good() const { return good_; }

    std::string_view take(std::uint64_t size) {
        good_ = good_ && size <= bytes_.size();
        if (!good_) return {};
        const auto taken = bytes_.substr(0, size);
        bytes_.remove_prefix(size);
        return taken;
    }
    std::uint64_t fixed(std::size_t size) { return number(take(size)); }
    std::uint8_t code() { return static_cast<std::uint8_t>(fixed(1)); }

    // Null, or left out at the end of its list: nothing.
    std::optional<std::uint32_t> optional_uint() {
        switch (code_or_null()) {
            case 0x40:
                return std::nullopt;
            case 0x43:
                return 0;
            case 0x52:
                return static_cast<std::uint32_t>(fixed(1));
            case 0x70:
                return static_cast<std::uint32_t>(fixed(4));
            default:
                good_ = false;
                return std::nullopt;
        }
    }
    bool optional_bool() {
        switch (code_or_null()) {
            case 0x40:
            case 0x42:
                return false;
            case 0x41:
                return true;
            case 0x56:
                return fixed(1) != 0;
            default:
                good_ = false;
                return false;
        }
    }
    void skip() {
        const auto first = code_or_null();
        if (first != 0x00) return skip_rest_of(first);
        skip_rest_of(code());
        skip_rest_of(code());
    }

  private:
    std::uint8_t code_or_null() { return bytes_.empty() ? 0x40 : code(); }

    // By the upper half of a constructor (part 1, section 1.2). A descriptor and what it describes may not be
    // described themselves here, where proton would not follow.
    void skip_rest_of(std::uint8_t constructor) {
        const unsigned category = constructor >> 4;
        if (category < 0x4)
            good_ = false;
        else if (category >= 0xA)
            take(fixed(category % 2 == 0 ? 1 : 4));
        else if (category > 0x4)
            take(std::uint64_t{1} << (category - 5));
    }

    std::string_view bytes_;
    bool good_ = true;
};

std::size_t FrameCheck::admit(std::string_view bytes) {
    used_ = used_ || !bytes.empty();
    for (std::string_view rest = bytes; !rest.empty() && !foreign_;) {
        if (refusal_) return 0;
        if (passing_ > 0) {
            const auto part = std::min<std::uint64_t>(passing_, rest.size());
            passing_ -= part;
            rest.remove_prefix(part);
            continue;
        }
        const std::size_t earlier = head_.size();
        if (earlier > 0) head_ += rest;
        const auto verdict = judge(earlier > 0 ? head_ : rest);
        switch (verdict.kind) {
            case Verdict::Kind::refuse:
                return bytes.size() - rest.size();
            case Verdict::Kind::unfinished:
                if (earlier == 0) head_ = rest;
                return bytes.size();
            case Verdict::Kind::foreign:
                foreign_ = true;
                break;
            case Verdict::Kind::pass:
                passing_ = verdict.size - earlier;
        }
        head_ = {};
    }
    return bytes.size();
}

FrameCheck::Verdict FrameCheck::judge(std::string_view bytes) {
    constexpr Verdict kUnfinished{Verdict::Kind::unfinished}, kForeign{Verdict::Kind::foreign};
    if (bytes.size() < kHeader) return kUnfinished;
    if (bytes.starts_with("AMQP")) {
        amqp_ = true;
        return {Verdict::Kind::pass, kHeader};
    }
    Values header(bytes.substr(0, kHeader));
    const std::size_t size = header.fixed(4), body = 4 * header.fixed(1);
    const auto type = header.code();
    const auto channel = static_cast<std::uint16_t>(header.fixed(2));
    if (!amqp_ || size > max_frame_ || body < kHeader || body > size) return kForeign;
    if (type != kAmqpFrame || body == size) return {Verdict::Kind::pass, size};
    if (bytes.size() <= body) return kUnfinished;
    switch (read(channel, bytes.substr(body, size - body))) {
        case Reading::done:
            return {Verdict::Kind::pass, size};
        case Reading::unfinished:
            if (bytes.size() < size) return kUnfinished;
            break;
        case Reading::wrong:
            break;
    }
    if (!refusal_) refuse("a performative cannot be read: its fields are not those of AMQP 1.0, part 2");
    return {Verdict::Kind::refuse};
}

// A performative that is read to its end, or is none of those that matter here.
FrameCheck::Reading FrameCheck::read(std::uint16_t channel, std::string_view body) {
    Values values(body);
    if (values.code() != 0x00) return Reading::done;  // not described: proton reads no further
    std::uint64_t performative = 0;
    switch (const auto code = values.code(); code) {
        case 0x44:
            break;
        case 0x53:
        case 0x80:
            performative = values.fixed(code == 0x53 ? 1 : 8);
            break;
        default:
            return values.good() ? Reading::done : Reading::unfinished;  // no ulong: proton reads no further
    }
    if (!values.good()) return Reading::unfinished;
    if (performative < kBegin || performative > kEnd) return Reading::done;

    const auto list = values.code();
    if (!values.good()) return Reading::unfinished;
    if (list != 0x45 && list != 0xC0 && list != 0xD0) return Reading::wrong;
    // Its size, then how many elements there are, which proton does not go by.
    const std::size_t width = list == 0xC0 ? 1 : 4;
    Values fields(list == 0x45 ? "" : values.take(values.fixed(width)));
    if (!values.good()) return Reading::unfinished;
    if (list != 0x45) fields.fixed(width);
    switch (performative) {
        case kBegin:
        case kEnd:
            forget_session(channel);
            break;
        case kAttach:
            fields.skip();  // its name
            [[fallthrough]];
        case kDetach:
            forget_link(channel, fields.optional_uint());
            break;
        case kTransfer:
            read_transfer(channel, fields);
            break;
        default:
            break;
    }
    return fields.good() && !refusal_ ? Reading::done : Reading::wrong;
}

void FrameCheck::read_transfer(std::uint16_t channel, Values& fields) {
    const auto handle = fields.optional_uint();
    const auto delivery_id = fields.optional_uint();
    fields.skip();  // delivery-tag
    fields.skip();  // message-format
    fields.skip();  // settled
    const bool more = fields.optional_bool();
    fields.skip();  // rcv-settle-mode
    fields.skip();  // state
    fields.skip();  // resume
    const bool aborted = fields.optional_bool();
    if (!handle) return refuse("a transfer without a handle");
    const Handle link{channel, *handle};
    if (more && !delivery_id && !partial_.contains(link))
        return refuse(
            "a transfer begins a delivery in parts and leaves out its delivery-id; the first transfer of "
            "each must have one (AMQP 1.0, part 2, section 2.7.5)");
    if (more && !aborted)
        partial_.insert(link);
    else
        partial_.erase(link);
}

void FrameCheck::forget_link(std::uint16_t channel, std::optional<std::uint32_t> handle) {
    if (!handle) return refuse("a link is opened or closed without a handle");
    partial_.erase({channel, *handle});
}

void FrameCheck::forget_session(std::uint16_t channel) {
    partial_.erase(partial_.lower_bound({channel, 0}),
                   partial_.upper_bound({channel, std::numeric_limits<std::uint32_t>::max()}));
}

void FrameCheck::refuse(std::string description) {
    refusal_ = {"amqp:invalid-field", std::move(description)};
}

}  // namespace clacks::bus
