// What a peer sends over AMQP 1.0 (OASIS AMQP 1.0, parts 1, 2 and 5), taken apart so that it can be changed
// at its joints, and put together again. Bytes that make no sense are kept as they are: whatever was read is
// written as it was.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace clacks::fuzz {

// One encoded value. `children` are the descriptor and the value of a described one (code 0), or the
// elements of a list or map; every other value is `bytes`, without constructor and length.
struct Value {
    std::uint8_t code = 0x40;
    std::string bytes;
    std::vector<Value> children;
    std::int32_t size_error = 0;   // what the written length is off by
    std::int32_t count_error = 0;  // the same of the count of a list or map

    bool described() const { return code == 0x00; }
    bool compound() const { return code == 0xC0 || code == 0xC1 || code == 0xD0 || code == 0xD1; }
};

Value null();
Value unsigned_int(std::uint32_t number);
Value text(std::uint8_t code, std::string_view bytes);  // binary, string or symbol, by its code
Value list(std::vector<Value> elements);
Value map(std::vector<Value> elements);
Value described(std::uint64_t code, Value value);
Value described(std::string_view symbol, Value value);

struct Part {
    enum class Kind { raw, header, frame };
    Kind kind = Kind::raw;
    std::string bytes;  // of raw bytes or a protocol header; of a frame what follows its values
    std::uint8_t doff = 2;
    std::uint8_t type = 0;  // 0 is AMQP, 1 is SASL
    std::uint16_t channel = 0;
    std::string extended_header;
    std::vector<Value> values;  // the performative, then a message's sections
    std::int32_t size_error = 0;
};

using Conversation = std::vector<Part>;

Conversation read(std::string_view bytes);
std::string write(const Conversation& conversation);

}  // namespace clacks::fuzz
