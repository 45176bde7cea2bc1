// Primitive types of the AMQP 1.0 encoding (part 1), read with every bound checked and written by hand.
// Compound values are skipped by their size, never entered, so that nesting costs a stranger nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "common/base/clock.hpp"

namespace clacks::amqp {

// What a property can carry (the same variant as the agent's PropertyValue).
using Simple = std::variant<bool, std::int64_t, double, std::string, WallTime>;

// A cursor over encoded bytes that it does not own. Every call gives nothing at the end of the bytes
// or at malformed ones; the position is then of no more use.
class Reader {
  public:
    explicit Reader(std::string_view bytes) : rest_(bytes) {}

    bool at_end() const { return rest_.empty(); }

    // The code of a described type's descriptor (ulong, or the symbol of a message section).
    std::optional<std::uint64_t> descriptor();
    // The whole next value, constructor included, without looking inside compounds.
    std::optional<std::string_view> value();
    // The content of a list or map: its elements' bytes and their count.
    struct Compound {
        std::string_view content;
        std::uint32_t count = 0;
    };
    std::optional<Compound> list();
    std::optional<Compound> map();

  private:
    std::optional<Compound> compound(std::uint8_t empty, std::uint8_t small, std::uint8_t large);
    std::string_view rest_;
};

// Of one encoded value as Reader::value() gives it; nothing for null, compounds and other types.
std::optional<Simple> simple_of(std::string_view value);
// The bytes of a binary, string or symbol value; nothing for any other type.
std::optional<std::string_view> bytes_of(std::string_view value);
bool is_null(std::string_view value);
bool is_string(std::string_view value);
bool is_binary(std::string_view value);

// Appends encoded values to `out`.
class Writer {
  public:
    explicit Writer(std::string& out) : out_(out) {}

    void null() { out_.push_back('\x40'); }
    void ulong(std::uint64_t number);
    void string(std::string_view text);
    void symbol(std::string_view text);
    void binary(std::string_view bytes);
    void timestamp(WallTime time);
    void simple(const Simple& value);
    void raw(std::string_view encoded) { out_.append(encoded); }
    void section(std::uint8_t code);  // the descriptor of a message section
    // A list or map whose elements are written after it is opened: `close` takes what `open` gave, and
    // how many elements there are (two an entry of a map).
    std::size_t open_list() { return open(0xD0); }
    std::size_t open_map() { return open(0xD1); }
    void close(std::size_t opened, std::uint32_t count);

  private:
    std::size_t open(std::uint8_t code);
    void size(std::uint8_t small, std::uint8_t large, std::size_t bytes);
    void sized(std::uint8_t small, std::uint8_t large, std::string_view bytes);
    void number(std::uint64_t value, int bytes);
    std::string& out_;
};

}  // namespace clacks::amqp
