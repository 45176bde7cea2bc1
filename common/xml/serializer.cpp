#include "common/xml/serializer.hpp"

#include <vector>

namespace clacks::xml {

namespace {

bool is_blank(std::string_view text) {
    return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

// Walks the subtree in document order without recursion, so that depth costs no stack.
class Writer {
  public:
    Writer(std::string& out, const Tree& tree, const SerializeOptions& options)
        : out_(out), tree_(tree), options_(options) {}

    void write(NodeIndex top) {
        const NodeIndex end = tree_[top].end;
        for (NodeIndex at = top; at < end;) {
            close_until(at);
            at = write_node(at, at == top);
        }
        close_until(kNoNode);
    }

  private:
    struct Open {
        NodeIndex element;
        std::size_t bindings;  // in scope before it
        bool indented;         // its children stand on lines of their own
    };
    struct Binding {
        std::string prefix, uri;
    };

    // Returns the node to go on with.
    NodeIndex write_node(NodeIndex at, bool top) {
        const NodeKind kind = tree_.kind(at);
        if (kind == NodeKind::document) return at + 1;
        if (kind == NodeKind::text && indents() && is_blank(tree_.string_value(at))) return at + 1;
        if (!top) new_line(open_.size());
        switch (kind) {
            case NodeKind::element:
                return start_element(at, top);
            case NodeKind::attribute:
                write_attribute(qualified(at), tree_.string_value(at));
                break;
            case NodeKind::text:
                append_escaped(out_, tree_.string_value(at), false);
                break;
            case NodeKind::comment:
                out_.append("<!--").append(tree_.string_value(at)).append("-->");
                break;
            case NodeKind::processing_instruction:
                write_instruction(at);
                break;
            case NodeKind::namespace_node:
                append_escaped(out_, tree_.string_value(at), false);
                break;
            case NodeKind::document:
                break;
        }
        return tree_[at].end;
    }

    void write_instruction(NodeIndex at) {
        out_.append("<?").append(tree_.name(at).local);
        if (tree_[at].length > 0) out_.append(" ").append(tree_.string_value(at));
        out_.append("?>");
    }

    NodeIndex start_element(NodeIndex at, bool top) {
        const std::size_t before = bindings_.size();
        const Name& name = tree_.name(at);
        out_.append("<").append(qualified(at));
        if (top) {
            declare_in_scope(at);
        } else {
            declare_own(at);
        }
        declare(name.prefix, name.uri);
        const NodeIndex first = tree_.first_child(at);
        for (NodeIndex a = at + 1; a < first; ++a) {
            const Name& attribute = tree_.name(a);
            if (!attribute.uri.empty()) declare(prefix_for(a), attribute.uri);
            out_.append(" ");
            write_attribute(qualified(a), tree_.string_value(a));
        }
        if (first == tree_[at].end) {
            out_.append("/>");
            bindings_.resize(before);
        } else {
            out_.append(">");
            open_.push_back(
                {at, before, options_.indent && (open_.empty() || indents()) && has_only_elements(at)});
        }
        return first;
    }

    void close_until(NodeIndex at) {
        while (!open_.empty() && tree_[open_.back().element].end <= at) {
            const Open element = open_.back();
            open_.pop_back();
            if (element.indented) break_line(open_.size());
            out_.append("</").append(qualified(element.element)).append(">");
            bindings_.resize(element.bindings);
        }
    }

    // Inside an element whose text is only white space between elements.
    bool has_only_elements(NodeIndex element) const {
        bool others = false;
        for (NodeIndex c = tree_.first_child(element); c < tree_[element].end; c = tree_[c].end) {
            if (tree_.kind(c) != NodeKind::text) {
                others = true;
            } else if (!is_blank(tree_.string_value(c))) {
                return false;
            }
        }
        return others;
    }

    bool indents() const { return options_.indent && !open_.empty() && open_.back().indented; }
    void new_line(std::size_t level) {
        if (indents() || (options_.indent && open_.empty() && !out_.empty())) break_line(level);
    }
    void break_line(std::size_t level) { out_.append("\n").append(2 * level, ' '); }

    // An attribute in a namespace needs a prefix, given or made up.
    std::string prefix_for(NodeIndex at) const {
        const Name& name = tree_.name(at);
        return name.prefix.empty() ? "ns" + std::to_string(tree_[at].name) : std::string(name.prefix);
    }
    std::string qualified(NodeIndex at) const {
        const Name& name = tree_.name(at);
        const bool attribute = tree_.kind(at) == NodeKind::attribute;
        const std::string prefix = attribute && !name.uri.empty() ? prefix_for(at) : std::string(name.prefix);
        return prefix.empty() ? std::string(name.local) : prefix + ":" + std::string(name.local);
    }

    void write_attribute(const std::string& name, std::string_view value) {
        out_.append(name).append("=\"");
        append_escaped(out_, value, true);
        out_.append("\"");
    }

    // The URI that the output binds to a prefix so far.
    std::string_view bound(std::string_view prefix) const {
        if (prefix == "xml") return "http://www.w3.org/XML/1998/namespace";
        for (auto b = bindings_.rbegin(); b != bindings_.rend(); ++b) {
            if (b->prefix == prefix) return b->uri;
        }
        return {};
    }
    void declare(std::string_view prefix, std::string_view uri) {
        if (bound(prefix) == uri) return;
        bindings_.push_back({std::string(prefix), std::string(uri)});
        out_.append(" ");
        write_attribute(prefix.empty() ? "xmlns" : "xmlns:" + std::string(prefix), uri);
    }
    void declare_own(NodeIndex element) {
        for (const NamespaceBinding& b : tree_.namespaces()) {
            if (b.element == element) declare(b.prefix, b.uri);
            if (b.element > element) break;
        }
    }
    // On the top element: its own declarations and what ancestors outside the output declared.
    void declare_in_scope(NodeIndex element) {
        for (const NamespaceBinding& b : tree_.namespaces()) {
            if (b.element <= element && tree_[b.element].end > element) override_binding(b);
        }
        for (const Binding& b : bindings_) {
            if (b.uri.empty()) continue;
            out_.append(" ");
            write_attribute(b.prefix.empty() ? "xmlns" : "xmlns:" + b.prefix, b.uri);
        }
    }
    void override_binding(const NamespaceBinding& binding) {
        for (Binding& b : bindings_) {
            if (std::string_view(b.prefix) == binding.prefix) {
                b.uri = binding.uri;
                return;
            }
        }
        bindings_.push_back({std::string(binding.prefix), std::string(binding.uri)});
    }

    std::string& out_;
    const Tree& tree_;
    const SerializeOptions& options_;
    std::vector<Open> open_;
    std::vector<Binding> bindings_;
};

}  // namespace

void append_escaped(std::string& out, std::string_view text, bool attribute) {
    for (const char c : text) {
        switch (c) {
            case '&':
                out.append("&amp;");
                break;
            case '<':
                out.append("&lt;");
                break;
            case '>':
                out.append("&gt;");
                break;
            case '\r':
                out.append("&#xD;");
                break;
            case '"':
                out.append(attribute ? "&quot;" : "\"");
                break;
            case '\t':
                out.append(attribute ? "&#x9;" : "\t");
                break;
            case '\n':
                out.append(attribute ? "&#xA;" : "\n");
                break;
            default:
                out.push_back(c);
        }
    }
}

std::string serialize(const Tree& tree, NodeIndex node, const SerializeOptions& options) {
    std::string out;
    if (node < tree.size()) Writer(out, tree, options).write(node);
    return out;
}

}  // namespace clacks::xml
