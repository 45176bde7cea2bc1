// fn:xml-to-json (Functions and Operators 3.1, 17.5.4).
#include <cmath>
#include <string>
#include <unordered_set>
#include <vector>

#include "common/base/text.hpp"
#include "common/xml/characters.hpp"
#include "common/xquery/functions/json_reader.hpp"
#include "common/xquery/values/number.hpp"

namespace clacks::xquery {

namespace {

using xml::NodeIndex;
using xml::NodeKind;

bool is_hex(char c) {
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

// The bytes of the escape that begins with the backslash at `at`; FOJS0007 for one that JSON has not.
std::size_t escape_length(std::string_view text, std::size_t at) {
    const std::string_view rest = text.substr(at + 1);
    if (!rest.empty() && std::string_view("\"\\/bfnrt").find(rest[0]) != std::string_view::npos) return 2;
    if (rest.size() >= 5 && rest[0] == 'u' && is_hex(rest[1]) && is_hex(rest[2]) && is_hex(rest[3]) &&
        is_hex(rest[4]))
        return 6;
    fail(Code::FOJS0007, "'" + one_line(text.substr(at), 20) + "' does not begin with an escape of JSON");
}

// As it stands between quotation marks. With `escaped` the text's escapes stay as they are.
std::string json_text(std::string_view text, bool escaped) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        if (escaped && text[at] == '\\') {
            const std::size_t length = escape_length(text, at);
            out += text.substr(at, length);
            at += length;
            continue;
        }
        const xml::CodePoint c = xml::code_point_at(text, at);
        if (c.value < 0x20 || (c.value >= 0x7F && c.value < 0xA0) || c.value == '"' || c.value == '\\' ||
            c.value == '/')
            out += json_escape(c.value);
        else
            out += text.substr(at, c.bytes);
        at += c.bytes;
    }
    return out;
}

// What a text of JSON says, in UTF-16, so that two ways to write the same are equal.
std::u16string meaning(std::string_view json) {
    constexpr std::string_view kLetters = "bfnrt";
    constexpr std::string_view kCharacters = "\b\f\n\r\t";
    std::u16string out;
    for (std::size_t at = 0; at < json.size();) {
        if (json[at] == '\\' && json[at + 1] == 'u') {
            out += static_cast<char16_t>(std::stoul(std::string(json.substr(at + 2, 4)), nullptr, 16));
            at += 6;
        } else if (json[at] == '\\') {
            const std::size_t known = kLetters.find(json[at + 1]);
            out += static_cast<char16_t>(known == std::string_view::npos ? json[at + 1] : kCharacters[known]);
            at += 2;
        } else {
            const xml::CodePoint c = xml::code_point_at(json, at);
            at += c.bytes;
            if (c.value >= 0x10000) {
                out += static_cast<char16_t>(0xD800 + ((c.value - 0x10000) >> 10));
                out += static_cast<char16_t>(0xDC00 + ((c.value - 0x10000) & 0x3FF));
            } else {
                out += static_cast<char16_t>(c.value);
            }
        }
    }
    return out;
}

// Maps and arrays that are begun lie on a stack of its own, so that depth costs nothing of the machine's.
class Writer {
  public:
    Writer(CallContext& call, const xml::Tree& tree, bool indent)
        : call_(call), tree_(tree), indent_(indent) {}

    std::string write(NodeIndex top) {
        element(top);
        while (!open_.empty()) {
            Open& open = open_.back();
            if (open.next == open.end) {
                const bool map = open.is_map;
                const bool any = open.any;
                open_.pop_back();
                if (any) break_line();
                out_ += map ? '}' : ']';
                continue;
            }
            const NodeIndex child = open.next;
            open.next = tree_[child].end;
            member(open, child);
        }
        return std::move(out_);
    }

  private:
    struct Open {
        NodeIndex next;
        NodeIndex end;
        bool is_map;
        bool any;  // a member was written
        std::unordered_set<std::u16string> keys;
    };
    struct Attributes {
        std::optional<std::string_view> key;
        bool escaped = false;
        bool escaped_key = false;
    };

    [[noreturn]] void bad(NodeIndex node, const std::string& why) const {
        fail(Code::FOJS0006, "the element " + one_line(tree_.name(node).view().local, 40) + " " + why,
             "write it as fn:json-to-xml() does");
    }

    void break_line() {
        if (indent_) out_ += "\n" + std::string(2 * open_.size(), ' ');
    }

    void member(Open& open, NodeIndex child) {
        call_.steps.take();
        if (tree_.kind(child) == NodeKind::text) {
            if (!xml::trim(tree_.string_value(child)).empty())
                bad(tree_.parent(child), "contains text between its members");
        }
        if (tree_.kind(child) != NodeKind::element) return;
        if (open.any) out_ += ',';
        open.any = true;
        break_line();
        if (open.is_map) key(open, child);
        element(child);
    }

    void key(Open& open, NodeIndex node) {
        const Attributes known = attributes(node);
        if (!known.key) bad(node, "is in a map and has no key");
        const std::string written = json_text(*known.key, known.escaped_key);
        if (!open.keys.insert(meaning(written)).second)
            bad(node, "has the same key as one before it, '" + one_line(*known.key, 60) + "'");
        out_ += '"' + written + "\":";
    }

    bool truth(NodeIndex element, std::string_view text) const {
        text = xml::trim(text);
        if (text == "true" || text == "1") return true;
        if (text != "false" && text != "0") bad(element, "says '" + one_line(text, 40) + "', no boolean");
        return false;
    }

    Attributes attributes(NodeIndex element) const {
        Attributes out;
        const NodeIndex end = tree_.first_child(element);
        for (NodeIndex i = element + 1; i < end; ++i) {
            const xml::NameView name = tree_.name(i).view();
            const std::string_view value = tree_.string_value(i);
            if (name.uri.empty() && name.local == "key")
                out.key = value;
            else if (name.uri.empty() && name.local == "escaped")
                out.escaped = truth(element, value);
            else if (name.uri.empty() && name.local == "escaped-key")
                out.escaped_key = truth(element, value);
            else if (name.uri.empty() || name.uri == kFnNamespace)
                bad(element, "has an attribute " + one_line(name.local, 40));
        }
        return out;
    }

    // The text of an element that must not contain elements.
    std::string_view content(NodeIndex element) const {
        for (NodeIndex c = tree_.first_child(element); c < tree_[element].end; c = tree_[c].end) {
            if (tree_.kind(c) == NodeKind::element) bad(element, "contains an element");
        }
        const std::string_view text = tree_.string_value(element);
        charge(call_, text.size());
        return text;
    }

    void element(NodeIndex node) {
        if (out_.size() > call_.arena.limit()) call_.arena.take(out_.size());  // fails as exceeding it does
        const xml::NameView name = tree_.name(node).view();
        if (name.uri != kFnNamespace) bad(node, "is not in the namespace " + std::string(kFnNamespace));
        const Attributes known = attributes(node);
        if (name.local == "map" || name.local == "array") {
            out_ += name.local == "map" ? '{' : '[';
            open_.push_back({tree_.first_child(node), tree_[node].end, name.local == "map", false, {}});
        } else if (name.local == "string") {
            out_ += '"' + json_text(content(node), known.escaped) + '"';
        } else if (name.local == "number") {
            number(node);
        } else if (name.local == "boolean") {
            out_ += truth(node, content(node)) ? "true" : "false";
        } else if (name.local == "null") {
            if (!content(node).empty()) bad(node, "is not empty");
            out_ += "null";
        } else {
            bad(node, "stands for no value of JSON");
        }
    }

    void number(NodeIndex node) {
        const auto value = parse_double(xml::trim(content(node)));
        if (!value || !std::isfinite(*value)) bad(node, "does not contain a number that JSON has");
        out_ += to_text(*value, call_.arena);
    }

    CallContext& call_;
    const xml::Tree& tree_;
    bool indent_;
    std::string out_;
    std::vector<Open> open_;
};

// The element itself, or a document's only one.
NodeIndex top_of(const Item& node) {
    const xml::Tree& tree = *node.tree;
    if (node.node_kind() == NodeKind::element) return node.node();
    NodeIndex found = xml::kNoNode;
    if (node.node_kind() == NodeKind::document) {
        for (NodeIndex c = tree.first_child(node.node()); c < tree[node.node()].end; c = tree[c].end) {
            const bool blank = tree.kind(c) != NodeKind::text || xml::trim(tree.string_value(c)).empty();
            if (tree.kind(c) != NodeKind::element && blank) continue;
            if (found != xml::kNoNode || tree.kind(c) != NodeKind::element)
                fail(Code::FOJS0006, "the document has more than one element as its content");
            found = c;
        }
    }
    if (found == xml::kNoNode) fail(Code::FOJS0006, "the node is no element, nor a document with one");
    return found;
}

}  // namespace

Value xml_to_json(CallContext& call, Arguments arguments) {
    const bool indent = boolean_option(call, arguments.size() > 1 ? arguments[1] : Value(), "indent", false);
    if (arguments[0].empty()) return {};
    const Item& node = arguments[0].front();
    return made(call, Writer(call, *node.tree, indent).write(top_of(node)));
}

}  // namespace clacks::xquery
