#include "common/events/shape.hpp"

#include <algorithm>
#include <utility>
#include <xercesc/framework/psvi/XSAttributeUse.hpp>
#include <xercesc/framework/psvi/XSComplexTypeDefinition.hpp>
#include <xercesc/framework/psvi/XSElementDeclaration.hpp>
#include <xercesc/framework/psvi/XSModel.hpp>
#include <xercesc/framework/psvi/XSModelGroup.hpp>
#include <xercesc/framework/psvi/XSParticle.hpp>
#include <xercesc/framework/psvi/XSSimpleTypeDefinition.hpp>

#include "common/events/event.hpp"
#include "common/events/schema_file.hpp"
#include "common/xml/xerces.hpp"

namespace clacks::events {

namespace {

using namespace xercesc;
using xml::to_utf8;

constexpr std::size_t kMaxShapes = 10'000;  // what is beyond stays opaque
constexpr std::size_t kMaxAll = 64;         // children of a group "all", each a bit of a number

// Built-in types of which the quick reader knows some values for sure.
struct BuiltIn {
    std::string_view name;
    Shape::Text text;
    std::size_t digits;  // that fit whatever they are
};
constexpr BuiltIn kBuiltIn[] = {
    {"string", Shape::Text::any, 0},
    {"boolean", Shape::Text::boolean, 0},
    {"integer", Shape::Text::whole, 18},
    {"long", Shape::Text::whole, 18},
    {"int", Shape::Text::whole, 9},
    {"nonNegativeInteger", Shape::Text::natural, 18},
    {"unsignedLong", Shape::Text::natural, 18},
    {"unsignedInt", Shape::Text::natural, 9},
    {"decimal", Shape::Text::real, 15},
    {"float", Shape::Text::real, 15},
    {"double", Shape::Text::real, 15},
};

bool is_built_in(XSTypeDefinition& type) {
    return !type.getAnonymous() && to_utf8(type.getNamespace()) == kSchemaNamespace;
}

// Attributes that need not be there and add nothing when they are not.
bool may_be_left_out(XSComplexTypeDefinition& type) {
    XSAttributeUseList* uses = type.getAttributeUses();
    for (XMLSize_t i = 0; uses && i < uses->size(); ++i) {
        const XSAttributeUse& use = *uses->elementAt(i);
        if (use.getRequired() || use.getConstraintType() != XSConstants::VALUE_CONSTRAINT_NONE) return false;
    }
    return true;
}

}  // namespace

Shapes::Shapes(XSModel& model) {
    const std::u16string uri(kNamespace.begin(), kNamespace.end());
    event_ = element(*model.getElementDeclaration(u"Event", uri.c_str()));
}

const Shape* Shapes::element(XSElementDeclaration& declaration) {
    if (const auto known = known_.find(&declaration); known != known_.end()) return known->second;
    Shape& shape = shapes_.emplace_back();
    known_[&declaration] = &shape;
    shape.name = to_utf8(declaration.getName());
    shape.hash = xml::name_hash(kNamespace, shape.name);
    XSTypeDefinition* type = declaration.getTypeDefinition();
    auto* constraints = declaration.getIdentityConstraints();
    if (!type || declaration.getAbstract() || (constraints && constraints->getLength() > 0) ||
        declaration.getConstraintType() != XSConstants::VALUE_CONSTRAINT_NONE || shapes_.size() > kMaxShapes)
        return &shape;
    if (type->getTypeCategory() == XSTypeDefinition::SIMPLE_TYPE)
        simple(static_cast<XSSimpleTypeDefinition&>(*type), shape);
    else
        complex(static_cast<XSComplexTypeDefinition&>(*type), shape);
    return &shape;
}

void Shapes::simple(XSSimpleTypeDefinition& type, Shape& shape) {
    if (is_built_in(type)) {
        const std::string name = to_utf8(type.getName());
        const auto* known = std::find_if(std::begin(kBuiltIn), std::end(kBuiltIn),
                                         [&](const auto& row) { return row.name == name; });
        if (known == std::end(kBuiltIn)) return;
        shape.text = known->text;
        shape.digits = known->digits;
        shape.content = Shape::Content::text;
        return;
    }
    // Else only listed strings, which are compared as they are.
    using Facets = XSSimpleTypeDefinition;
    XSTypeDefinition* base = type.getBaseType();
    if (!base || !is_built_in(*base) || to_utf8(base->getName()) != "string" ||
        (type.getDefinedFacets() & ~(Facets::FACET_ENUMERATION | Facets::FACET_WHITESPACE)) != 0)
        return;
    const std::string white_space = to_utf8(type.getLexicalFacetValue(Facets::FACET_WHITESPACE));
    if (!white_space.empty() && white_space != "preserve") return;
    StringList* values = type.getLexicalEnumeration();
    if (!values || values->size() == 0) return;
    for (XMLSize_t i = 0; i < values->size(); ++i) shape.listed.push_back(to_utf8(values->elementAt(i)));
    shape.text = Shape::Text::listed;
    shape.content = Shape::Content::text;
}

void Shapes::complex(XSComplexTypeDefinition& type, Shape& shape) {
    if (type.getAbstract() || !may_be_left_out(type)) return;
    switch (type.getContentType()) {
        case XSComplexTypeDefinition::CONTENTTYPE_EMPTY:
            shape.content = Shape::Content::empty;
            break;
        case XSComplexTypeDefinition::CONTENTTYPE_SIMPLE:
            if (type.getSimpleType()) simple(*type.getSimpleType(), shape);
            break;
        case XSComplexTypeDefinition::CONTENTTYPE_ELEMENT:
            if (type.getParticle()) particle(*type.getParticle(), shape);
            break;
        default:
            break;
    }
    if (shape.content == Shape::Content::opaque) shape.children.clear();
}

void Shapes::particle(XSParticle& part, Shape& shape) {
    if (part.getTermType() == XSParticle::TERM_ELEMENT) {
        if (child(part, shape)) shape.content = Shape::Content::sequence;
    } else if (part.getTermType() == XSParticle::TERM_MODELGROUP && part.getMinOccurs() == 1 &&
               part.getMaxOccurs() == 1 && !part.getMaxOccursUnbounded()) {
        group(*part.getModelGroupTerm(), shape);
    }
}

void Shapes::group(XSModelGroup& group, Shape& shape) {
    XSParticleList* parts = group.getParticles();
    if (!parts || parts->size() == 0) return;
    for (XMLSize_t i = 0; i < parts->size(); ++i) {
        if (!child(*parts->elementAt(i), shape)) return;
    }
    const auto& children = shape.children;
    const auto once = [](const Shape::Child& c) { return c.min == 1 && c.max == 1; };
    const auto at_most_once = [](const Shape::Child& c) { return c.max == 1; };
    switch (group.getCompositor()) {
        case XSModelGroup::COMPOSITOR_SEQUENCE:
            shape.content = Shape::Content::sequence;
            break;
        case XSModelGroup::COMPOSITOR_CHOICE:
            if (std::all_of(children.begin(), children.end(), once)) shape.content = Shape::Content::choice;
            break;
        default:
            if (children.size() <= kMaxAll && std::all_of(children.begin(), children.end(), at_most_once))
                shape.content = Shape::Content::all;
    }
}

// False for a particle that the quick reader cannot follow.
bool Shapes::child(XSParticle& part, Shape& parent) {
    if (part.getTermType() != XSParticle::TERM_ELEMENT) return false;
    XSElementDeclaration& declaration = *part.getElementTerm();
    if (to_utf8(declaration.getNamespace()) != kNamespace) return false;
    const bool unbounded = part.getMaxOccursUnbounded();
    if (!unbounded && part.getMaxOccurs() == 0) return false;
    parent.children.push_back({element(declaration), static_cast<std::uint32_t>(part.getMinOccurs()),
                               unbounded ? 0 : static_cast<std::uint32_t>(part.getMaxOccurs())});
    return true;
}

}  // namespace clacks::events
