// The node constructors as operators (XQuery 3.1, 3.9). Each evaluation makes new nodes. Where the sink
// is content of a node that is being made, they build there (Sink::construction).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "common/xquery/plan/construction.hpp"
#include "common/xquery/plan/operator.hpp"

namespace clacks::xquery::plan {

// What a constructor takes from its place in the query.
struct ConstructorScope {
    std::span<const Binding> own;  // of direct constructors around it
    CopyModes modes;
    const StaticInfo* statics = nullptr;
    std::string_view default_element_namespace;
    bool nested = false;  // written within another direct element: made there, not copied
};

// A name that is written, or computed by `plan`.
struct NamePlan {
    QName name;
    Plan plan = nullptr;
};

// A run of characters of an attribute's value, or an enclosed expression.
struct ValuePart {
    std::string_view text;
    Plan plan = nullptr;
};

struct AttributePlan {
    QName name;
    std::span<const ValuePart> value;
};

// ``[text `{expr}` text]``: the items of an expression are joined by spaces (XQuery 3.1, 3.10).
class StringTemplate final : public Scalar {
  public:
    explicit StringTemplate(std::span<const ValuePart> parts);
    Single single(Frame& frame) const override;

  private:
    std::span<const ValuePart> parts_;
};

class Constructor : public Operator {
  public:
    bool push(Frame& frame, Sink& sink) const final;
    Value all(Frame& frame) const final;
    bool ebv(Frame& frame) const final;

  protected:
    explicit Constructor(const ConstructorScope& scope);
    ~Constructor() = default;
    // False: no node was made, as by text {()}.
    virtual bool build(Frame& frame, Construction& into) const = 0;
    ConstructorScope scope_;
};

// Direct and computed elements: written attributes and then content, each part of which is a sequence.
class ElementConstructor final : public Constructor {
  public:
    ElementConstructor(const ConstructorScope& scope, const NamePlan& name,
                       std::span<const AttributePlan> attributes, std::span<const Plan> content);

  private:
    bool build(Frame& frame, Construction& into) const override;
    NamePlan name_;
    std::span<const AttributePlan> attributes_;
    std::span<const Plan> content_;
};

class DocumentConstructor final : public Constructor {
  public:
    DocumentConstructor(const ConstructorScope& scope, Plan content);

  private:
    bool build(Frame& frame, Construction& into) const override;
    Plan content_;
};

// Nodes that hold text only.
class LeafConstructor final : public Constructor {
  public:
    enum class Form : std::uint8_t { attribute, text, comment, processing_instruction, namespace_node };
    LeafConstructor(const ConstructorScope& scope, Form form, const NamePlan& name, Plan content);

  private:
    bool build(Frame& frame, Construction& into) const override;
    void build_attribute(Frame& frame, Construction& into) const;
    void build_instruction(Frame& frame, Construction& into) const;
    void build_namespace(Frame& frame, Construction& into) const;
    // The prefix of a namespace or the target of a processing instruction.
    std::string_view ncname(Frame& frame) const;
    Form form_;
    NamePlan name_;
    Plan content_;
};

// Characters of a direct element's content.
class DirectText final : public Operator {
  public:
    explicit DirectText(std::string_view text);
    bool push(Frame& frame, Sink& sink) const override;

  private:
    std::string_view text_;
};

}  // namespace clacks::xquery::plan
