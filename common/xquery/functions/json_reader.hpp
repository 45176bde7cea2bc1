// Reading JSON (RFC 7159) for fn:parse-json and fn:json-to-xml (Functions and Operators 3.1, 17.5).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/xquery/functions/family.hpp"

namespace clacks::xquery {

// The options that those functions share.
struct JsonOptions {
    enum class Duplicates : std::uint8_t { reject, use_first, use_last, retain };
    std::optional<Duplicates> duplicates;
    bool validate = false;
    bool escape = false;           // characters that need it stay escaped
    std::optional<Item> fallback;  // a function that is called for characters that XML has not

    // XPTY0004 for a value of a wrong type, FOJS0005 for one that is not allowed. Other options are let pass;
    // "liberal" changes nothing, as the specification leaves it open what it allows.
    static JsonOptions of(CallContext& call, const Value& map);
};

// The value of an option that is a boolean; XPTY0004 for another one.
bool boolean_option(CallContext& call, const Value& map, std::string_view name, bool otherwise);

// What is read, in its order. Texts live until the next call. `escaped`: the text contains escapes.
class JsonHandler {
  public:
    virtual void start_map() = 0;
    virtual void key(std::string_view text, bool escaped) = 0;
    virtual void end_map() = 0;
    virtual void start_array() = 0;
    virtual void end_array() = 0;
    virtual void string(std::string_view text, bool escaped) = 0;
    virtual void number(std::string_view written) = 0;
    virtual void boolean(bool value) = 0;
    virtual void null() = 0;

  protected:
    ~JsonHandler() = default;
};

// FOJS0001 with the line and column for a text that is no JSON; limit-nesting for JSON of more than 5,000
// levels.
void read_json(CallContext& call, std::string_view text, const JsonOptions& options, JsonHandler& handler);

// "\n" or "\u0001": what stands for a character that JSON or XML cannot have.
std::string json_escape(char32_t c);

[[noreturn]] void fail_duplicate(std::string_view key);

Value json_to_xml(CallContext& call, Arguments arguments);
Value xml_to_json(CallContext& call, Arguments arguments);
// fn:parse-json of a text.
Value parse_json(CallContext& call, std::string_view text, const JsonOptions& options);

}  // namespace clacks::xquery
