#include "common/events/explain.hpp"

#include <algorithm>
#include <pugixml.hpp>
#include <xercesc/framework/psvi/XSAttributeDeclaration.hpp>
#include <xercesc/framework/psvi/XSAttributeUse.hpp>
#include <xercesc/framework/psvi/XSComplexTypeDefinition.hpp>
#include <xercesc/framework/psvi/XSElementDeclaration.hpp>
#include <xercesc/framework/psvi/XSModel.hpp>
#include <xercesc/framework/psvi/XSSimpleTypeDefinition.hpp>
#include <xercesc/util/XMLString.hpp>

#include "common/base/text.hpp"
#include "common/events/content_model.hpp"
#include "common/events/event.hpp"
#include "common/events/names.hpp"
#include "common/events/schema_file.hpp"
#include "common/xml/prolog.hpp"
#include "common/xml/xerces.hpp"

namespace clacks::events {

namespace {

using namespace xercesc;
using xml::to_utf8;

constexpr std::string_view kInstanceNamespace = "http://www.w3.org/2001/XMLSchema-instance";
constexpr std::string_view kSpace = " \t\r\n";

std::string in_quotes(std::string_view text) {
    return "'" + one_line(text, 60) + "'";
}

std::string one_of(const std::vector<std::string>& names) {
    if (names.size() == 1) return names.front();
    std::string result = "one of ";
    for (const std::string& name : names) result += (&name == &names.front() ? "" : ", ") + name;
    return result;
}

std::string did_you_mean(std::string_view wanted, const std::vector<std::string>& names) {
    const std::string near = nearest(wanted, names);
    return near.empty() ? "" : "did you mean '" + near + "'?";
}

std::string with_article(const std::string& noun) {
    const bool vowel = std::string_view("aeiouAEIOU").find(noun.front()) != std::string_view::npos;
    return (vowel && noun.substr(0, 3) != "uns" ? "an " : "a ") + noun;
}

bool is_element(pugi::xml_node node) {
    return node.type() == pugi::node_element;
}

// The first run of text in an element that is not white space, or null.
pugi::xml_node stray_text(pugi::xml_node element) {
    return element.find_child([](pugi::xml_node child) {
        const bool text = child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata;
        return text && std::string_view(child.value()).find_first_not_of(kSpace) != std::string_view::npos;
    });
}

std::string text_of(pugi::xml_node element) {
    std::string result;
    for (const pugi::xml_node& child : element.children()) {
        if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) result += child.value();
    }
    const std::size_t first = result.find_first_not_of(kSpace);
    if (first == std::string::npos) return "";
    return result.substr(first, result.find_last_not_of(kSpace) - first + 1);
}

// /Event/NodeCapabilities/NodeMethod[2]/Type
std::string path_of(pugi::xml_node element) {
    std::string result;
    for (; is_element(element); element = element.parent()) {
        std::size_t before = 0;
        std::size_t same = 0;
        bool passed = false;
        for (const pugi::xml_node& sibling : element.parent().children()) {
            passed = passed || sibling == element;
            if (!is_element(sibling) || std::string_view(sibling.name()) != element.name()) continue;
            ++same;
            if (!passed) ++before;
        }
        std::string step = "/" + one_line(local_name(element.name()), 60);
        if (same > 1) step += "[" + std::to_string(before + 1) + "]";
        result.insert(0, step);
    }
    return result;
}

// The element that was open, innermost, when the fault was found.
pugi::xml_node faulty(const pugi::xml_node& document, const xml::ReadFault& fault) {
    pugi::xml_node found;
    std::size_t seen = 0;
    std::size_t depth = 0;
    pugi::xml_node at = document;
    while (at) {
        if (is_element(at)) {
            if (++seen > fault.elements) break;
            if (depth == fault.depth) found = at;
        }
        if (at.first_child()) {
            at = at.first_child();
            ++depth;
            continue;
        }
        while (at && !at.next_sibling()) {
            at = at.parent();
            if (depth > 0) --depth;
        }
        if (at) at = at.next_sibling();
    }
    return found;
}

class Explainer {
  public:
    Explainer(std::string_view text, pugi::xml_document& document, const std::optional<xml::ReadFault>& fault,
              XSModel& model, const std::vector<std::string>& names)
        : text_(text), document_(document), fault_(fault), model_(model), names_(names) {
        if (fault) faulty_ = faulty(document, *fault);
    }

    Diagnostic run() {
        if (auto problem = envelope()) return *problem;
        const pugi::xml_node event = child_elements(document_.document_element()).front();
        if (auto problem = element(event, *declaration_of(event))) return *problem;
        return by_xerces();
    }

  private:
    using Found = std::optional<Diagnostic>;

    Diagnostic at(pugi::xml_node element, std::string code, std::string message, std::string expected,
                  std::string hint = "") const {
        Diagnostic result;
        result.code = std::move(code);
        result.message = std::move(message);
        result.expected = std::move(expected);
        result.hint = std::move(hint);
        result.path = path_of(element);
        const auto offset = static_cast<std::size_t>(std::max<std::ptrdiff_t>(element.offset_debug() - 1, 0));
        const Position position = position_of(text_, offset);
        result.line = static_cast<std::uint32_t>(position.line);
        result.column = static_cast<std::uint32_t>(position.column);
        return result;
    }

    static std::vector<pugi::xml_node> child_elements(pugi::xml_node parent) {
        std::vector<pugi::xml_node> result;
        for (const pugi::xml_node& child : parent.children()) {
            if (is_element(child)) result.push_back(child);
        }
        return result;
    }

    Diagnostic wrong_namespace(pugi::xml_node element) const {
        const std::string_view uri = namespace_of(element);
        return at(element, "event-namespace",
                  in_quotes(local_name(element.name())) + " is in " +
                      (uri.empty() ? "no namespace" : "the namespace " + in_quotes(uri)),
                  "the namespace " + std::string(kNamespace),
                  "write <Event xmlns=\"" + std::string(kNamespace) + "\">");
    }

    XSElementDeclaration* declaration_of(pugi::xml_node event) const {
        const std::string name(local_name(event.name()));
        std::u16string uri(kNamespace.begin(), kNamespace.end());
        XMLCh* local = XMLString::transcode(name.c_str());
        XSElementDeclaration* result = model_.getElementDeclaration(local, uri.c_str());
        XMLString::release(&local);
        return result;
    }

    // Event itself, up to the name of its one child.
    Found envelope() const {
        const pugi::xml_node root = document_.document_element();
        if (namespace_of(root) != kNamespace) return wrong_namespace(root);
        if (local_name(root.name()) != "Event")
            return at(root, "event-invalid",
                      "the root element is " + in_quotes(local_name(root.name())) + ", not 'Event'", "Event",
                      "put the event into an Event element");
        if (auto problem = no_attributes(root)) return problem;
        if (stray_text(root)) return at(root, "event-invalid", "text is not allowed in 'Event'", "one event");
        const auto children = child_elements(root);
        if (children.size() != 1)
            return at(children.empty() ? root : children[1], "event-count",
                      "Event holds " + std::to_string(children.size()) + " events", "exactly one event",
                      children.empty() ? "put an event into it" : "send each event in a document of its own");
        const pugi::xml_node event = children.front();
        if (namespace_of(event) != kNamespace) return wrong_namespace(event);
        const std::string_view name = local_name(event.name());
        if (std::find(names_.begin(), names_.end(), name) != names_.end() && declaration_of(event))
            return std::nullopt;
        const std::string near = did_you_mean(name, names_);
        return at(event, "event-unknown", "the event " + in_quotes(name) + " is not in the catalogue",
                  one_of(names_),
                  near.empty() ? "see the list of events, or add its XSD to the events folder" : near);
    }

    static bool is_plumbing(pugi::xml_node element, std::string_view name) {
        return name == "xmlns" || prefix_of(name) == "xmlns" ||
               (!prefix_of(name).empty() && namespace_of(element, prefix_of(name)) == kInstanceNamespace);
    }

    Found no_attributes(pugi::xml_node element) const {
        for (const pugi::xml_attribute& attribute : element.attributes()) {
            if (!is_plumbing(element, attribute.name()))
                return at(element, "event-invalid",
                          "the attribute " + in_quotes(attribute.name()) + " is not allowed here",
                          "no attribute");
        }
        return std::nullopt;
    }

    Found element(pugi::xml_node node, XSElementDeclaration& declaration) const {
        XSTypeDefinition* type = declaration.getTypeDefinition();
        // An instance that names its type, or none, is left to xerces' words.
        if (!type || has_instance_attribute(node)) return std::nullopt;
        if (type->getTypeCategory() == XSTypeDefinition::SIMPLE_TYPE) {
            if (auto problem = no_attributes(node)) return problem;
            return value(node, static_cast<XSSimpleTypeDefinition&>(*type));
        }
        auto& complex = static_cast<XSComplexTypeDefinition&>(*type);
        if (auto problem = attributes(node, complex)) return problem;
        switch (complex.getContentType()) {
            case XSComplexTypeDefinition::CONTENTTYPE_SIMPLE:
                return complex.getSimpleType() ? value(node, *complex.getSimpleType()) : std::nullopt;
            case XSComplexTypeDefinition::CONTENTTYPE_EMPTY:
                return empty(node);
            case XSComplexTypeDefinition::CONTENTTYPE_ELEMENT:
                if (auto problem = content(node, complex)) return problem;
                if (stray_text(node))
                    return at(node, "event-invalid",
                              "text is not allowed in " + in_quotes(local_name(node.name())),
                              "elements only");
                return std::nullopt;
            default:
                return content(node, complex);
        }
    }

    static bool has_instance_attribute(pugi::xml_node node) {
        return std::any_of(node.attributes_begin(), node.attributes_end(),
                           [&](const pugi::xml_attribute& attribute) {
                               const std::string_view name = attribute.name();
                               const bool decides = local_name(name) == "type" || local_name(name) == "nil";
                               return decides && !prefix_of(name).empty() &&
                                      namespace_of(node, prefix_of(name)) == kInstanceNamespace;
                           });
    }

    Found attributes(pugi::xml_node node, XSComplexTypeDefinition& type) const {
        std::vector<std::string> known;
        XSAttributeUseList* uses = type.getAttributeUses();
        for (XMLSize_t i = 0; uses && i < uses->size(); ++i) {
            known.push_back(to_utf8(uses->elementAt(i)->getAttrDeclaration()->getName()));
            const bool given = std::any_of(node.attributes_begin(), node.attributes_end(),
                                           [&](auto& a) { return local_name(a.name()) == known.back(); });
            if (uses->elementAt(i)->getRequired() && !given)
                return at(node, "event-invalid", "the attribute " + in_quotes(known.back()) + " is missing",
                          known.back());
        }
        if (type.getAttributeWildcard()) return std::nullopt;
        for (const pugi::xml_attribute& attribute : node.attributes()) {
            const std::string_view name = local_name(attribute.name());
            if (is_plumbing(node, attribute.name()) ||
                std::find(known.begin(), known.end(), name) != known.end())
                continue;
            return at(node, "event-invalid",
                      "the attribute " + in_quotes(attribute.name()) + " is not allowed here",
                      known.empty() ? "no attribute" : one_of(known), did_you_mean(name, known));
        }
        return std::nullopt;
    }

    Found empty(pugi::xml_node node) const {
        const auto children = child_elements(node);
        if (children.empty() && !stray_text(node)) return std::nullopt;
        return at(children.empty() ? node : children.front(), "event-invalid",
                  in_quotes(local_name(node.name())) + " must be empty", "nothing");
    }

    Found content(pugi::xml_node node, XSComplexTypeDefinition& type) const {
        XSParticle* particle = type.getParticle();
        if (!particle) return empty(node);
        const auto nodes = child_elements(node);
        std::vector<Child> children;
        children.reserve(nodes.size());
        for (const pugi::xml_node& child : nodes)
            children.push_back({namespace_of(child), local_name(child.name())});
        const ContentMatch match = match_content(children, *particle);
        for (std::size_t i = 0; i < match.declarations.size(); ++i) {  // what stands earlier is told first
            if (!match.declarations[i]) continue;
            if (auto problem = element(nodes[i], *match.declarations[i])) return problem;
        }
        if (match.fits) return std::nullopt;
        return match.at == nodes.size() ? missing(node, match) : unexpected(node, nodes[match.at], match);
    }

    Diagnostic missing(pugi::xml_node node, const ContentMatch& match) const {
        const std::string what = match.expected.empty() ? "an element" : one_of(match.expected);
        const bool single = match.expected.size() == 1;
        return at(node, "event-invalid",
                  in_quotes(local_name(node.name())) + " lacks " +
                      (single ? "the element " + in_quotes(what) : what),
                  what, single ? "add it" : "");
    }

    Diagnostic unexpected(pugi::xml_node node, pugi::xml_node child, const ContentMatch& match) const {
        const std::string name(local_name(child.name()));
        const bool known =
            std::find(match.expected.begin(), match.expected.end(), name) != match.expected.end();
        if (known && namespace_of(child) != kNamespace) return wrong_namespace(child);
        const std::string expected = match.expected.empty()
                                         ? "the end of " + std::string(local_name(node.name()))
                                         : one_of(match.expected);
        return at(child, "event-invalid", "the element " + in_quotes(name) + " is not allowed here", expected,
                  did_you_mean(name, match.expected));
    }

    Found value(pugi::xml_node node, XSSimpleTypeDefinition& type) const {
        if (const auto children = child_elements(node); !children.empty())
            return at(children.front(), "event-invalid",
                      in_quotes(local_name(node.name())) + " holds text, not elements", type_name(type));
        if (node != faulty_) return std::nullopt;
        std::vector<std::string> values;
        if (StringList* list = type.getLexicalEnumeration()) {
            for (XMLSize_t i = 0; i < list->size(); ++i) values.push_back(to_utf8(list->elementAt(i)));
        }
        const std::string text = text_of(node);
        if (!values.empty())
            return at(node, "event-invalid",
                      in_quotes(text) + " is not one of the values of " + type_name(type), one_of(values),
                      did_you_mean(text, values));
        const std::string name = type_name(type);
        const bool builtin = to_utf8(type.getNamespace()) == kSchemaNamespace;
        return at(node, "event-invalid",
                  in_quotes(text) + " is not " + with_article(name) + (builtin ? "" : ": " + fault_->message),
                  name);
    }

    static std::string type_name(XSSimpleTypeDefinition& type) {
        XSTypeDefinition* named = &type;
        while (named->getAnonymous() && named->getBaseType() && named->getBaseType() != named)
            named = named->getBaseType();
        return to_utf8(named->getName());
    }

    // What only xerces can tell: attributes' values, identity constraints, xsi:type.
    Diagnostic by_xerces() const {
        const pugi::xml_node node = faulty_ ? faulty_ : document_.document_element();
        Diagnostic result =
            at(node, "event-invalid", fault_ ? one_line(fault_->message, 300) : "the event is not valid", "");
        if (fault_) {
            result.line = fault_->line;
            result.column = fault_->column;
        }
        return result;
    }

    std::string_view text_;
    pugi::xml_document& document_;
    const std::optional<xml::ReadFault>& fault_;
    XSModel& model_;
    const std::vector<std::string>& names_;
    pugi::xml_node faulty_;
};

}  // namespace

Diagnostic explain(std::string_view bytes, const std::optional<xml::ReadFault>& fault, XSModel& model,
                   const std::vector<std::string>& names, const xml::ParseLimits& limits) {
    // A document may be both invalid and, further on, malformed; the latter has to be mended first.
    if (auto parsed = xml::parse(bytes, limits); !parsed) return parsed.error();
    const std::string_view text = xml::without_bom(bytes);
    pugi::xml_document document;
    if (!document.load_buffer(text.data(), text.size(), pugi::parse_default, pugi::encoding_utf8)) {
        Diagnostic result;
        result.code = "event-invalid";
        result.message = fault ? fault->message : "the event is not valid";
        return result;
    }
    return Explainer(text, document, fault, model, names).run();
}

}  // namespace clacks::events
