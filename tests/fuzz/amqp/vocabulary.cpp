#include "tests/fuzz/amqp/vocabulary.hpp"

#include <array>

namespace clacks::fuzz {

namespace {

constexpr std::uint8_t kBinary = 0xA0, kString = 0xA1, kSymbol = 0xA3, kLongString = 0xB1;
constexpr const char* kEvents = "org.clacks.event";

template <typename List>
const auto& pick(const List& list, std::minstd_rand& random) {
    return list[std::uniform_int_distribution<std::size_t>(0, std::size(list) - 1)(random)];
}

std::string bytes(std::size_t count, char byte) {
    return std::string(count, byte);
}

Value truth(bool value) {
    return {static_cast<std::uint8_t>(value ? 0x41 : 0x42), {}, {}};
}

Value source(std::string_view address, Value filters = null()) {
    std::vector<Value> fields{text(kString, address)};
    for (int i = 0; i < 6; ++i) fields.push_back(null());
    fields.push_back(std::move(filters));
    return described(0x28, list(std::move(fields)));
}

Value target(std::string_view address) {
    return described(0x29, list({text(kString, address)}));
}

Value filters(std::string_view query) {
    return map(
        {text(kSymbol, "xquery"), described("apache.org:xquery-filter:string", text(kLongString, query))});
}

// A list of `before` nulls, so that `field` stands at its place.
Value field_at(std::size_t before, Value field) {
    std::vector<Value> fields(before, null());
    fields.push_back(std::move(field));
    return list(std::move(fields));
}

const std::vector<Value>& values() {
    static const std::vector<Value> all = {
        null(),
        truth(true),
        truth(false),
        // Numbers of every width: zero, one, and all bits.
        {0x43, {}, {}},
        {0x44, {}, {}},
        {0x45, {}, {}},
        {0x50, bytes(1, 0), {}},
        {0x50, bytes(1, '\xFF'), {}},
        {0x51, bytes(1, '\x80'), {}},
        {0x52, bytes(1, 1), {}},
        {0x53, bytes(1, '\x75'), {}},
        {0x54, bytes(1, '\xFF'), {}},
        {0x55, bytes(1, '\xFF'), {}},
        {0x56, bytes(1, 1), {}},
        {0x60, bytes(2, '\xFF'), {}},
        {0x61, bytes(2, '\x80'), {}},
        unsigned_int(0),
        unsigned_int(1),
        unsigned_int(0x7FFFFFFF),
        unsigned_int(0x80000000),
        unsigned_int(0xFFFFFFFF),
        {0x71, bytes(4, '\x80'), {}},
        {0x72, bytes(4, '\x7F'), {}},
        {0x73, bytes(4, '\xFF'), {}},
        {0x74, bytes(4, 0), {}},
        {0x80, bytes(8, '\xFF'), {}},
        {0x81, bytes(8, '\x80'), {}},
        {0x82, bytes(8, '\x7F'), {}},
        {0x83, bytes(8, '\xFF'), {}},
        {0x84, bytes(8, 0), {}},
        {0x94, bytes(16, 0), {}},
        {0x98, bytes(16, '\xAB'), {}},
        // Texts and bytes.
        text(kBinary, ""),
        text(kBinary, bytes(255, 0)),
        text(0xB0, bytes(70000, 'x')),
        text(kString, ""),
        text(kString, "\xFF\xFE"),
        text(kLongString, bytes(300, 'y')),
        text(kSymbol, ""),
        text(0xB3, "symbol"),
        text(kString, kEvents),
        text(kString, "org.clacks.command.core"),
        text(kString, "/org.clacks/event"),
        text(kString, "org.clacks.client.0b2c5b5e-0d5c-4f9c-9a51-5b3b1a3c2d1e"),
        text(kString, "amqp://host/org.clacks"),
        text(kSymbol, "PLAIN"),
        text(kSymbol, "SCRAM-SHA-256"),
        text(kSymbol, "EXTERNAL"),
        text(kSymbol, "ANONYMOUS"),
        text(kBinary, std::string_view("\0admin\0secret", 13)),
        text(kBinary, "n,,n=admin,r=abc"),
        // Compounds and arrays.
        {0x45, {}, {}},
        list({}),
        map({}),
        map({text(kSymbol, "k"), null()}),
        map({null()}),
        {0xC0, {}, {null()}},
        {0xC1, {}, {}},
        {0xE0, std::string("\x02\xA3\x01k\x01k", 6), {}},
        {0xE0, std::string("\xFF\x40", 2), {}},
        {0xF0, std::string("\xFF\xFF\xFF\xFF\x40", 5), {}},
        // What stands in a source, a target or a disposition.
        source(kEvents),
        source(kEvents, filters("true()")),
        source(kEvents, filters("bad")),
        target(kEvents),
        target(""),
        filters("."),
        described(0x30, list({})),
        described(0x24, list({})),
        described(0x25, list({})),
        described(0x26, list({})),
        described(0x27, list({})),
        described(0x1D, list({text(kSymbol, "amqp:x")})),
        described(0x28, field_at(4, truth(true))),
        described(0x2B, text(kSymbol, "x")),
    };
    return all;
}

// handle, delivery-id, tag, format, settled, more, …, aborted
Value transfer(std::uint32_t number, bool settled, bool more, bool aborted) {
    return described(0x14, list({unsigned_int(0), unsigned_int(number), text(kBinary, "tag"), unsigned_int(0),
                                 truth(settled), truth(more), null(), null(), null(), truth(aborted)}));
}

Value attach(std::string_view name, std::uint32_t handle, bool receiver, Value from, Value to) {
    return described(0x12, list({text(kString, name), unsigned_int(handle), truth(receiver), null(), null(),
                                 std::move(from), std::move(to), null(), null(), unsigned_int(0)}));
}

Value flow(std::uint32_t handle, std::uint32_t credit, bool drain) {
    return described(
        0x13, list({unsigned_int(0), unsigned_int(2048), unsigned_int(0), unsigned_int(2048),
                    unsigned_int(handle), unsigned_int(0), unsigned_int(credit), null(), truth(drain)}));
}

Value disposition(bool receiver, bool settled, Value state) {
    return described(
        0x15, list({truth(receiver), unsigned_int(0), unsigned_int(8), truth(settled), std::move(state)}));
}

Value request_properties() {
    return described(
        0x73, list({text(kString, "id"), text(kBinary, "admin"), text(kString, "org.clacks.command.core"),
                    null(), text(kString, "org.clacks.reply.x")}));
}

const std::vector<std::vector<Value>>& performatives() {
    const Value body = described(0x75, text(0xB0, "<Event/>"));
    static const std::vector<std::vector<Value>> all = {
        {described(0x10, list({text(kString, "fuzz")}))},
        {described(0x10, list({text(kString, "fuzz"),
                               null(),
                               unsigned_int(512),
                               {0x60, bytes(2, 1), {}},
                               unsigned_int(1)}))},
        {described(0x11, list({null(), unsigned_int(0), unsigned_int(2048), unsigned_int(2048)}))},
        {described(0x11, list({null(), unsigned_int(0xFFFFFFFF), unsigned_int(0), unsigned_int(0)}))},
        {attach("s", 0, false, source("here"), target(kEvents))},
        {attach("relay", 1, false, source("here"), described(0x29, list({})))},
        {attach("r", 2, true, source(kEvents), target("here"))},
        {attach("f", 3, true, source(kEvents, filters("true()")), target("here"))},
        {attach("d", 4, true, described(0x28, field_at(4, truth(true))), target("here"))},
        {attach("c", 5, false, source("here"), target("org.clacks.command.core"))},
        {attach("t", 6, false, source("here"), described(0x30, list({})))},
        {transfer(0, false, false, false), body},
        {transfer(1, true, false, false), body},
        {transfer(2, false, true, false), body},
        {transfer(2, false, false, true)},
        {transfer(3, false, false, false), request_properties(), described(0x77, text(kString, "{}"))},
        {transfer(4, false, false, false), described(0x74, map({text(kString, "k"), text(kString, "v")})),
         body},
        {transfer(5, false, false, false), described(0x76, list({null()}))},
        {flow(2, 10, false)},
        {flow(3, 0xFFFFFFFF, true)},
        {described(0x13, list({null(), unsigned_int(0), unsigned_int(0), unsigned_int(0)}))},
        {disposition(true, true, described(0x24, list({})))},
        {disposition(true, false, described(0x25, list({})))},
        {disposition(false, true, null())},
        {described(0x16, list({unsigned_int(0), truth(true)}))},
        {described(0x16, list({unsigned_int(2), truth(false)}))},
        {described(0x17, list({}))},
        {described(0x18, list({}))},
        {},
        {described(0x40, list({text(kSymbol, "PLAIN")}))},
        {described(0x41,
                   list({text(kSymbol, "PLAIN"), text(kBinary, std::string_view("\0admin\0secret", 13))}))},
        {described(0x41, list({text(kSymbol, "SCRAM-SHA-256"), text(kBinary, "n,,n=admin,r=abc")}))},
        {described(0x42, list({text(kBinary, "x")}))},
        {described(0x43, list({text(kBinary, "c=biws,r=abc,p=AAAA")}))},
        {described(0x44, list({{0x50, bytes(1, 0), {}}}))},
    };
    return all;
}

}  // namespace

std::string any_header(std::minstd_rand& random) {
    // AMQP, TLS and SASL 1.0.0; 0-9-1; the next version; a TLS record of a ClientHello.
    static const std::array<std::string, 6> kHeaders = {
        std::string("AMQP\0\1\0\0", 8), std::string("AMQP\2\1\0\0", 8),
        std::string("AMQP\3\1\0\0", 8), std::string("AMQP\0\0\x09\1", 8),
        std::string("AMQP\0\2\0\0", 8), std::string("\x16\3\1\0\5\1\0\0", 8)};
    return pick(kHeaders, random);
}

Value any_value(std::minstd_rand& random) {
    return pick(values(), random);
}

std::vector<Value> any_performative(std::minstd_rand& random) {
    return pick(performatives(), random);
}

}  // namespace clacks::fuzz
