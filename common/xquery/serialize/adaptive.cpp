// The adaptive output method (Serialization 3.1, 10): whatever a query gives, as people read it.
#include <charconv>
#include <cmath>

#include "common/xquery/serialize/markup.hpp"
#include "common/xquery/serialize/serializer.hpp"
#include "common/xquery/values/array.hpp"
#include "common/xquery/values/atomize.hpp"
#include "common/xquery/values/error.hpp"
#include "common/xquery/values/function_item.hpp"
#include "common/xquery/values/map.hpp"

namespace clacks::xquery {

namespace {

// Text between quotes, a quote written twice.
class QuotedEscaping final : public Escaping {
  public:
    bool escape(std::string& out, char32_t c, std::string_view) const override {
        if (c != '"') return false;
        return out += "\"\"", true;
    }
};

// As by the picture 0.0##########################e0.
std::string text_of(double value) {
    if (std::isnan(value)) return "NaN";
    if (std::isinf(value)) return value < 0 ? "-INF" : "INF";
    char digits[32];
    const auto written = std::to_chars(digits, digits + sizeof digits, value, std::chars_format::scientific);
    const std::string_view text(digits, static_cast<std::size_t>(written.ptr - digits));
    const std::size_t e = text.find('e');
    std::string out(text.substr(0, e));
    if (text.find('.') == std::string_view::npos) out += ".0";
    out += 'e';
    std::string_view exponent = text.substr(e + 1);
    if (exponent.front() == '-') out += '-';
    exponent.remove_prefix(1);
    while (exponent.size() > 1 && exponent.front() == '0') exponent.remove_prefix(1);
    return out += exponent;
}

std::string text_of(const QName& name) {
    return "Q{" + std::string(name.uri) + "}" + std::string(name.local);
}

std::string function_name(const FunctionItem& function) {
    constexpr std::pair<std::string_view, std::string_view> kPrefixes[] = {
        {"http://www.w3.org/2005/xpath-functions", "fn:"},
        {"http://www.w3.org/2005/xpath-functions/math", "math:"},
        {"http://www.w3.org/2005/xpath-functions/map", "map:"},
        {"http://www.w3.org/2005/xpath-functions/array", "array:"},
        {"http://www.w3.org/2001/XMLSchema", "xs:"}};
    if (function.name == nullptr) return "(anonymous-function)";
    for (const auto& [uri, prefix] : kPrefixes) {
        if (function.name->uri == uri) return std::string(prefix) + std::string(function.name->local);
    }
    return text_of(*function.name);
}

// The type whose constructor shows a value: the primitive one, and the two kinds of durations.
Type shown_type(Type type) {
    if (type == Type::year_month_duration || type == Type::day_time_duration) return type;
    while (base_type(type) != Type::any_atomic) type = base_type(type);
    return type;
}

// What is begun lies on a stack of its own, so that depth costs nothing of the machine's.
class AdaptiveWriter {
  public:
    AdaptiveWriter(Output& out, const SerializationParameters& parameters, std::size_t limit)
        : out_(out), parameters_(parameters), limit_(limit), room_(limit) {}

    void write(const Value& top) {
        const std::string separator = parameters_.item_separator.value_or("\n");
        for (std::uint64_t i = 0; i < top.size(); ++i) {
            if (i > 0) out_.markup(separator);
            item(top[i]);
            while (!open_.empty()) step();
        }
    }

  private:
    // A sequence in parentheses, an array or a map.
    struct Open {
        Value items;
        const ArrayItem* array;
        std::span<const MapItem::Entry* const> entries;
        std::uint64_t next;
        char end;
    };

    void step() {
        Open& at = open_.back();
        const std::uint64_t size = at.end == ')'   ? at.items.size()
                                   : at.end == ']' ? at.array->size()
                                                   : at.entries.size();
        if (at.next == size) {
            out_.raw({&at.end, 1});
            open_.pop_back();
            return;
        }
        if (at.next > 0) out_.raw(",");
        const std::uint64_t i = at.next++;
        if (at.end == ')') {
            item(at.items[i]);
        } else if (at.end == ']') {
            value((*at.array)[i]);
        } else {
            const MapItem::Entry& entry = *at.entries[i];
            item(entry.key);
            out_.raw(":");
            value(entry.value);
        }
    }

    void value(const Value& value) {
        if (value.size() == 1) return item(value.front());
        out_.raw("(");
        open_.push_back({value, nullptr, {}, 0, ')'});
    }

    void item(const Item& item) {
        if (item.is_node()) return node(item);
        if (item.type == Type::array) {
            out_.raw("[");
            open_.push_back({{}, &item.array(), {}, 0, ']'});
        } else if (item.type == Type::map) {
            out_.raw("map{");
            open_.push_back({{}, nullptr, item.map().entries(room_), 0, '}'});
        } else if (item.type == Type::function) {
            out_.markup(function_name(item.function()) + "#" + std::to_string(item.function().arity()));
        } else {
            atomic(item);
        }
    }

    void atomic(const Item& item) {
        Arena room;
        if (item.type == Type::boolean) return out_.raw(item.boolean() ? "true()" : "false()");
        if (item.type == Type::double_) return out_.raw(text_of(item.real));
        if (item.type == Type::qname || item.type == Type::notation)
            return out_.markup(text_of(item.qname()));
        if (is_decimal(item.type)) return out_.raw(string_of(item, room));
        if (is_textual(item.type)) return quoted(item.text());
        out_.raw(type_name(shown_type(item.type)));
        out_.raw("(");
        quoted(string_of(item, room));
        out_.raw(")");
    }

    void quoted(std::string_view text) {
        static const QuotedEscaping escaping;
        out_.raw("\"");
        out_.characters(text, escaping);
        out_.raw("\"");
    }

    void node(const Item& item) {
        const xml::NodeKind kind = item.node_kind();
        if (kind == xml::NodeKind::attribute || kind == xml::NodeKind::namespace_node)
            return write_attribute(out_, *item.tree, item.node());
        SerializationParameters parameters = parameters_;
        parameters.method = "xml";
        parameters.omit_xml_declaration = parameters_.omit_xml_declaration.value_or(true);
        parameters.item_separator.reset();
        out_.raw(serialize(item, parameters, out_.steps(), limit_));
    }

    Output& out_;
    const SerializationParameters& parameters_;
    std::size_t limit_;
    Arena room_;  // for lists of entries
    std::vector<Open> open_;
};

}  // namespace

void write_adaptive(Output& out, const SerializationParameters& parameters, const Value& value,
                    std::size_t limit) {
    AdaptiveWriter(out, parameters, limit).write(value);
}

}  // namespace clacks::xquery
