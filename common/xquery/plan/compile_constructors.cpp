// Node constructors.
#include <algorithm>

#include "common/base/text.hpp"
#include "common/xquery/plan/compiler.hpp"
#include "common/xquery/values/namespaces.hpp"

namespace clacks::xquery::plan {

namespace {

using syntax::ExprKind;

LeafConstructor::Form leaf_form(ExprKind kind) {
    switch (kind) {
        case ExprKind::computed_attribute:
            return LeafConstructor::Form::attribute;
        case ExprKind::computed_namespace:
            return LeafConstructor::Form::namespace_node;
        case ExprKind::computed_processing_instruction:
            return LeafConstructor::Form::processing_instruction;
        case ExprKind::computed_text:
            return LeafConstructor::Form::text;
        default:
            return LeafConstructor::Form::comment;
    }
}

void check_declaration(const syntax::NamespaceAttribute& declared) {
    const bool wrong = declared.prefix == "xmlns" || declared.uri == kXmlnsNamespace ||
                       (declared.prefix == "xml") != (declared.uri == kXmlNamespace);
    if (wrong)
        Compiler::fail_at(declared.span, Code::XQST0070,
                          "the prefixes xml and xmlns and their namespaces cannot be declared");
}

}  // namespace

// The namespaces that a direct element declares, for as long as it is compiled.
class Compiler::DirectNamespaces {
  public:
    DirectNamespaces(Compiler& compiler, syntax::List<syntax::NamespaceAttribute> declared)
        : compiler_(compiler),
          size_(compiler.module_.namespaces.size()),
          default_(compiler.default_element_namespace_),
          all_(compiler.direct_namespaces_),
          statics_(compiler.direct_statics_) {
        if (declared.empty()) return;
        for (const syntax::NamespaceAttribute& one : declared) check_declaration(one);
        std::vector<Binding> bindings;
        for (const syntax::NamespaceAttribute& one : declared) {
            if (one.prefix == "xml") continue;  // always in scope
            bindings.push_back({compiler.keep(one.prefix), compiler.keep(one.uri)});
            if (one.prefix.empty()) compiler.default_element_namespace_ = bindings.back().uri;
            compiler.module_.namespaces.emplace_back(bindings.back().prefix, bindings.back().uri);
        }
        for (const Binding& outer : all_) {
            const bool hidden = std::any_of(bindings.begin(), bindings.end(),
                                            [&](const Binding& b) { return b.prefix == outer.prefix; });
            if (!hidden) bindings.push_back(outer);
        }
        compiler.direct_namespaces_ = compiler.keep(bindings);
        compiler.direct_statics_ = nullptr;
    }
    ~DirectNamespaces() {
        compiler_.module_.namespaces.resize(size_);
        compiler_.default_element_namespace_ = default_;
        compiler_.direct_namespaces_ = all_;
        compiler_.direct_statics_ = statics_;
        compiler_.module_.statics.namespaces = compiler_.module_.namespaces;
    }
    DirectNamespaces(const DirectNamespaces&) = delete;
    DirectNamespaces& operator=(const DirectNamespaces&) = delete;

  private:
    Compiler& compiler_;
    std::size_t size_;
    std::string_view default_;
    std::span<const Binding> all_;
    const StaticInfo* statics_;
};

const StaticInfo& Compiler::statics() {
    if (direct_namespaces_.empty()) return module_.statics;
    if (direct_statics_ == nullptr) {
        auto& made = program_.direct_statics.emplace_back();
        made.namespaces = module_.namespaces;
        made.namespaces.emplace_back("", default_element_namespace_);
        made.statics = module_.statics;
        made.statics.namespaces = made.namespaces;
        direct_statics_ = &made.statics;
    }
    return *direct_statics_;
}

// Only names that are computed need the namespaces of the place.
ConstructorScope Compiler::constructor_scope(bool computed_name) {
    return {direct_namespaces_, copy_modes_, computed_name ? &statics() : nullptr,
            default_element_namespace_};
}

Plan Compiler::direct_element(const syntax::DirectElement& element, bool nested) {
    const DirectNamespaces namespaces(*this, element.namespaces);
    NamePlan name;
    name.name = expand(element.name, Use::element);
    const std::span<const AttributePlan> attributes = direct_attributes(element);
    std::vector<Plan> content;
    for (const Expr* part : element.content) {
        if (part->kind == ExprKind::direct_text && strip_boundary_space_ &&
            as<syntax::DirectText>(*part).boundary)
            continue;
        content.push_back(direct_part(*part));
    }
    ConstructorScope scope = constructor_scope();
    scope.nested = nested;
    return make(ElementConstructor(scope, name, attributes, keep(content)), element.span);
}

Plan Compiler::direct_part(const Expr& expr) {
    if (expr.kind == ExprKind::direct_text)
        return make(DirectText(keep(as<syntax::DirectText>(expr).value)), expr.span);
    if (expr.kind == ExprKind::direct_element) {
        const Level level(*this, 1);
        return direct_element(as<syntax::DirectElement>(expr), true);
    }
    if (expr.kind == ExprKind::enclosed_content) return compile(*as<syntax::EnclosedContent>(expr).expr);
    return compile(expr);
}

// A comment or processing instruction as XML writes it.
Plan Compiler::direct_leaf(const Expr& expr) {
    NamePlan name;
    std::string_view text;
    LeafConstructor::Form form = LeafConstructor::Form::comment;
    if (expr.kind == ExprKind::direct_comment) {
        text = as<syntax::DirectComment>(expr).text;
    } else {
        const auto& written = as<syntax::DirectProcessingInstruction>(expr);
        name.name.local = keep(written.target);
        text = written.text;
        form = LeafConstructor::Form::processing_instruction;
    }
    const Plan content = make(Constant(Item::of_text(keep(text))), expr.span);
    return make(LeafConstructor(constructor_scope(), form, name, content), expr.span);
}

std::span<const AttributePlan> Compiler::direct_attributes(const syntax::DirectElement& element) {
    std::vector<AttributePlan> attributes;
    for (const syntax::DirectAttribute& written : element.attributes) {
        AttributePlan attribute;
        attribute.name = expand(written.name, Use::plain);
        for (const AttributePlan& other : attributes) {
            if (other.name == attribute.name)
                fail_at(written.span, Code::XQST0040,
                        "the element has the attribute '" + shown(written.name) + "' twice",
                        "leave one of them out");
        }
        attribute.value = text_parts(written.value);
        attributes.push_back(attribute);
    }
    return keep(attributes);
}

std::span<const ValuePart> Compiler::text_parts(syntax::List<syntax::TextPart> parts) {
    std::vector<ValuePart> found;
    for (const syntax::TextPart& part : parts) {
        ValuePart made;
        if (part.expr != nullptr) {
            made.plan = compile(*part.expr);
        } else {
            made.text = keep(part.text);
        }
        found.push_back(made);
    }
    return keep(found);
}

Plan Compiler::computed_constructor(const syntax::ComputedConstructor& written) {
    const syntax::Span at = written.span;
    NamePlan name;
    if (written.name_expr != nullptr) {
        name.plan = compile(*written.name_expr);
    } else if (written.kind == ExprKind::computed_element) {
        name.name = expand(written.name, Use::element);
    } else if (written.kind == ExprKind::computed_attribute) {
        name.name = expand(written.name, Use::plain);
    } else {
        name.name.local = keep(written.name.local);
    }
    const Plan content = compile(*written.content);
    if (written.kind == ExprKind::computed_document)
        return make(DocumentConstructor(constructor_scope(name.plan != nullptr), content), at);
    if (written.kind == ExprKind::computed_element)
        return make(ElementConstructor(constructor_scope(name.plan != nullptr), name, {},
                                       keep(std::vector<Plan>{content})),
                    at);
    return make(
        LeafConstructor(constructor_scope(name.plan != nullptr), leaf_form(written.kind), name, content), at);
}

}  // namespace clacks::xquery::plan
