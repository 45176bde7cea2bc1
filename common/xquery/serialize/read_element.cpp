// A parameter document: an element output:serialization-parameters (Serialization 3.1, 3.1 and appendix B).
#include <algorithm>

#include "common/base/text.hpp"
#include "common/xml/characters.hpp"
#include "common/xquery/serialize/settings.hpp"
#include "common/xquery/values/error.hpp"

namespace clacks::xquery {

namespace {

using xml::NodeIndex;
using xml::NodeKind;

class ElementReader {
  public:
    ElementReader(SerializationParameters& to, const xml::Tree& tree) : to_(to), tree_(tree) {}

    void read(NodeIndex root) {
        if (!is_output(root, "serialization-parameters"))
            fail(Code::XPTY0004, "the parameters are not in an element output:serialization-parameters",
                 "put it in the namespace " + std::string(kOutputNamespace));
        refuse_attributes(root, {});
        for_children(root, [&](NodeIndex child) { parameter(child); });
    }

  private:
    [[noreturn]] void invalid(const std::string& what) const {
        fail(Code::SEPM0017, "the serialization parameters are not valid: " + what);
    }

    bool is_output(NodeIndex node, std::string_view local) const {
        return tree_.kind(node) == NodeKind::element && tree_.name(node).uri == kOutputNamespace &&
               tree_.name(node).local == local;
    }

    // Attributes in no namespace but those named; others are extensions.
    void refuse_attributes(NodeIndex element, std::initializer_list<std::string_view> known) const {
        for (NodeIndex a = element + 1; a < tree_.first_child(element); ++a) {
            const xml::Name& name = tree_.name(a);
            const bool ours = name.uri.empty() || name.uri == kOutputNamespace;
            const bool expected = name.uri.empty() && std::find(known.begin(), known.end(),
                                                                std::string_view(name.local)) != known.end();
            if (ours && !expected) invalid("there is an attribute '" + std::string(name.local) + "'");
        }
    }

    template <class Visit>
    void for_children(NodeIndex element, Visit visit) const {
        for (NodeIndex c = tree_.first_child(element); c < tree_[element].end; c = tree_[c].end) {
            if (tree_.kind(c) == NodeKind::text && !xml::trim(tree_.string_value(c)).empty())
                invalid("there is text between the parameters");
            if (tree_.kind(c) == NodeKind::element) visit(c);
        }
    }

    std::string_view attribute(NodeIndex element, std::string_view local) const {
        for (NodeIndex a = element + 1; a < tree_.first_child(element); ++a) {
            if (tree_.name(a).local == local && tree_.name(a).uri.empty()) return tree_.string_value(a);
        }
        invalid("'" + std::string(tree_.name(element).local) + "' lacks the attribute '" +
                std::string(local) + "'");
    }

    void parameter(NodeIndex element) {
        const xml::Name& name = tree_.name(element);
        for (const xml::NameView& other : seen_) {
            if (other == name.view())
                fail(Code::SEPM0019, "the parameter '" + std::string(name.local) + "' is given twice");
        }
        seen_.push_back(name.view());
        if (name.uri.empty()) invalid("'" + std::string(name.local) + "' is in no namespace");
        if (name.uri != kOutputNamespace) return;  // an extension
        if (name.local == "use-character-maps") return character_maps(element);
        if (!is_parameter(name.local)) invalid("there is no parameter '" + std::string(name.local) + "'");
        refuse_attributes(element, {"value"});
        for_children(element, [&](NodeIndex) { invalid("a parameter holds an element"); });
        const auto prefixes = [&](std::string_view prefix) -> std::optional<std::string> {
            const std::string_view uri = tree_.namespace_for(element, prefix);
            if (uri.empty() && !prefix.empty()) return std::nullopt;
            return std::string(uri);
        };
        try {
            set_parameter(to_, name.local, attribute(element, "value"), prefixes);
        } catch (Error& error) {
            if (error.code == Code::SEPM0016) error.code = Code::SEPM0017;
            error.name.clear();
            throw;
        }
    }

    void character_maps(NodeIndex element) {
        refuse_attributes(element, {});
        for_children(element, [&](NodeIndex child) {
            if (!is_output(child, "character-map")) invalid("a character map holds another element");
            refuse_attributes(child, {"character", "map-string"});
            const std::string_view character = attribute(child, "character");
            const xml::CodePoint point =
                character.empty() ? xml::CodePoint{} : xml::code_point_at(character, 0);
            if (character.empty() || point.bytes != character.size())
                invalid("'" + one_line(character, 40) + "' is not one character");
            map_character(to_, point.value, attribute(child, "map-string"));
        });
    }

    SerializationParameters& to_;
    const xml::Tree& tree_;
    std::vector<xml::NameView> seen_;
};

}  // namespace

void read_parameters(SerializationParameters& to, const xml::Tree& tree, NodeIndex element) {
    ElementReader(to, tree).read(element);
}

}  // namespace clacks::xquery
