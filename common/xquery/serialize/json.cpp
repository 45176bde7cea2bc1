// The json output method (Serialization 3.1, 9).
#include <cmath>
#include <unordered_set>

#include "common/base/text.hpp"
#include "common/xquery/serialize/serializer.hpp"
#include "common/xquery/values/array.hpp"
#include "common/xquery/values/atomize.hpp"
#include "common/xquery/values/describe.hpp"
#include "common/xquery/values/error.hpp"
#include "common/xquery/values/map.hpp"

namespace clacks::xquery {

namespace {

class JsonEscaping final : public Escaping {
  public:
    bool escape(std::string& out, char32_t c, std::string_view) const override {
        constexpr std::string_view kWritten = "\"\\/\b\f\n\r\t";
        constexpr std::string_view kLetters = "\"\\/bfnrt";
        if (c < 0x80) {
            const std::size_t at = kWritten.find(static_cast<char>(c));
            if (at != std::string_view::npos) return (out += '\\') += kLetters[at], true;
        }
        if (c < ' ' || (c >= 0x7F && c < 0xA0)) return unit(out, c), true;
        return false;
    }
    void refer(std::string& out, char32_t c) const override {
        if (c < 0x10000) return unit(out, c);
        unit(out, 0xD800 + ((c - 0x10000) >> 10));
        unit(out, 0xDC00 + ((c - 0x10000) & 0x3FF));
    }

  private:
    static void unit(std::string& out, char32_t c) {
        constexpr std::string_view kDigits = "0123456789ABCDEF";
        out += "\\u";
        for (int shift = 12; shift >= 0; shift -= 4) out += kDigits[(c >> shift) & 0xF];
    }
};

// Arrays and maps that are begun lie on a stack of its own, so that depth costs nothing of the machine's.
class JsonWriter {
  public:
    JsonWriter(Output& out, const SerializationParameters& parameters, std::size_t limit)
        : out_(out), parameters_(parameters), limit_(limit), room_(limit) {}

    void write(const Value& top) {
        value(top);
        while (!open_.empty()) {
            Open& at = open_.back();
            const std::uint64_t size = at.array != nullptr ? at.array->size() : at.entries.size();
            if (at.next == size) {
                const bool array = at.array != nullptr;
                open_.pop_back();
                if (size > 0) break_line();
                out_.raw(array ? "]" : "}");
                continue;
            }
            if (at.next > 0) out_.raw(",");
            break_line();
            const std::uint64_t i = at.next++;
            if (at.array != nullptr) {
                value((*at.array)[i]);
            } else {
                key(at, at.entries[i]->key);
                value(at.entries[i]->value);
            }
        }
    }

  private:
    struct Open {
        const ArrayItem* array;  // null: a map
        std::span<const MapItem::Entry* const> entries;
        std::uint64_t next;
        std::unordered_set<std::string> keys;
    };

    void break_line() {
        if (parameters_.indent) out_.raw("\n" + std::string(2 * open_.size(), ' '));
    }

    void value(const Value& value) {
        if (value.empty()) return out_.raw("null");
        if (value.size() > 1)
            fail(Code::SERE0023, "JSON cannot hold " + describe(value), "put it into an array: array { … }");
        const Item& item = value.front();
        if (item.type == Type::array) {
            out_.raw("[");
            open_.push_back({&item.array(), {}, 0, {}});
        } else if (item.type == Type::map) {
            out_.raw("{");
            open_.push_back({nullptr, item.map().entries(room_), 0, {}});
        } else if (item.type == Type::function) {
            fail(Code::SERE0021, "JSON cannot hold a function");
        } else if (item.is_node()) {
            string(node(item));
        } else {
            atomic(item);
        }
    }

    void atomic(const Item& item) {
        Arena room;
        if (item.type == Type::boolean) return out_.raw(item.boolean() ? "true" : "false");
        const std::string_view text = string_of(item, room);
        if (!is_numeric(item.type)) return string(text);
        if (!is_decimal(item.type) && !std::isfinite(item.real))
            fail(Code::SERE0020, "JSON has no number " + std::string(text));
        out_.raw(text);
    }

    void string(std::string_view text) {
        static const JsonEscaping escaping;
        out_.raw("\"");
        out_.characters(text, escaping);
        out_.raw("\"");
    }

    void key(Open& map, const Item& key) {
        Arena room;
        const std::string_view text = string_of(key, room);
        if (!parameters_.allow_duplicate_names && !map.keys.emplace(text).second)
            fail(Code::SERE0022,
                 "the map has the key '" + one_line(text, 60) + "' twice when keys are strings",
                 "set allow-duplicate-names");
        string(text);
        out_.raw(":");
    }

    std::string node(const Item& item) {
        SerializationParameters parameters = parameters_;
        parameters.method = parameters_.json_node_output_method;
        parameters.omit_xml_declaration = true;
        parameters.standalone.reset();
        parameters.item_separator.reset();
        parameters.character_maps.clear();
        return serialize(item, parameters, out_.steps(), limit_);
    }

    Output& out_;
    const SerializationParameters& parameters_;
    std::size_t limit_;
    Arena room_;  // for lists of entries
    std::vector<Open> open_;
};

}  // namespace

void write_json(Output& out, const SerializationParameters& parameters, const Value& value,
                std::size_t limit) {
    JsonWriter(out, parameters, limit).write(value);
}

}  // namespace clacks::xquery
