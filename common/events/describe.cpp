#include "common/events/describe.hpp"

#include <algorithm>
#include <limits>
#include <pugixml.hpp>
#include <xercesc/framework/psvi/XSAnnotation.hpp>
#include <xercesc/framework/psvi/XSComplexTypeDefinition.hpp>
#include <xercesc/framework/psvi/XSElementDeclaration.hpp>
#include <xercesc/framework/psvi/XSModelGroup.hpp>
#include <xercesc/framework/psvi/XSParticle.hpp>
#include <xercesc/framework/psvi/XSSimpleTypeDefinition.hpp>

#include "common/events/names.hpp"
#include "common/xml/xerces.hpp"

namespace clacks::events {

namespace {

using namespace xercesc;
using xml::to_utf8;

std::string with_single_spaces(std::string_view text) {
    std::string result;
    for (const char c : text) {
        const bool space = c == ' ' || c == '\n' || c == '\r' || c == '\t';
        if (!space) {
            result += c;
        } else if (!result.empty() && result.back() != ' ') {
            result += ' ';
        }
    }
    if (!result.empty() && result.back() == ' ') result.pop_back();
    return result;
}

// The annotation's own text is a well-formed document.
std::string documentation_of(const XSAnnotation* annotation) {
    if (!annotation) return "";
    pugi::xml_document document;
    const std::string text = to_utf8(annotation->getAnnotationString());
    if (!document.load_buffer(text.data(), text.size(), pugi::parse_default, pugi::encoding_utf8)) return "";
    std::string result;
    for (const pugi::xml_node& node : document.document_element().children()) {
        if (local_name(node.name()) != "documentation") continue;
        for (const pugi::xml_node& part : node.children()) result += part.value();
        result += ' ';
    }
    return with_single_spaces(result);
}

std::string documentation_of(XSAnnotationList* annotations) {
    return annotations && annotations->size() > 0 ? documentation_of(annotations->elementAt(0)) : "";
}

unsigned times(unsigned a, XMLSize_t b) {
    const auto product = static_cast<unsigned long long>(a) * b;
    return static_cast<unsigned>(std::min<unsigned long long>(product, std::numeric_limits<unsigned>::max()));
}

class Describer {
  public:
    ElementInfo element(XSElementDeclaration& declaration) {
        ElementInfo info;
        info.name = to_utf8(declaration.getName());
        info.documentation = documentation_of(declaration.getAnnotation());
        XSTypeDefinition* type = declaration.getTypeDefinition();
        if (!type) return info;
        if (!type->getAnonymous()) info.type = to_utf8(type->getName());
        if (type->getTypeCategory() == XSTypeDefinition::SIMPLE_TYPE) {
            simple(static_cast<XSSimpleTypeDefinition&>(*type), info);
        } else {
            complex(static_cast<XSComplexTypeDefinition&>(*type), info);
        }
        return info;
    }

  private:
    static void simple(XSSimpleTypeDefinition& type, ElementInfo& info) {
        if (info.documentation.empty()) info.documentation = documentation_of(type.getAnnotations());
        if (info.type.empty() && type.getBaseType()) info.type = to_utf8(type.getBaseType()->getName());
        if (StringList* values = type.getLexicalEnumeration()) {
            for (XMLSize_t i = 0; i < values->size(); ++i)
                info.enumeration.push_back(to_utf8(values->elementAt(i)));
        }
    }

    void complex(XSComplexTypeDefinition& type, ElementInfo& info) {
        if (info.documentation.empty()) info.documentation = documentation_of(type.getAnnotations());
        if (type.getContentType() == XSComplexTypeDefinition::CONTENTTYPE_SIMPLE && type.getSimpleType()) {
            simple(*type.getSimpleType(), info);
            return;
        }
        if (std::find(open_.begin(), open_.end(), &type) != open_.end()) return;
        open_.push_back(&type);
        if (type.getParticle()) particle(*type.getParticle(), 1, 1, info);
        open_.pop_back();
    }

    void particle(XSParticle& part, unsigned min, unsigned max, ElementInfo& parent) {
        min = times(min, part.getMinOccurs());
        max = part.getMaxOccursUnbounded() ? 0 : times(max, part.getMaxOccurs());
        if (part.getTermType() == XSParticle::TERM_ELEMENT) {
            parent.children.push_back(element(*part.getElementTerm()));
            parent.children.back().min_occurs = min;
            parent.children.back().max_occurs = max;
        } else if (part.getTermType() == XSParticle::TERM_MODELGROUP) {
            XSModelGroup& group = *part.getModelGroupTerm();
            XSParticleList* parts = group.getParticles();
            if (!parts) return;
            if (group.getCompositor() == XSModelGroup::COMPOSITOR_CHOICE && parts->size() > 1) min = 0;
            for (XMLSize_t i = 0; i < parts->size(); ++i) particle(*parts->elementAt(i), min, max, parent);
        }
    }

    std::vector<const XSTypeDefinition*> open_;
};

}  // namespace

ElementInfo describe(const XSElementDeclaration& element) {
    // xerces' getters are not const, though they change nothing.
    return Describer().element(const_cast<XSElementDeclaration&>(element));
}

}  // namespace clacks::events
