#include "common/xquery/functions/json_reader.hpp"

#include "common/base/text.hpp"
#include "common/xml/characters.hpp"
#include "common/xquery/functions/signature.hpp"
#include "common/xquery/values/function_item.hpp"
#include "common/xquery/values/map.hpp"

namespace clacks::xquery {

namespace {

constexpr std::size_t kDepth = 5000;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kLetters = "\"\\/bfnrt";
constexpr std::string_view kCharacters = "\"\\/\b\f\n\r\t";

// For what stands too deep: only whether it is JSON counts.
class Unheard final : public JsonHandler {
  public:
    void start_map() override {}
    void key(std::string_view, bool) override {}
    void end_map() override {}
    void start_array() override {}
    void end_array() override {}
    void string(std::string_view, bool) override {}
    void number(std::string_view) override {}
    void boolean(bool) override {}
    void null() override {}
};

class Reader {
  public:
    Reader(CallContext& call, std::string_view text, const JsonOptions& options, JsonHandler& handler)
        : call_(call), text_(text), options_(options), handler_(&handler) {
        if (text_.starts_with(kByteOrderMark)) text_.remove_prefix(kByteOrderMark.size());
    }

    void read() {
        bool wanted = true;
        do {
            call_.steps.take();
            wanted = wanted ? value() : next_member();
        } while (wanted || !open_.empty());
        space();
        if (at_ < text_.size()) bad("text follows the value");
        if (handler_ == &unheard_)
            fail(Code::limit_nesting,
                 "the JSON text nests deeper than " + std::to_string(kDepth) + " levels");
    }

  private:
    [[noreturn]] void bad(std::string_view why) const {
        const Position place = position_of(text_, std::min(at_, text_.size()));
        fail(Code::FOJS0001, "the text is no JSON: at line " + std::to_string(place.line) + ", column " +
                                 std::to_string(place.column) + ", " + std::string(why));
    }

    void space() {
        while (at_ < text_.size() && xml::is_space(text_[at_])) ++at_;
    }
    bool take(std::string_view symbol) {
        if (!text_.substr(at_).starts_with(symbol)) return false;
        at_ += symbol.size();
        return true;
    }

    void open(char bracket) {
        if (open_.size() == kDepth) handler_ = &unheard_;
        open_ += bracket;
    }
    bool closes(char bracket) {
        if (at_ == text_.size() || text_[at_] != bracket) return false;
        ++at_;
        open_.pop_back();
        bracket == '}' ? handler_->end_map() : handler_->end_array();
        return true;
    }

    // Whether the first member of a map or array is to follow.
    bool value() {
        space();
        if (take("{")) {
            open('{');
            handler_->start_map();
            space();
            if (closes('}')) return false;
            key();
            return true;
        }
        if (take("[")) {
            open('[');
            handler_->start_array();
            space();
            return !closes(']');
        }
        scalar();
        return false;
    }

    void scalar() {
        if (take("\"")) {
            string();
            handler_->string(out_, escaped());
        } else if (take("true")) {
            handler_->boolean(true);
        } else if (take("false")) {
            handler_->boolean(false);
        } else if (take("null")) {
            handler_->null();
        } else {
            handler_->number(number());
        }
    }

    // Behind a value within a map or array: whether another one is to follow.
    bool next_member() {
        space();
        const bool map = open_.back() == '{';
        if (take(",")) {
            if (map) key();
            return true;
        }
        if (!closes(map ? '}' : ']')) bad(map ? "',' or '}' is missing" : "',' or ']' is missing");
        return false;
    }

    void key() {
        space();
        if (!take("\"")) bad("a key in quotation marks is missing");
        string();
        handler_->key(out_, escaped());
        space();
        if (!take(":")) bad("':' is missing behind a key");
    }

    bool digits() {
        const std::size_t begin = at_;
        while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') ++at_;
        return at_ > begin;
    }

    std::string_view number() {
        const std::size_t begin = at_;
        take("-");
        if (!take("0") && !digits()) {
            at_ = begin;
            bad("a value is missing");
        }
        if (take(".") && !digits()) bad("digits are missing behind '.'");
        if (take("e") || take("E")) {
            if (!take("+")) take("-");
            if (!digits()) bad("the digits of an exponent are missing");
        }
        return text_.substr(begin, at_ - begin);
    }

    // Reads into out_ what stands up to the closing quotation mark.
    void string() {
        out_.clear();
        for (;;) {
            if (at_ >= text_.size()) bad("a string does not end");
            const xml::CodePoint c = xml::code_point_at(text_, at_);
            if (c.value < 0x20) bad("a control character stands in a string");
            at_ += c.bytes;
            if (c.value == '"') return;
            if (c.value == '\\')
                add(escape());
            else if (options_.escape || !xml::is_char(c.value))
                add(c.value);
            else
                out_ += text_.substr(at_ - c.bytes, c.bytes);
        }
    }

    char32_t unit() {
        char32_t value = 0;
        for (int i = 0; i < 4; ++i, ++at_) {
            const char c = at_ < text_.size() ? text_[at_] : '\0';
            const char low = static_cast<char>(c | 0x20);
            if (c >= '0' && c <= '9')
                value = value * 16 + static_cast<char32_t>(c - '0');
            else if (low >= 'a' && low <= 'f')
                value = value * 16 + static_cast<char32_t>(low - 'a' + 10);
            else
                bad("four hexadecimal digits are missing behind \\u");
        }
        return value;
    }

    // Behind a backslash. Surrogates that do not make a pair are given as they are.
    char32_t escape() {
        if (take("u")) {
            const char32_t high = unit();
            if (high < 0xD800 || high > 0xDBFF || !text_.substr(at_).starts_with("\\u")) return high;
            const std::size_t behind = at_;
            at_ += 2;
            const char32_t low = unit();
            if (low >= 0xDC00 && low <= 0xDFFF) return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
            at_ = behind;
            return high;
        }
        const std::size_t known = at_ < text_.size() ? kLetters.find(text_[at_]) : std::string_view::npos;
        if (known == std::string_view::npos) bad("a backslash does not begin an escape of JSON");
        ++at_;
        return static_cast<char32_t>(kCharacters[known]);
    }

    void add(char32_t c) {
        const bool in_xml = xml::is_char(c);
        if (options_.escape) {
            if (c == '\\' || c < 0x20 || (c >= 0x7F && c < 0xA0) || !in_xml)
                out_ += json_escape(c);
            else
                xml::append_utf8(out_, c);
        } else if (in_xml) {
            xml::append_utf8(out_, c);
        } else if (options_.fallback) {
            fall_back(c);
        } else {
            xml::append_utf8(out_, 0xFFFD);
        }
    }

    void fall_back(char32_t c) {
        static const SequenceType kString = parse_type("xs:string");
        const Value sequence = made(call_, json_escape(c));
        const Value result = convert(call_item(call_, *options_.fallback, {&sequence, 1}), kString,
                                     {"fallback", "result"}, call_.arena, call_.steps);
        out_ += text(result);
        if (out_.size() > call_.arena.limit()) call_.arena.take(out_.size());  // fails as exceeding it does
    }

    bool escaped() const { return options_.escape && out_.find('\\') != std::string::npos; }

    CallContext& call_;
    std::string_view text_;
    const JsonOptions& options_;
    JsonHandler* handler_;
    Unheard unheard_;
    std::size_t at_ = 0;
    std::string open_;  // the brackets
    std::string out_;   // the string read last
};

// The entry's value, or null where the map has none.
const Value* option(const Value& map, std::string_view name) {
    if (map.empty()) return nullptr;
    const MapItem::Entry* entry = map.front().map().find(Item::of_text(name));
    return entry == nullptr ? nullptr : &entry->value;
}

}  // namespace

bool boolean_option(CallContext& call, const Value& map, std::string_view name, bool otherwise) {
    static const SequenceType kBoolean = parse_type("xs:boolean");
    const Value* value = option(map, name);
    if (value == nullptr) return otherwise;
    return convert(*value, kBoolean, {"option", name}, call.arena, call.steps).front().boolean();
}

JsonOptions JsonOptions::of(CallContext& call, const Value& map) {
    static const SequenceType kString = parse_type("xs:string");
    JsonOptions options;
    boolean_option(call, map, "liberal", false);
    options.validate = boolean_option(call, map, "validate", false);
    options.escape = boolean_option(call, map, "escape", false);
    if (const Value* value = option(map, "duplicates")) {
        const std::string_view name =
            text(convert(*value, kString, {"option", "duplicates"}, call.arena, call.steps));
        options.duplicates = name == "reject"      ? std::optional(Duplicates::reject)
                             : name == "use-first" ? std::optional(Duplicates::use_first)
                             : name == "use-last"  ? std::optional(Duplicates::use_last)
                             : name == "retain"    ? std::optional(Duplicates::retain)
                                                   : std::nullopt;
        if (!options.duplicates)
            fail(Code::FOJS0005, "the option duplicates cannot be '" + one_line(name, 40) + "'",
                 "there are reject, use-first and use-last");
    }
    if (const Value* value = option(map, "fallback")) {
        if (value->size() != 1 ||
            (value->front().type != Type::function && value->front().type != Type::map &&
             value->front().type != Type::array) ||
            arity_of(value->front()) != 1)
            fail(Code::XPTY0004, "the option fallback is not a function of one argument");
        options.fallback = value->front();
        if (options.escape)
            fail(Code::FOJS0005, "the option fallback has no use where the option escape is true",
                 "leave one of them out");
    }
    return options;
}

void read_json(CallContext& call, std::string_view text, const JsonOptions& options, JsonHandler& handler) {
    charge(call, text.size());
    Reader(call, text, options, handler).read();
}

std::string json_escape(char32_t c) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    if (c < 0x80) {
        const std::size_t known = kCharacters.find(static_cast<char>(c));
        if (known != std::string_view::npos) return {'\\', kLetters[known]};
    }
    std::string out = "\\u";
    for (int shift = 12; shift >= 0; shift -= 4) out += kDigits[(c >> shift) & 0xF];
    return out;
}

void fail_duplicate(std::string_view key) {
    fail(Code::FOJS0003, "the JSON text has the key '" + one_line(key, 60) + "' twice in one object",
         "set the option duplicates to use-first or use-last");
}

}  // namespace clacks::xquery
