#include "common/events/describe.hpp"

#include <algorithm>
#include <limits>
#include <pugixml.hpp>
#include <set>
#include <xercesc/framework/psvi/XSAnnotation.hpp>
#include <xercesc/framework/psvi/XSComplexTypeDefinition.hpp>
#include <xercesc/framework/psvi/XSElementDeclaration.hpp>
#include <xercesc/framework/psvi/XSModel.hpp>
#include <xercesc/framework/psvi/XSModelGroup.hpp>
#include <xercesc/framework/psvi/XSParticle.hpp>
#include <xercesc/framework/psvi/XSSimpleTypeDefinition.hpp>

#include "common/base/text.hpp"
#include "common/events/names.hpp"
#include "common/xml/xerces.hpp"

namespace clacks::events {

namespace {

using namespace xercesc;
using xml::to_utf8;

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
    return collapsed(result);
}

std::string documentation_of(XSAnnotationList* annotations) {
    return annotations && annotations->size() > 0 ? documentation_of(annotations->elementAt(0)) : "";
}

unsigned times(unsigned a, XMLSize_t b) {
    const auto product = static_cast<unsigned long long>(a) * b;
    return static_cast<unsigned>(std::min<unsigned long long>(product, std::numeric_limits<unsigned>::max()));
}

ElementInfo::Value value_of(XSSimpleTypeDefinition& type) {
    using Value = ElementInfo::Value;
    if (type.getVariety() != XSSimpleTypeDefinition::VARIETY_ATOMIC || !type.getPrimitiveType())
        return Value::other;
    const std::string primitive = to_utf8(type.getPrimitiveType()->getName());
    if (primitive == "string") return Value::text;
    if (primitive == "boolean") return Value::boolean;
    return primitive == "decimal" || primitive == "float" || primitive == "double" ? Value::number
                                                                                   : Value::other;
}

// Names of types that others are derived from, which xsi:type may name in their place; and of elements that
// are heads of substitution groups. By name, as xerces has several objects for one type.
class Replaceable {
  public:
    explicit Replaceable(XSModel& model) {
        each<XSTypeDefinition>(model, XSConstants::TYPE_DEFINITION, [&](XSTypeDefinition& type) {
            if (type.getTypeCategory() != XSTypeDefinition::COMPLEX_TYPE) return;
            XSTypeDefinition* base = type.getBaseType();
            while (base && types_.insert(to_utf8(base->getName())).second) base = base->getBaseType();
        });
        each<XSElementDeclaration>(model, XSConstants::ELEMENT_DECLARATION, [&](XSElementDeclaration& one) {
            XSElementDeclaration* head = one.getSubstitutionGroupAffiliation();
            for (; head; head = head->getSubstitutionGroupAffiliation())
                elements_.insert(to_utf8(head->getName()));
        });
    }
    bool type(XSTypeDefinition& type) const {
        return !type.getAnonymous() && types_.contains(to_utf8(type.getName()));
    }
    bool element(const std::string& name) const { return elements_.contains(name); }

  private:
    template <class Component, class Visit>
    void each(XSModel& model, XSConstants::COMPONENT_TYPE kind, Visit visit) {
        XSNamedMap<XSObject>* components = model.getComponents(kind);
        for (XMLSize_t i = 0; components && i < components->getLength(); ++i)
            visit(static_cast<Component&>(*components->item(i)));
    }

    std::set<std::string> types_;
    std::set<std::string> elements_;
};

class Describer {
  public:
    explicit Describer(XSModel& model) : replaceable_(model) {}

    ElementInfo element(XSElementDeclaration& declaration) {
        ElementInfo info;
        info.name = to_utf8(declaration.getName());
        const XMLCh* uri = declaration.getNamespace();
        info.qualified = uri != nullptr && *uri != 0;
        info.replaceable = replaceable_.element(info.name);
        info.documentation = documentation_of(declaration.getAnnotation());
        XSTypeDefinition* type = declaration.getTypeDefinition();
        if (!type) {
            info.open = true;
            return info;
        }
        if (!type->getAnonymous()) info.type = to_utf8(type->getName());
        if (type->getTypeCategory() == XSTypeDefinition::SIMPLE_TYPE) {
            simple(static_cast<XSSimpleTypeDefinition&>(*type), info);
        } else {
            complex(static_cast<XSComplexTypeDefinition&>(*type), info);
        }
        // Nothing may stand for a value there.
        if (declaration.getNillable() ||
            declaration.getConstraintType() != XSConstants::VALUE_CONSTRAINT_NONE)
            info.value = ElementInfo::Value::other;
        return info;
    }

  private:
    static void simple(XSSimpleTypeDefinition& type, ElementInfo& info) {
        if (info.documentation.empty()) info.documentation = documentation_of(type.getAnnotations());
        if (info.type.empty() && type.getBaseType()) info.type = to_utf8(type.getBaseType()->getName());
        info.value = value_of(type);
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
        const bool within_itself = std::find(open_.begin(), open_.end(), &type) != open_.end();
        if (within_itself || replaceable_.type(type)) info.open = true;
        if (within_itself) return;
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
        } else {
            parent.open = true;
        }
    }

    const Replaceable replaceable_;
    std::vector<const XSTypeDefinition*> open_;
};

}  // namespace

ElementInfo describe(const XSElementDeclaration& element, XSModel& model) {
    // xerces' getters are not const, though they change nothing.
    return Describer(model).element(const_cast<XSElementDeclaration&>(element));
}

}  // namespace clacks::events
