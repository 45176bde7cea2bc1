// The compiled schema in a form that can be followed while an event is read: what may stand inside each
// element. It holds the part of XML Schema that events are usually written in; an element that uses more
// is opaque, and documents with it are left to xerces-c.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>
#include <xercesc/util/XercesDefs.hpp>

namespace xercesc = XERCES_CPP_NAMESPACE;
XERCES_CPP_NAMESPACE_BEGIN
class XSComplexTypeDefinition;
class XSElementDeclaration;
class XSModel;
class XSModelGroup;
class XSParticle;
class XSSimpleTypeDefinition;
XERCES_CPP_NAMESPACE_END

namespace clacks::events {

struct Shape {
    enum class Content { opaque, empty, text, all, sequence, choice };
    // What a text must be. Values are listed, or of a built-in type.
    enum class Text { any, listed, boolean, whole, natural, real };
    struct Child {
        const Shape* shape;
        std::uint32_t min, max;  // max 0 means unbounded
    };

    std::string name;        // in the events namespace
    std::uint64_t hash = 0;  // its xml::name_hash
    Content content = Content::opaque;
    Text text = Text::any;
    std::size_t digits = 0;  // of a number, before the point and behind it
    std::vector<std::string> listed;
    std::vector<Child> children;
};

// The shapes of one model, which is needed only to make them.
class Shapes {
  public:
    explicit Shapes(xercesc::XSModel& model);
    const Shape& event() const { return *event_; }

  private:
    const Shape* element(xercesc::XSElementDeclaration& declaration);
    void complex(xercesc::XSComplexTypeDefinition& type, Shape& shape);
    void simple(xercesc::XSSimpleTypeDefinition& type, Shape& shape);
    void particle(xercesc::XSParticle& part, Shape& shape);
    void group(xercesc::XSModelGroup& group, Shape& shape);
    bool child(xercesc::XSParticle& part, Shape& parent);

    std::deque<Shape> shapes_;  // children point into it
    std::map<const xercesc::XSElementDeclaration*, const Shape*> known_;
    const Shape* event_ = nullptr;
};

}  // namespace clacks::events
