#include "common/xquery/adaptive.hpp"

#include <charconv>
#include <cmath>

#include "common/xml/serializer.hpp"
#include "common/xquery/values/atomize.hpp"

namespace clacks::xquery {

namespace {

void append_quoted(std::string& out, std::string_view text) {
    out += '"';
    for (const char c : text) {
        if (c == '"') out += '"';
        out += c;
    }
    out += '"';
}

// As by the picture 0.0##########################e0.
void append_double(std::string& out, double value) {
    if (std::isnan(value)) {
        out += "NaN";
        return;
    }
    if (std::isinf(value)) {
        out += value < 0 ? "-INF" : "INF";
        return;
    }
    char digits[32];
    const auto written = std::to_chars(digits, digits + sizeof digits, value, std::chars_format::scientific);
    const std::string_view text(digits, static_cast<std::size_t>(written.ptr - digits));
    const std::size_t e = text.find('e');
    out += text.substr(0, e);
    if (text.find('.') == std::string_view::npos) out += ".0";
    out += 'e';
    std::string_view exponent = text.substr(e + 1);
    if (exponent.front() == '-') out += '-';
    exponent.remove_prefix(1);
    while (exponent.size() > 1 && exponent.front() == '0') exponent.remove_prefix(1);
    out += exponent;
}

void append_node(std::string& out, const Item& item, bool indent) {
    const xml::Tree& tree = *item.tree;
    if (item.node_kind() != xml::NodeKind::attribute) {
        out += xml::serialize(tree, item.node(), {indent});
        return;
    }
    const xml::Name& name = tree.name(item.node());
    if (!name.prefix.empty()) (out += name.prefix) += ':';
    out += name.local;
    out += "=\"";
    xml::append_escaped(out, tree.string_value(item.node()), true);
    out += '"';
}

}  // namespace

void append_adaptive(std::string& out, const Item& item, bool indent) {
    Arena scratch;
    if (item.is_node()) return append_node(out, item, indent);
    if (item.type == Type::boolean) {
        out += item.boolean() ? "true()" : "false()";
    } else if (item.type == Type::double_) {
        append_double(out, item.real);
    } else if (item.type == Type::qname) {
        ((((out += "Q{") += item.qname().uri) += '}') += item.qname().local);
    } else if (is_decimal(item.type)) {
        out += string_of(item, scratch);
    } else if (is_textual(item.type)) {
        append_quoted(out, item.text());
    } else {
        (out += type_name(item.type)) += '(';
        append_quoted(out, string_of(item, scratch));
        out += ')';
    }
}

std::string serialize_adaptive(const Value& value, bool indent) {
    std::string out;
    for (std::uint64_t i = 0; i < value.size(); ++i) {
        if (i > 0) out += '\n';
        append_adaptive(out, value[i], indent);
    }
    return out;
}

std::string serialize_xml(const Value& value, bool indent) {
    std::string out;
    Arena scratch;
    bool after_atomic = false;
    for (const Item item : value) {
        if (item.is_node()) {
            append_node(out, item, indent);
        } else {
            if (after_atomic) out += ' ';
            xml::append_escaped(out, string_of(item, scratch), false);
        }
        after_atomic = !item.is_node();
    }
    return out;
}

}  // namespace clacks::xquery
