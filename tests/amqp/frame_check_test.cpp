#include "agent/bus/frame_check.hpp"

#include <catch2/catch.hpp>

using namespace clacks;
using namespace std::string_literals;

namespace {

constexpr std::uint32_t kMaxFrame = 4096;
const std::string kProtocol = "AMQP\0\1\0\0"s;

std::string frame(const std::string& body, char channel = 0, char type = 0) {
    const auto size = body.size() + 8;
    const std::string header{0, 0,      static_cast<char>(size >> 8), static_cast<char>(size), 2, type,
                             0, channel};
    return header + body;
}

std::string performative(char code, const std::string& fields) {
    return "\0\x53"s + code + '\xC0' + static_cast<char>(fields.size() + 1) + '\x0A' + fields;
}

// The fields of a transfer up to `more`, with a tag of one byte.
std::string transfer(char handle, bool with_id, bool more) {
    return performative('\x14', "\x52"s + handle + (with_id ? "\x43" : "\x40") + "\xA0\1t\x43\x42"s +
                                    (more ? '\x41' : '\x42'));
}

const std::string kBad = frame(transfer(0, false, true));
const std::string kBegun = frame(transfer(0, true, true));

// How much of it goes on when it comes at once, and the same in pieces.
std::size_t admitted(const std::string& sent) {
    bus::FrameCheck check(kMaxFrame);
    const auto whole = check.admit(sent);
    for (const std::size_t piece : {1u, 3u, 7u, 20u}) {
        bus::FrameCheck slow(kMaxFrame);
        for (std::size_t at = 0; at < sent.size(); at += piece)
            slow.admit(std::string_view(sent).substr(at, piece));
        CHECK(slow.refusal().has_value() == check.refusal().has_value());
    }
    return whole;
}

bool passes(const std::string& sent) {
    return admitted(kProtocol + sent) == kProtocol.size() + sent.size();
}

}  // namespace

TEST_CASE("everything before a delivery that begins in parts without its id goes on, and nothing after it") {
    const std::string good = kProtocol + frame("") + frame(transfer(0, true, false) + "payload");
    CHECK(admitted(good) == good.size());
    CHECK(admitted(good + kBad + good) == good.size());
    bus::FrameCheck check(kMaxFrame);
    CHECK(check.admit(good) == good.size());
    CHECK(check.admit(kBad.substr(0, 9)) == 9);
    CHECK(check.admit(kBad.substr(9)) == 0);
    REQUIRE(check.refusal());
    CHECK(check.refusal()->description.find("delivery-id") != std::string::npos);
    CHECK(check.admit(good) == 0);
}

TEST_CASE("the last byte of a frame waits until the frame is judged") {
    bus::FrameCheck check(kMaxFrame);
    check.admit(kProtocol);
    std::size_t passed = 0;
    for (const char byte : kBad) passed += check.admit({&byte, 1});
    CHECK(passed < kBad.size());
    CHECK(check.refusal());
}

TEST_CASE("later parts of a delivery need no id, each link for itself") {
    const std::string more = frame(transfer(0, false, true)), last = frame(transfer(0, false, false));
    CHECK(passes(kBegun + more + more + last));
    CHECK_FALSE(passes(kBegun + last + more));
    CHECK_FALSE(passes(kBegun + frame(transfer(1, false, true))));
    CHECK_FALSE(passes(kBegun + frame(transfer(0, false, true), 1)));
    CHECK(passes(kBegun + frame(transfer(1, true, true)) + more + frame(transfer(1, false, true))));
    CHECK(passes(last));  // proton takes it as a delivery in one part
}

TEST_CASE("a delivery that was aborted has ended") {
    const std::string aborted =
        frame(performative('\x14', "\x52\0\x40\x40\x40\x40\x41\x40\0\x53\x24\x45\x42\x41"s));
    CHECK(passes(kBegun + aborted));
    CHECK_FALSE(passes(kBegun + aborted + kBad));
}

TEST_CASE("what opens or closes a link or a session ends its deliveries, and no others") {
    const std::string attach = frame(performative('\x12', "\xA1\1L\x43\x42"s)),
                      detach = frame(performative('\x16', "\x43"s)),
                      begin = frame(performative('\x11', "\x40"s)), end = frame("\0\x53\x17\x45"s);
    const auto passes_after = [](std::string between) { return passes(between.insert(0, kBegun) + kBad); };
    for (const auto& between : {attach, detach, begin, end}) CHECK_FALSE(passes_after(between));
    const std::string other_attach = frame(performative('\x12', "\xA1\1L\x52\1\x42"s)),
                      other_end = frame("\0\x53\x17\x45"s, 1);
    for (const auto& between : {other_attach, other_end}) CHECK(passes_after(between));
}

TEST_CASE("what proton would read and this cannot is refused") {
    CHECK_FALSE(passes(frame("\0\x53\x14\x40"s)));                          // no list
    CHECK_FALSE(passes(frame("\0\x53\x14\xC0\x7F\x0A\x43"s)));              // a list longer than its frame
    CHECK_FALSE(passes(frame(performative('\x14', "\x40"s))));              // no handle
    CHECK_FALSE(passes(frame(performative('\x14', "\x43\x71\0\0\0\0"s))));  // an id of another type
    CHECK_FALSE(passes(frame(performative('\x14', "\x43\x43\0\0\x43\x40"s))));  // a described descriptor
    CHECK_FALSE(passes(frame("\0\xA3\x04name\x45"s)));                          // a symbol for its name
    CHECK_FALSE(passes(frame(performative('\x12', "\xA1\1L\x40"s))));
}

TEST_CASE("what proton does not take for an AMQP frame is left to proton") {
    CHECK(passes(frame(transfer(0, false, true), 0, 1)));  // SASL
    CHECK(passes(frame("\x40\x53\x14"s)));
    CHECK(passes(frame("\0\x44\x45"s)));
    const std::string long_frame = kProtocol + "\0\1\0\0\2\0\0\0"s + kBad;
    CHECK(admitted(long_frame) == long_frame.size());
}

TEST_CASE("of another protocol proton gets what it needs to tell so") {
    const std::string sent = "GET / HTTP/1.1\r\nHost: here\r\n\r\n";
    CHECK(admitted(sent) == 16);
    CHECK(admitted(sent.substr(0, 9)) == 9);
    bus::FrameCheck slow(kMaxFrame);
    CHECK(slow.admit(sent.substr(0, 5)) == 5);
    CHECK(slow.admit(sent.substr(5)) == 11);
    CHECK_FALSE(slow.refusal());
}

TEST_CASE("a check that was never asked says so") {
    bus::FrameCheck check(kMaxFrame);
    CHECK_FALSE(check.used());
    check.admit("");
    CHECK_FALSE(check.used());
    check.admit("A");
    CHECK(check.used());
}
