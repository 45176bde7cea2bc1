#include "common/xquery/plan/constructor.hpp"

#include <string>

#include "common/base/text.hpp"
#include "common/xml/characters.hpp"
#include "common/xquery/values/atomize.hpp"
#include "common/xquery/values/describe.hpp"
#include "common/xquery/values/text_form.hpp"

namespace clacks::xquery::plan {

namespace {

class ContentSink final : public Sink {
  public:
    ContentSink(Construction& into, Frame& frame, std::size_t offset)
        : into_(into), frame_(frame), offset_(offset) {}
    bool take(const Item& item) override {
        frame_.where = offset_;
        into_.add(item);
        return true;
    }
    Construction* construction() override { return &into_; }

  private:
    Construction& into_;
    Frame& frame_;
    std::size_t offset_;
};

// The atomic values of a sequence as text, joined by spaces.
std::string_view joined(const Value& value, Frame& frame) {
    const Value atoms = atomize(value, frame.arena, frame.steps);
    if (atoms.empty()) return {};
    if (atoms.size() == 1) {
        const std::string_view one = string_of(atoms.front(), frame.arena);
        frame.steps.take(one.size() / 64);
        return one;
    }
    std::pmr::string out(&frame.arena);
    for (std::uint64_t i = 0; i < atoms.size(); ++i) {
        const std::string_view one = string_of(atoms[i], frame.arena);
        frame.steps.take(1 + one.size() / 64);
        if (i > 0) out += ' ';
        out += one;
    }
    return frame.arena.copy(out);
}

// The only atomic value of a computed name.
Item name_value(Plan plan, Frame& frame, std::size_t offset) {
    const Value value = atomize(plan->all(frame), frame.arena, frame.steps);
    frame.where = offset;
    if (value.size() != 1)
        fail(Code::XPTY0004, "a computed name must be one value, and this is " + describe(value));
    return value.front();
}

bool is_name_text(Type type) {
    return is_string(type) || type == Type::untyped_atomic;
}

[[noreturn]] void bad_name(std::string_view text, std::string why) {
    fail(Code::XQDY0074, "'" + one_line(text, 100) + "' cannot be a name: " + std::move(why));
}

// "local", "prefix:local" or "Q{uri}local".
QName parse_name(std::string_view text, const ConstructorScope& scope, bool element, Arena& arena) {
    const std::string_view trimmed = xml::trim(text);
    QName name;
    if (trimmed.starts_with("Q{")) {
        const std::size_t end = trimmed.find('}');
        if (end == std::string_view::npos || trimmed.substr(2, end - 2).find('{') != std::string_view::npos)
            bad_name(text, "the braced URI is not closed");
        name.uri = arena.copy(with_space(trimmed.substr(2, end - 2), Type::token, arena));
        name.local = trimmed.substr(end + 1);
    } else {
        const std::size_t colon = trimmed.find(':');
        name.local = colon == std::string_view::npos ? trimmed : trimmed.substr(colon + 1);
        if (colon != std::string_view::npos) {
            name.prefix = trimmed.substr(0, colon);
            if (!xml::is_ncname(name.prefix)) bad_name(text, "its prefix is not an NCName");
            const NamespaceBindings known = scope.statics->namespaces;
            for (const auto& [prefix, uri] : known) {
                if (prefix == name.prefix) name.uri = uri;
            }
            if (name.uri.empty())
                bad_name(text, "the prefix '" + std::string(name.prefix) + "' is not declared");
        } else if (element) {
            name.uri = scope.default_element_namespace;
        }
    }
    if (!xml::is_ncname(name.local)) bad_name(text, "it is not a QName");
    return name;
}

// The names that namespaces reserve for themselves; xml and its namespace belong together.
void check_reserved(const QName& name, bool element) {
    const bool reserved = name.uri == kXmlnsNamespace || name.prefix == "xmlns" ||
                          (name.prefix == "xml" && name.uri != kXmlNamespace) ||
                          (name.uri == kXmlNamespace && !name.prefix.empty() && name.prefix != "xml") ||
                          (!element && name.uri.empty() && name.local == "xmlns");
    if (!reserved) return;
    fail(element ? Code::XQDY0096 : Code::XQDY0044, "'" + std::string(name.local) + "' with the prefix '" +
                                                        std::string(name.prefix) +
                                                        "' is reserved, and no node can be called so");
}

QName name_of(const NamePlan& written, const ConstructorScope& scope, bool element, Frame& frame,
              std::size_t offset) {
    QName name = written.name;
    if (written.plan != nullptr) {
        const Item value = name_value(written.plan, frame, offset);
        if (value.type == Type::qname) {
            name = value.qname();
        } else if (is_name_text(value.type)) {
            name = parse_name(value.text(), scope, element, frame.arena);
        } else {
            fail(Code::XPTY0004,
                 "a computed name must be an xs:QName or a string, and this is " + describe(value));
        }
    }
    check_reserved(name, element);
    if (name.uri == kXmlNamespace) name.prefix = "xml";
    return name;
}

std::string_view text_of(std::span<const ValuePart> parts, Frame& frame) {
    if (parts.empty()) return {};
    if (parts.size() == 1)
        return parts[0].plan == nullptr ? parts[0].text : joined(parts[0].plan->all(frame), frame);
    std::pmr::string out(&frame.arena);
    for (const ValuePart& part : parts)
        out += part.plan == nullptr ? part.text : joined(part.plan->all(frame), frame);
    return frame.arena.copy(out);
}

xml::NodeKind kind_of_leaf(LeafConstructor::Form form) {
    switch (form) {
        case LeafConstructor::Form::attribute:
            return xml::NodeKind::attribute;
        case LeafConstructor::Form::text:
            return xml::NodeKind::text;
        case LeafConstructor::Form::comment:
            return xml::NodeKind::comment;
        case LeafConstructor::Form::processing_instruction:
            return xml::NodeKind::processing_instruction;
        case LeafConstructor::Form::namespace_node:
            return xml::NodeKind::namespace_node;
    }
    return xml::NodeKind::text;
}

}  // namespace

StringTemplate::StringTemplate(std::span<const ValuePart> parts) : parts_(parts) {
    traits.kinds = kind_of(Type::string);
    traits.at_least_one = true;
    for (const ValuePart& part : parts) {
        if (part.plan != nullptr) traits.effects |= part.plan->traits.effects;
    }
}

Single StringTemplate::single(Frame& frame) const {
    here(frame);
    return {Item::of_text(text_of(parts_, frame)), 1};
}

Constructor::Constructor(const ConstructorScope& scope) : scope_(scope) {
    traits.kinds = kNodes;
    traits.at_most_one = traits.at_least_one = true;
    traits.ordered = traits.disjoint = true;
    traits.effects = kCreates;
}

bool Constructor::push(Frame& frame, Sink& sink) const {
    if (Construction* into = sink.construction()) {
        build(frame, *into);
        return true;
    }
    const Value made = all(frame);
    return made.empty() || sink.take(made.front());
}

Value Constructor::all(Frame& frame) const {
    Construction construction(frame, scope_.modes);
    if (!build(frame, construction)) return {};
    return construction.finish();
}

bool Constructor::ebv(Frame& frame) const {
    return !all(frame).empty();
}

ElementConstructor::ElementConstructor(const ConstructorScope& scope, const NamePlan& name,
                                       std::span<const AttributePlan> attributes,
                                       std::span<const Plan> content)
    : Constructor(scope), name_(name), attributes_(attributes), content_(content) {
    traits.kinds = kElement;
    if (name.plan != nullptr) traits.effects |= name.plan->traits.effects;
    for (const AttributePlan& attribute : attributes) {
        for (const ValuePart& part : attribute.value) {
            if (part.plan != nullptr) traits.effects |= part.plan->traits.effects;
        }
    }
    for (const Plan part : content) traits.effects |= part->traits.effects;
}

bool ElementConstructor::build(Frame& frame, Construction& into) const {
    const QName name = name_of(name_, scope_, true, frame, offset);
    here(frame);
    into.start_element(name, scope_.own, scope_.nested);
    for (const AttributePlan& attribute : attributes_) {
        const std::string_view value = text_of(attribute.value, frame);
        here(frame);
        into.attribute(attribute.name, value);
    }
    for (const Plan part : content_) {
        ContentSink sink(into, frame, part->offset);
        part->push(frame, sink);
        into.end_sequence();
    }
    here(frame);
    into.end_element();
    return true;
}

DocumentConstructor::DocumentConstructor(const ConstructorScope& scope, Plan content)
    : Constructor(scope), content_(content) {
    traits.kinds = kDocument;
    traits.effects |= content->traits.effects;
}

bool DocumentConstructor::build(Frame& frame, Construction& into) const {
    into.start_document();
    ContentSink sink(into, frame, content_->offset);
    content_->push(frame, sink);
    into.end_document();
    return true;
}

LeafConstructor::LeafConstructor(const ConstructorScope& scope, Form form, const NamePlan& name, Plan content)
    : Constructor(scope), form_(form), name_(name), content_(content) {
    traits.kinds = kind_of(kind_of_leaf(form));
    if (form == Form::text) traits.at_least_one = false;
    if (name.plan != nullptr) traits.effects |= name.plan->traits.effects;
    traits.effects |= content->traits.effects;
}

bool LeafConstructor::build(Frame& frame, Construction& into) const {
    switch (form_) {
        case Form::attribute:
            build_attribute(frame, into);
            return true;
        case Form::processing_instruction:
            build_instruction(frame, into);
            return true;
        case Form::namespace_node:
            build_namespace(frame, into);
            return true;
        default:
            break;
    }
    const Value value = content_->all(frame);
    if (value.empty() && form_ == Form::text) return false;
    const std::string_view text = joined(value, frame);
    here(frame);
    if (form_ == Form::text) {
        into.text(text);
    } else {
        if (text.find("--") != std::string_view::npos || text.ends_with('-'))
            fail(Code::XQDY0072, "a comment must not hold '--' or end in '-'");
        into.comment(text);
    }
    return true;
}

void LeafConstructor::build_attribute(Frame& frame, Construction& into) const {
    const QName name = name_of(name_, scope_, false, frame, offset);
    const std::string_view value = joined(content_->all(frame), frame);
    here(frame);
    into.attribute(name, value);
}

std::string_view LeafConstructor::ncname(Frame& frame) const {
    if (name_.plan == nullptr) return name_.name.local;
    const bool instruction = form_ == Form::processing_instruction;
    const Value value = atomize(name_.plan->all(frame), frame.arena, frame.steps);
    here(frame);
    if (value.empty() && !instruction) return {};
    if (value.size() != 1 || !is_name_text(value.front().type))
        fail(Code::XPTY0004, "a computed name here must be a string, and this is " + describe(value));
    const std::string_view text = xml::trim(value.front().text());
    if (text.empty() && !instruction) return {};
    if (!xml::is_ncname(text))
        fail(instruction ? Code::XQDY0041 : Code::XQDY0074,
             "'" + one_line(value.front().text(), 100) + "' is not an NCName");
    return text;
}

void LeafConstructor::build_instruction(Frame& frame, Construction& into) const {
    const std::string_view target = ncname(frame);
    const bool xml = target.size() == 3 && (target[0] | 0x20) == 'x' && (target[1] | 0x20) == 'm' &&
                     (target[2] | 0x20) == 'l';
    if (xml) fail(Code::XQDY0064, "a processing instruction must not be called 'xml'");
    std::string_view text = joined(content_->all(frame), frame);
    here(frame);
    if (text.find("?>") != std::string_view::npos)
        fail(Code::XQDY0026, "a processing instruction must not hold '?>'");
    while (!text.empty() && xml::is_space(text.front())) text.remove_prefix(1);
    into.processing_instruction(target, text);
}

void LeafConstructor::build_namespace(Frame& frame, Construction& into) const {
    const std::string_view prefix = ncname(frame);
    const std::string_view uri = joined(content_->all(frame), frame);
    here(frame);
    if (uri.empty() || prefix == "xmlns" || uri == kXmlnsNamespace ||
        (prefix == "xml") != (uri == kXmlNamespace))
        fail(Code::XQDY0101,
             "the prefix '" + std::string(prefix) + "' cannot be bound to '" + one_line(uri, 100) + "'");
    into.namespace_node(prefix, uri);
}

DirectText::DirectText(std::string_view text) : text_(text) {
    traits.kinds = kNodes;
    traits.effects = kCreates;
}

bool DirectText::push(Frame& frame, Sink& sink) const {
    frame.steps.take();
    sink.construction()->text(text_);
    return true;
}

}  // namespace clacks::xquery::plan
