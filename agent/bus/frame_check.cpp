#include "agent/bus/frame_check.hpp"

#include <algorithm>
#include <limits>

#include "common/amqp/wire.hpp"

namespace clacks::bus {

namespace {

constexpr std::size_t kHeader = 8;  // of a frame, and of a protocol as well
// Of another protocol's bytes: enough for proton to tell, and for its log line, which quotes all that it
// gets.
constexpr std::size_t kQuoted = 16;
constexpr std::uint8_t kAmqpFrame = 0;
constexpr std::uint64_t kBegin = 0x11, kAttach = 0x12, kTransfer = 0x14, kDetach = 0x16, kEnd = 0x17;

std::uint32_t big_endian(std::string_view bytes) {
    std::uint32_t value = 0;
    for (const char byte : bytes) value = value << 8 | static_cast<std::uint8_t>(byte);
    return value;
}

// Takes the fields of a performative one by one; what is null, or left out at the end, is not there. Once one
// is not of its type, it is no longer good, and what it returns means nothing.
class Fields {
  public:
    explicit Fields(std::string_view content) : rest_(content) {}
    bool good() const { return good_; }

    std::optional<std::uint32_t> uint_field() {
        const auto value = next();
        if (value.empty()) return std::nullopt;
        const char code = value.front();
        good_ = good_ && (code == '\x43' || code == '\x52' || code == '\x70');
        return big_endian(value.substr(1));
    }
    bool bool_field() {
        const auto value = next();
        if (value.empty()) return false;
        const char code = value.front();
        good_ = good_ && (code == '\x41' || code == '\x42' || code == '\x56');
        return code == '\x41' || (code == '\x56' && value[1] != 0);
    }
    void skip() { next(); }
    // A described value, as a delivery's state; not one that is described more than once.
    void skip_described() {
        amqp::Reader described = rest_;
        if (!described.descriptor()) return skip();
        rest_ = described;
        skip();
    }

  private:
    std::string_view next() {
        if (!good_ || rest_.at_end()) return {};
        const auto value = rest_.value();
        good_ = value.has_value();
        return good_ && !amqp::is_null(*value) ? *value : std::string_view();
    }

    amqp::Reader rest_;
    bool good_ = true;
};

}  // namespace

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
                if (amqp_) break;
                return std::min(bytes.size(), kQuoted - earlier);
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
    const std::uint32_t size = big_endian(bytes.substr(0, 4)), body = 4 * big_endian(bytes.substr(4, 1));
    const auto type = static_cast<std::uint8_t>(bytes[5]);
    const auto channel = static_cast<std::uint16_t>(big_endian(bytes.substr(6, 2)));
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

// Nothing of it counts before all of its fields are there.
FrameCheck::Reading FrameCheck::read(std::uint16_t channel, std::string_view body) {
    if (body.front() != 0x00) return Reading::done;  // not described: proton reads no further
    amqp::Reader reader(body);
    const auto performative = reader.descriptor();
    if (!performative) return Reading::unfinished;
    if (*performative < kBegin || *performative > kEnd) return Reading::done;
    const auto list = reader.list();
    if (!list) return Reading::unfinished;
    Fields fields(list->content);
    switch (*performative) {
        case kBegin:
        case kEnd:
            forget_session(channel);
            break;
        case kAttach:
            fields.skip();  // its name
            [[fallthrough]];
        case kDetach:
            forget_link(channel, fields.uint_field());
            break;
        case kTransfer: {
            Transfer transfer;
            transfer.handle = fields.uint_field();
            transfer.delivery_id = fields.uint_field();
            fields.skip();  // delivery-tag
            fields.skip();  // message-format
            fields.skip();  // settled
            transfer.more = fields.bool_field();
            fields.skip();            // rcv-settle-mode
            fields.skip_described();  // state
            fields.skip();            // resume
            transfer.aborted = fields.bool_field();
            if (fields.good()) judge(channel, transfer);
            break;
        }
        default:
            break;
    }
    return fields.good() && !refusal_ ? Reading::done : Reading::wrong;
}

void FrameCheck::judge(std::uint16_t channel, const Transfer& transfer) {
    if (!transfer.handle) return refuse("a transfer without a handle");
    const Handle link{channel, *transfer.handle};
    if (transfer.more && !transfer.delivery_id && !partial_.contains(link))
        return refuse(
            "a transfer begins a delivery in parts and leaves out its delivery-id; the first transfer of "
            "each must have one (AMQP 1.0, part 2, section 2.7.5)");
    if (transfer.more && !transfer.aborted)
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
