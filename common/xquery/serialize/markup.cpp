#include "common/xquery/serialize/markup.hpp"

#include <algorithm>
#include <charconv>

#include "common/xml/characters.hpp"
#include "common/xquery/serialize/html.hpp"
#include "common/xquery/serialize/tags.hpp"
#include "common/xquery/values/error.hpp"
#include "common/xquery/values/namespaces.hpp"

namespace clacks::xquery {

namespace {

using xml::NodeIndex;
using xml::NodeKind;

// Characters that a parser would change or that are not to be seen.
bool is_control(char32_t c) {
    return (c >= 0x7F && c < 0xA0) || c == 0x2028 || (c < ' ' && c != '\t' && c != '\n');
}

class XmlEscaping final : public Escaping {
  public:
    explicit XmlEscaping(bool attribute) : attribute_(attribute) {}
    bool escape(std::string& out, char32_t c, std::string_view) const override {
        if (c == '&') return out += "&amp;", true;
        if (c == '<') return out += "&lt;", true;
        if (c == '>') return out += "&gt;", true;
        if (attribute_ && c == '"') return out += "&quot;", true;
        if (is_control(c) || (attribute_ && (c == '\t' || c == '\n'))) return append_reference(out, c), true;
        return false;
    }

  private:
    bool attribute_;
};

class HtmlEscaping final : public Escaping {
  public:
    explicit HtmlEscaping(bool attribute) : attribute_(attribute) {}
    bool escape(std::string& out, char32_t c, std::string_view rest) const override {
        if (c == '&' && !(attribute_ && rest.starts_with('{'))) return out += "&amp;", true;
        if (!attribute_ && c == '<') return out += "&lt;", true;
        if (!attribute_ && c == '>') return out += "&gt;", true;
        if (attribute_ && c == '"') return out += "&quot;", true;
        if (c == 0xA0) return out += "&nbsp;", true;
        if (c == '\r') return append_reference(out, c), true;
        if (c >= 0x7F && c < 0xA0) {
            std::string reference;
            append_reference(reference, c);
            fail(Code::SERE0014, "HTML does not allow the character " + reference);
        }
        return false;
    }

  private:
    bool attribute_;
};

class NoEscaping final : public Escaping {
  public:
    bool escape(std::string&, char32_t, std::string_view) const override { return false; }
    void refer(std::string&, char32_t c) const override { cannot_be_encoded(c); }
};

const XmlEscaping kXmlText(false), kXmlAttribute(true);
const HtmlEscaping kHtmlText(false), kHtmlAttribute(true);
const NoEscaping kNoEscaping;

bool is_blank(std::string_view text) {
    return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

bool is_ascii_print(char c) {
    return c >= ' ' && c < 0x7F;
}

class MarkupWriter {
  public:
    MarkupWriter(Output& out, const SerializationParameters& parameters)
        : out_(out),
          parameters_(parameters),
          html_(parameters.method == "html"),
          xhtml_(parameters.method == "xhtml"),
          html5_((html_ || xhtml_) && html_version() >= 5) {}

    void write(std::span<const Part> parts) {
        if (!html_) declaration(parts);
        bool first_element = true;
        bool only_blank = true;
        const Part* last = nullptr;
        for (const Part& part : parts) {
            if (part.tree == nullptr) {
                only_blank = only_blank && is_blank(part.text);
                out_.characters(part.text, html_ ? static_cast<const Escaping&>(kHtmlText) : kXmlText);
            } else {
                if (parameters_.indent && last != nullptr && last->tree != nullptr) out_.raw("\n");
                if (first_element && part.tree->kind(part.node) == NodeKind::element) {
                    doctype(part.tree->name(part.node), only_blank);
                    first_element = false;
                }
                subtree(*part.tree, part.node);
            }
            last = &part;
        }
    }

  private:
    struct Open {
        std::string name;
        NodeIndex node;
        std::size_t bindings;
        bool indented = false;  // its children stand on lines of their own
        bool kept = false;      // no white space is added in it
        bool raw = false;       // script or style in HTML
        bool cdata = false;
        bool head = false;  // has got a meta element of ours
    };

    double html_version() const {
        double version = 5;
        const std::optional<std::string>& text =
            parameters_.html_version || !html_ ? parameters_.html_version : parameters_.version;
        if (text) std::from_chars(text->data(), text->data() + text->size(), version);
        return version;
    }

    // ---- before the first element ----
    void declaration(std::span<const Part> parts) {
        const auto elements = std::count_if(parts.begin(), parts.end(), [](const Part& part) {
            return part.tree != nullptr && part.tree->kind(part.node) == NodeKind::element;
        });
        const bool text =
            std::any_of(parts.begin(), parts.end(), [](const Part& part) { return part.tree == nullptr; });
        if ((parameters_.standalone || parameters_.doctype_system) && (elements != 1 || text))
            fail(Code::SEPM0004, "standalone and doctype-system are for one element without text around it",
                 "leave these parameters out, or serialize one element");
        if (parameters_.omit_xml_declaration.value_or(false)) return;
        out_.raw("<?xml version=\"" + parameters_.version.value_or("1.0") + "\" encoding=\"" +
                 parameters_.encoding + "\"");
        if (parameters_.standalone)
            out_.raw(*parameters_.standalone ? " standalone=\"yes\"" : " standalone=\"no\"");
        out_.raw("?>");
        if (parameters_.indent) out_.raw("\n");
    }

    void doctype(const xml::Name& root, bool only_blank_before) {
        const bool is_root_html = html_ ? html::lower(root.local) == "html" : root.local == "html";
        const auto& system = parameters_.doctype_system;
        const auto& public_id = parameters_.doctype_public;
        if (system || (html_ && public_id)) {
            out_.raw("<!DOCTYPE ");
            out_.markup(html_ ? "html" : qualified(shown_prefix(root), root.local));
            if (public_id) out_.raw(" PUBLIC \"" + *public_id + "\"");
            if (system) {
                const char quote = system->find('"') == std::string::npos ? '"' : '\'';
                out_.raw(public_id ? " " : " SYSTEM ");
                out_.markup(quote + *system + quote);
            }
            out_.raw(">\n");
        } else if (html5_ && is_root_html && is_html(root) && only_blank_before) {
            out_.raw("<!DOCTYPE html>\n");
        }
    }

    // ---- nodes, without recursion ----
    void subtree(const xml::Tree& tree, NodeIndex top) {
        const NodeIndex end = tree[top].end;
        for (NodeIndex at = top; at < end;) {
            while (!open_.empty() && tree[open_.back().node].end <= at) end_tag();
            at = node(tree, at, at == top);
        }
        while (!open_.empty()) end_tag();
    }

    // Returns the node to go on with.
    NodeIndex node(const xml::Tree& tree, NodeIndex at, bool top) {
        const NodeKind kind = tree.kind(at);
        const bool indented = !open_.empty() && open_.back().indented;
        if (kind == NodeKind::text) {
            if (!indented || !is_blank(tree.string_value(at))) text(tree.string_value(at));
            return tree[at].end;
        }
        if (kind == NodeKind::element && !open_.empty() && open_.back().head && is_content_type(tree, at))
            return tree[at].end;
        if (indented && !top) break_line(open_.size());
        if (kind == NodeKind::element) return element(tree, at, top);
        if (kind == NodeKind::comment) {
            out_.raw("<!--");
            out_.markup(tree.string_value(at));
            out_.raw("-->");
        } else {
            instruction(tree, at);
        }
        return tree[at].end;
    }

    void instruction(const xml::Tree& tree, NodeIndex at) {
        const std::string_view value = tree.string_value(at);
        if (html_ && value.find('>') != std::string_view::npos)
            fail(Code::SERE0015, "in HTML a processing instruction must not hold '>'");
        out_.raw("<?");
        out_.markup(tree.name(at).local);
        if (!value.empty()) out_.raw(" ");
        out_.markup(value);
        out_.raw(html_ ? ">" : "?>");
    }

    void break_line(std::size_t level) { out_.raw("\n" + std::string(2 * level, ' ')); }

    // ---- elements ----
    // Whether HTML's rules are for the element.
    bool is_html(const xml::Name& name) const {
        if (html_) return name.uri.empty() || (html5_ && name.uri == html::kXhtmlNamespace);
        return xhtml_ && (name.uri == html::kXhtmlNamespace || (html5_ && name.uri.empty()));
    }
    bool loses_prefix(std::string_view uri) const {
        return html5_ &&
               (uri == html::kXhtmlNamespace || uri == html::kSvgNamespace || uri == html::kMathNamespace);
    }
    std::string_view shown_prefix(const xml::Name& name) const {
        return loses_prefix(name.uri) ? std::string_view() : std::string_view(name.prefix);
    }
    bool lists(const std::vector<ExpandedName>& names, const xml::Name& name) const {
        return std::any_of(names.begin(), names.end(), [&](const ExpandedName& one) {
            if (one.uri != std::string_view(name.uri)) return false;
            return html_ ? html::lower(one.local) == html::lower(name.local)
                         : one.local == std::string_view(name.local);
        });
    }

    NodeIndex element(const xml::Tree& tree, NodeIndex at, bool top) {
        const xml::Name& name = tree.name(at);
        const bool by_html = is_html(name);
        const std::string local = by_html ? html::lower(name.local) : std::string(name.local);
        Open open{qualified(shown_prefix(name), name.local), at, namespaces_.open()};
        out_.raw("<");
        out_.markup(open.name);
        declare(tree, at, top);
        const NodeIndex content = tree.first_child(at);
        attributes(tree, at, content, by_html ? local : std::string());
        open.raw = (!open_.empty() && open_.back().raw) ||
                   (html_ && by_html && (local == "script" || local == "style"));
        open.cdata = !(html_ && by_html) && !parameters_.cdata_section_elements.empty() && is_cdata(name);
        open.head = by_html && local == "head" && parameters_.include_content_type;
        open.kept = keeps(tree, at, by_html ? local : std::string());
        open.indented = parameters_.indent && !open.kept && (open_.empty() || open_.back().indented) &&
                        has_only_blocks(tree, at);
        if (content == tree[at].end && !open.head) {
            empty(open.name, by_html, local, name.uri);
            namespaces_.close(open.bindings);
            return content;
        }
        out_.raw(">");
        if (open.head) content_type(open);
        open_.push_back(std::move(open));
        return content;
    }

    bool is_cdata(const xml::Name& name) const {
        return std::any_of(parameters_.cdata_section_elements.begin(),
                           parameters_.cdata_section_elements.end(), [&](const ExpandedName& one) {
                               return one.uri == std::string_view(name.uri) &&
                                      one.local == std::string_view(name.local);
                           });
    }

    void empty(const std::string& name, bool by_html, std::string_view local, std::string_view uri) {
        const bool markup_of_html = html_ || xhtml_;
        if (by_html && html::is_void(local, html5_)) return out_.raw(html_ ? ">" : " />");
        if (!markup_of_html || (!by_html && !uri.empty())) return out_.raw("/>");
        out_.raw("></");
        out_.markup(name);
        out_.raw(">");
    }

    void end_tag() {
        const Open open = std::move(open_.back());
        open_.pop_back();
        if (open.indented) break_line(open_.size());
        out_.raw("</");
        out_.markup(open.name);
        out_.raw(">");
        namespaces_.close(open.bindings);
    }

    bool keeps(const xml::Tree& tree, NodeIndex at, std::string_view html_name) const {
        if (!parameters_.indent) return false;
        if (!open_.empty() && open_.back().kept) return true;
        if (lists(parameters_.suppress_indentation, tree.name(at)) || html::is_preformatted(html_name))
            return true;
        for (NodeIndex a = at + 1; a < tree.first_child(at); ++a) {
            if (tree.name(a).uri == kXmlNamespace && tree.name(a).local == "space" &&
                tree.string_value(a) == "preserve")
                return true;
        }
        return false;
    }

    // Elements, comments and instructions between which white space can be added without harm.
    bool has_only_blocks(const xml::Tree& tree, NodeIndex element) const {
        bool others = false;
        for (NodeIndex c = tree.first_child(element); c < tree[element].end; c = tree[c].end) {
            const NodeKind kind = tree.kind(c);
            if (kind == NodeKind::text) {
                if (!is_blank(tree.string_value(c))) return false;
                continue;
            }
            others = others || kind == NodeKind::element || !(html_ || xhtml_);
            if (kind == NodeKind::element && is_html(tree.name(c)) &&
                html::is_inline(html::lower(tree.name(c).local)))
                return false;
        }
        return others;
    }

    // ---- namespaces and attributes ----
    void declare(const xml::Tree& tree, NodeIndex at, bool top) {
        const xml::Name& name = tree.name(at);
        const std::string_view own = shown_prefix(name);
        const auto add = [&](std::string_view prefix, std::string_view uri) {
            if (!loses_prefix(uri) && (prefix != own || uri == name.uri)) namespaces_.declare(prefix, uri);
        };
        if (top) {
            Arena room;
            in_scope_namespaces(tree, at, room, add);
        } else {
            for (const xml::NamespaceBinding& binding : tree.namespaces_of(at))
                add(binding.prefix, binding.uri);
        }
        namespaces_.declare(own, name.uri);
    }

    void write_declarations() {
        for (const OutputNamespaces::Binding& binding : namespaces_) {
            const bool undeclares = binding.uri.empty() && !binding.prefix.empty();
            if (undeclares &&
                !(parameters_.undeclare_prefixes && parameters_.version.value_or("1.0") == "1.1"))
                continue;
            out_.raw(binding.prefix.empty() ? " xmlns" : " xmlns:");
            out_.markup(binding.prefix);
            out_.raw("=\"");
            out_.unmapped(binding.uri, kXmlAttribute);
            out_.raw("\"");
        }
    }

    void attributes(const xml::Tree& tree, NodeIndex element, NodeIndex content, std::string_view html_name) {
        std::vector<std::string> prefixes;
        for (NodeIndex a = element + 1; a < content; ++a)
            prefixes.push_back(namespaces_.attribute_prefix(tree.name(a)));
        write_declarations();
        for (NodeIndex a = element + 1; a < content; ++a) {
            const xml::Name& name = tree.name(a);
            out_.raw(" ");
            out_.markup(qualified(prefixes[a - element - 1], name.local));
            value(name, tree.string_value(a), html_name);
        }
    }

    void value(const xml::Name& name, std::string_view value, std::string_view html_name) {
        const bool plain = name.uri.empty() && !html_name.empty();
        const std::string local = plain ? html::lower(name.local) : std::string();
        if (html_ && plain && html::is_boolean(html_name, local) && html::lower(value) == local) return;
        out_.raw("=\"");
        const bool raw = !open_.empty() && open_.back().raw;
        const Escaping& escaping = raw     ? static_cast<const Escaping&>(kNoEscaping)
                                   : html_ ? static_cast<const Escaping&>(kHtmlAttribute)
                                           : kXmlAttribute;
        if (plain && parameters_.escape_uri_attributes && html::is_uri(html_name, local)) {
            uri(value, escaping);
        } else {
            out_.characters(value, escaping);
        }
        out_.raw("\"");
    }

    // What is no printable ASCII is written as %HH of its UTF-8.
    void uri(std::string_view value, const Escaping& escaping) {
        constexpr std::string_view kDigits = "0123456789ABCDEF";
        const std::string text = std::all_of(value.begin(), value.end(), is_ascii_print)
                                     ? std::string(value)
                                     : normalize(value, "NFC");
        for (std::size_t at = 0; at < text.size();) {
            std::size_t end = at;
            while (end < text.size() && is_ascii_print(text[end])) ++end;
            out_.characters(std::string_view(text).substr(at, end - at), escaping);
            for (at = end; at < text.size() && !is_ascii_print(text[at]); ++at) {
                const auto byte = static_cast<unsigned char>(text[at]);
                const char hex[] = {'%', kDigits[byte >> 4], kDigits[byte & 0xF]};
                out_.raw({hex, 3});
            }
        }
    }

    // ---- the meta element of HTML's head ----
    void content_type(const Open& head) {
        if (head.indented) break_line(open_.size() + 1);
        const std::size_t colon = head.name.find(':');
        out_.raw("<");
        if (colon != std::string::npos) out_.markup(head.name.substr(0, colon + 1));
        out_.raw("meta http-equiv=\"Content-Type\" content=\"");
        out_.characters(parameters_.media_type + "; charset=" + parameters_.encoding, kXmlAttribute);
        out_.raw(html_ ? "\">" : "\" />");
    }

    bool is_content_type(const xml::Tree& tree, NodeIndex element) const {
        if (!is_html(tree.name(element)) || html::lower(tree.name(element).local) != "meta") return false;
        for (NodeIndex a = element + 1; a < tree.first_child(element); ++a) {
            const xml::Name& name = tree.name(a);
            if (name.uri.empty() && html::lower(name.local) == "http-equiv" &&
                html::lower(xml::trim(tree.string_value(a))) == "content-type")
                return true;
        }
        return false;
    }

    // ---- text ----
    void text(std::string_view value) {
        if (!open_.empty() && open_.back().raw) return out_.characters(value, kNoEscaping);
        if (!open_.empty() && open_.back().cdata) return cdata(out_.normalized(value));
        out_.characters(value, html_ ? static_cast<const Escaping&>(kHtmlText) : kXmlText);
    }

    // A CDATA section ends before "]]>" is complete and before what the encoding lacks.
    void cdata(std::string_view value) {
        std::size_t from = 0;
        for (std::size_t at = 0; at < value.size();) {
            const xml::CodePoint c = xml::code_point_at(value, at);
            if (!out_.encodes(c.value)) {
                section(value.substr(from, at - from));
                std::string reference;
                append_reference(reference, c.value);
                out_.raw(reference);
                from = at + c.bytes;
            } else if (value.substr(at).starts_with("]]>")) {
                section(value.substr(from, at + 2 - from));
                from = at + 2;
                at += 1;
            }
            at += c.bytes;
        }
        section(value.substr(from));
    }
    void section(std::string_view value) {
        if (value.empty()) return;
        out_.raw("<![CDATA[");
        out_.markup(value);
        out_.raw("]]>");
    }

    Output& out_;
    const SerializationParameters& parameters_;
    bool html_;
    bool xhtml_;
    bool html5_;
    OutputNamespaces namespaces_;
    std::vector<Open> open_;
};

}  // namespace

void write_markup(Output& out, const SerializationParameters& parameters, std::span<const Part> parts) {
    MarkupWriter(out, parameters).write(parts);
}

void write_attribute(Output& out, const xml::Tree& tree, NodeIndex node) {
    const xml::Name& name = tree.name(node);
    if (tree.kind(node) == NodeKind::namespace_node) {
        out.raw(name.local.empty() ? "xmlns" : "xmlns:");
        out.markup(name.local);
    } else {
        out.markup(qualified(name.prefix, name.local));
    }
    out.raw("=\"");
    out.characters(tree.string_value(node), kXmlAttribute);
    out.raw("\"");
}

}  // namespace clacks::xquery
