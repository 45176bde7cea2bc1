// Making nodes (XQuery 3.1, 3.9): content sequences, copies of nodes, and the namespaces of elements.
#pragma once

#include <cstdint>
#include <memory_resource>
#include <span>
#include <string_view>
#include <vector>

#include "common/xquery/functions/library.hpp"
#include "common/xquery/values/item.hpp"
#include "common/xquery/values/namespaces.hpp"

namespace clacks::xquery::plan {

// A prefix ("" for the default namespace) and its URI ("" for none).
struct Binding {
    std::string_view prefix;
    std::string_view uri;
};

// declare copy-namespaces
struct CopyModes {
    bool preserve = true;
    bool inherit = true;
};

// Builds one tree in the arena. An element's start tag is held until its first content, as attributes
// and namespace nodes may follow, and its prefixes are settled then (namespace fixup, 3.9.3.4).
// Nothing here recurses with the depth of nodes.
class Construction {
  public:
    Construction(CallContext& call, CopyModes modes);

    // Within another node the document goes and its children stay.
    void start_document();
    void end_document();
    // `own` are its namespaces apart from those that its names use and what it inherits; they and the
    // texts below must stay as they are until the tag is closed by content or the end.
    // Nested: a direct constructor in the content of another one, which inherits no more than it declares.
    void start_element(const QName& name, std::span<const Binding> own, bool nested);
    void end_element();
    // Only before other content (XQTY0024), in an element (XPTY0004).
    void attribute(const QName& name, std::string_view value);
    void namespace_node(std::string_view prefix, std::string_view uri);
    void text(std::string_view value);
    void comment(std::string_view value);
    void processing_instruction(std::string_view target, std::string_view value);
    // An item of a content sequence (3.9.1.3): nodes are copied, neighbouring atomic values joined.
    void add(const Item& item);
    // What follows neighbours nothing before: the end of an enclosed expression.
    void end_sequence() { after_atomic_ = false; }

    Item finish();

  private:
    struct OwnBinding {
        std::string_view prefix;
        std::string_view uri;
        bool used = false;  // by a name
        bool from_node = false;
    };
    struct Attribute {
        QName name;
        std::string_view value;
    };
    struct Open {
        std::size_t bindings;  // in scope before it
        bool document = false;
        bool keeps = true;  // bindings that no name uses
    };
    void begin_tag(const QName& name, bool inherits, bool keeps);
    void close_tag();
    void settle_element();
    void settle_attributes();
    std::string_view settle(std::string_view prefix, std::string_view uri, bool attribute);
    std::string_view fresh_prefix();
    OwnBinding* own(std::string_view prefix);
    std::string_view inherited(std::string_view prefix) const;
    void declare(std::string_view prefix, std::string_view uri);
    void hide_inherited();
    void before_content();
    void add_array(const ArrayItem& array);
    void add_atomic(const Item& item);
    void add_node(const Item& node);
    void copy(const xml::Tree& tree, xml::NodeIndex top);
    void own_of(const xml::Tree& tree, xml::NodeIndex element, bool top);

    CallContext& call_;
    CopyModes modes_;
    xml::TreeBuilder builder_;
    std::pmr::vector<Open> open_;
    std::pmr::vector<Binding> scope_;  // what the finished tags bind; the last of a prefix counts
    // The tag that is being held.
    bool held_ = false;
    bool inherits_ = true;
    bool keeps_ = true;  // bindings that no name uses
    QName name_;
    std::pmr::vector<OwnBinding> own_;
    std::pmr::vector<Attribute> attributes_;
    bool after_atomic_ = false;
};

}  // namespace clacks::xquery::plan
