#include "common/cli/document.hpp"

#include "common/base/text.hpp"
#include "common/xml/parser.hpp"
#include "common/xml/serializer.hpp"

namespace clacks::cli {

namespace {

using xml::NodeIndex;
using xml::NodeKind;

// What the agent took may be shown, whatever its own limits are.
constexpr xml::ParseLimits kLimits{64 * 1024 * 1024, 1000, 100000};

bool is_blank(std::string_view text) {
    return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

bool has_elements_and_blanks_only(const xml::Tree& tree, NodeIndex element) {
    bool elements = false;
    for (NodeIndex c = tree.first_child(element); c < tree[element].end; c = tree[c].end) {
        if (tree.kind(c) == NodeKind::element) elements = true;
        if (tree.kind(c) == NodeKind::text && !is_blank(tree.string_value(c))) return false;
    }
    return elements;
}

// Copies a tree but for the white space between elements.
class Stripper {
  public:
    explicit Stripper(const xml::Tree& tree) : tree_(tree) {}

    xml::Tree strip() {
        builder_.start_document();
        children(0);
        builder_.end_document();
        return builder_.finish();
    }

  private:
    // As deep as the parser allows.
    void children(NodeIndex parent) {
        const bool between =
            tree_.kind(parent) == NodeKind::element && has_elements_and_blanks_only(tree_, parent);
        for (NodeIndex c = tree_.first_child(parent); c < tree_[parent].end; c = tree_[c].end)
            if (!(between && tree_.kind(c) == NodeKind::text)) node(c);
    }

    void node(NodeIndex n) {
        switch (tree_.kind(n)) {
            case NodeKind::element:
                return element(n);
            case NodeKind::text:
                return builder_.text(tree_.string_value(n));
            case NodeKind::comment:
                return builder_.comment(tree_.string_value(n));
            case NodeKind::processing_instruction:
                return builder_.processing_instruction(tree_.name(n).local, tree_.string_value(n));
            default:
                return;
        }
    }

    void element(NodeIndex n) {
        builder_.start_element(tree_.name(n).view());
        for (const auto& binding : tree_.namespaces())
            if (binding.element == n) builder_.namespace_binding(binding.prefix, binding.uri);
        const NodeIndex first = tree_.first_child(n);
        for (NodeIndex a = n + 1; a < first; ++a)
            builder_.attribute(tree_.name(a).view(), tree_.string_value(a));
        children(n);
        builder_.end_element();
    }

    const xml::Tree& tree_;
    xml::TreeBuilder builder_;
};

// U+007F to U+009F; the others below U+0020 are no XML characters.
std::string without_controls(const std::string& text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0u;
        if (c == 0x7F) {
            result += "&#x7F;";
        } else if (c == 0xC2 && next >= 0x80 && next <= 0x9F) {
            static constexpr char kDigits[] = "0123456789ABCDEF";
            result += std::string("&#x") + kDigits[next >> 4] + kDigits[next & 15] + ";";
            ++i;
        } else {
            result += text[i];
        }
    }
    return result;
}

std::string with_colours(const std::string& text) {
    std::string result;
    for (const char c : text) {
        if (c == '<') result += "\x1b[36m";
        result += c;
        if (c == '>') result += "\x1b[0m";
    }
    return result;
}

}  // namespace

std::string document_line(std::string_view document) {
    const auto tree = xml::parse(document, kLimits);
    std::string line = tree ? xml::serialize(Stripper(**tree).strip()) : std::string(document);
    for (std::size_t at = line.find('\n'); at != std::string::npos; at = line.find('\n', at))
        line.replace(at, 1, "&#xA;");
    return line;
}

std::string document_pretty(std::string_view document, bool coloured) {
    const auto tree = xml::parse(document, kLimits);
    if (!tree) return one_line(document, document.size());
    const std::string text = without_controls(xml::serialize(Stripper(**tree).strip(), 0, {true}));
    return coloured ? with_colours(text) : text;
}

}  // namespace clacks::cli
