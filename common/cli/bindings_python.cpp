#include <algorithm>
#include <nlohmann/json.hpp>

#include "common/cli/bindings.hpp"

namespace clacks::cli {

namespace {

const std::set<std::string, std::less<>> kReserved{
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def",
    "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda",
    "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
    // Of the generated code and what it uses.
    "annotations", "bool", "dataclass", "document", "element", "Enum", "field", "float", "from_element",
    "int", "list", "read", "str", "values", "cls", "self", "classmethod", "mro", "name", "value"};

// JSON's strings are Python's, too.
std::string literal(const std::string& text) {
    return nlohmann::json(text).dump();
}

std::string plain_type(ValueKind kind) {
    switch (kind) {
        case ValueKind::boolean:
            return "bool";
        case ValueKind::integer:
        case ValueKind::natural:
            return "int";
        case ValueKind::number:
            return "float";
        default:
            return "str";
    }
}

// The function of clacks.common.values that reads it.
std::string reader(const Member& member) {
    switch (member.kind) {
        case ValueKind::structure:
            return "cls." + member.type + ".from_element";
        case ValueKind::enumeration:
            return "values.one_of(cls." + member.type + ")";
        case ValueKind::boolean:
            return "values.boolean";
        case ValueKind::integer:
        case ValueKind::natural:
            return "values.integer";
        case ValueKind::number:
            return "values.number";
        default:
            return "values.text";
    }
}

class Writer {
  public:
    void line(const std::string& text = "") {
        text_ += (text.empty() ? "" : std::string(depth_ * 4, ' ') + text) + "\n";
    }
    void documentation(const std::string& text) {
        std::string escaped;
        for (const char c : text) {
            if (c == '"' || c == '\\') escaped += '\\';
            escaped += c;
        }
        auto lines = wrapped(escaped, 100 - 4 * depth_);
        if (lines.empty()) return;
        lines.front().insert(0, "\"\"\"");
        lines.back() += "\"\"\"";
        for (const std::string& each : lines) line(each);
    }
    std::string take() { return std::move(text_); }

    void structure(const Field& field, const std::string& name, const std::string& outer);

  private:
    void enumeration(const Member& member);
    void functions(const Field& field, const std::string& full_name, const std::vector<Member>& members);

    std::string text_;
    std::size_t depth_ = 0;
};

void Writer::enumeration(const Member& member) {
    Names names(kReserved);
    line("class " + member.type + "(Enum):");
    ++depth_;
    for (const std::string& value : member.field->values) line(names.take(value) + " = " + literal(value));
    --depth_;
    line();
}

void Writer::functions(const Field& field, const std::string& full_name, const std::vector<Member>& members) {
    line("@classmethod");
    line("def from_element(cls, element: values.Element) -> " + full_name + ":");
    line(
        "    \"\"\"From an element of a received event. Raises EventError where it lacks or misspells a "
        "value.\"\"\"");
    line("    return cls(");
    for (const Member& member : members)
        line("        " + member.name + "=values." +
             (member.field->repeated   ? "each"
              : member.field->optional ? "optional"
                                       : "one") +
             "(element, " + literal(member.field->name) + ", " + reader(member) + "),");
    line("    )");
    line();
    line("def element(self, name: str = " + literal(field.name) + ") -> values.Element:");
    line("    \"\"\"The element, as EventMaker makes it.\"\"\"");
    line("    return values.element(");
    line("        name,");
    for (const Member& member : members)
        line("        (" + literal(member.field->name) + ", self." + member.name + "),");
    line("    )");
}

void Writer::structure(const Field& field, const std::string& name, const std::string& outer) {
    const std::string full_name = outer + name;
    line("@dataclass(kw_only=True)");
    line("class " + name + ":");
    ++depth_;
    documentation(field.documentation.empty() ? "The element " + field.name + "." : field.documentation);
    line();
    const auto members = members_of(field, Names(kReserved), plain_type);
    for (const Member& member : members) {
        if (member.kind == ValueKind::structure) structure(*member.field, member.type, full_name + ".");
        if (member.kind == ValueKind::enumeration) enumeration(member);
    }
    for (const Member& member : members) {
        const std::string type = (has_own_type(member.kind) ? full_name + "." : "") + member.type;
        line(member.name + ": " +
             (member.field->repeated   ? "list[" + type + "] = field(default_factory=list)"
              : member.field->optional ? type + " | None = None"
                                       : type));
        documentation(member.field->documentation);
    }
    if (!members.empty()) line();
    if (outer.empty()) {
        line("@classmethod");
        line("def read(cls, event: values.AnyEvent) -> " + full_name + ":");
        line("    \"\"\"From a received event. Raises EventError where it is another one.\"\"\"");
        line("    return values.one(values.root(event), " + literal(field.name) + ", cls.from_element)");
        line();
        line("def document(self) -> str:");
        line("    \"\"\"The document, to be published or given to sendEvent.\"\"\"");
        line("    return values.document(self.element())");
        line();
    }
    functions(field, full_name, members);
    --depth_;
    line();
    if (outer.empty()) line();
}

}  // namespace

std::string python_bindings(const std::vector<Field>& events) {
    Writer writer;
    std::string names;
    for (const Field& event : events) names += " " + event.name;
    writer.line("# Written by: clacks events generate --language python" + names);
    writer.line("# Do not change it by hand.");
    writer.documentation("Typed classes of events.");
    for (const char* import :
         {"from __future__ import annotations", "", "from dataclasses import dataclass, field",
          "from enum import Enum", "", "from clacks.common import values", "", ""})
        writer.line(import);
    Names types(kReserved);
    for (const Field& event : events) writer.structure(event, types.take(event.name), "");
    std::string text = writer.take();
    while (text.ends_with("\n\n")) text.pop_back();
    return text;
}

}  // namespace clacks::cli
