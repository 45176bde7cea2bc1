#include "common/cli/bindings.hpp"

namespace clacks::cli {

namespace {

const std::set<std::string, std::less<>> kReserved{
    "alignas", "alignof", "and", "and_eq", "asm", "auto", "bitand", "bitor", "bool", "break", "case", "catch",
    "char", "char16_t", "char32_t", "char8_t", "class", "co_await", "co_return", "co_yield", "compl",
    "concept", "const", "const_cast", "consteval", "constexpr", "constinit", "continue", "decltype",
    "default", "delete", "do", "double", "dynamic_cast", "else", "enum", "explicit", "export", "extern",
    "false", "float", "for", "friend", "goto", "if", "inline", "int", "long", "mutable", "namespace", "new",
    "noexcept", "not", "not_eq", "nullptr", "operator", "or", "or_eq", "private", "protected", "public",
    "register", "reinterpret_cast", "requires", "return", "short", "signed", "sizeof", "static",
    "static_assert", "static_cast", "struct", "switch", "template", "this", "thread_local", "throw", "true",
    "try", "typedef", "typeid", "typename", "union", "unsigned", "using", "virtual", "void", "volatile",
    "wchar_t", "while", "xor", "xor_eq",
    // Of the generated code and what it uses; and macros of the C library.
    "clacks", "std", "document", "element", "from_element", "read", "text_of", "result_", "node_", "each_",
    "name_", "event_", "value_", "content_", "why_", "NULL", "EOF", "errno", "assert", "INFINITY", "NAN",
    "linux", "unix"};

std::string literal(std::string_view text) {
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') quoted += '\\';
        if (static_cast<unsigned char>(c) >= 0x20) {
            quoted += c;
        } else {
            constexpr const char* kDigits = "01234567";
            quoted += {'\\', '0', kDigits[c >> 3], kDigits[c & 7]};
        }
    }
    return quoted + '"';
}

class Writer {
  public:
    void line(const std::string& text = "") {
        text_ += (text.empty() ? "" : std::string(depth_ * 4, ' ') + text) + "\n";
    }
    void open(const std::string& text) {
        line(text + " {");
        ++depth_;
    }
    void close(const char* end = "}") {
        --depth_;
        line(end);
    }
    void comment(std::string documentation) {
        for (std::size_t at = 0; (at = documentation.find('\\', at)) != std::string::npos; at += 5)
            documentation.replace(at, 1, "&#92;");  // would join the next line to the comment
        for (const std::string& part : wrapped(documentation, 100 - 4 * depth_)) line("/// " + part);
    }
    std::string take() { return std::move(text_); }

    void structure(const Field& field, const std::string& name, bool event);

  private:
    void enumeration(const Member& member);
    void reader(const std::string& name, const std::vector<Member>& members);
    void builder(const Field& field, const std::vector<Member>& members);

    std::string text_;
    std::size_t depth_ = 0;
};

std::string plain_type(ValueKind kind) {
    switch (kind) {
        case ValueKind::boolean:
            return "bool";
        case ValueKind::integer:
            return "std::int64_t";
        case ValueKind::natural:
            return "std::uint64_t";
        case ValueKind::number:
            return "double";
        default:
            return "std::string";
    }
}

std::vector<Member> members(const Field& field, const std::string& name) {
    auto taken = kReserved;
    taken.insert(name);
    return members_of(field, Names(std::move(taken)), plain_type);
}

void Writer::enumeration(const Member& member) {
    Names names(kReserved);
    std::vector<std::string> constants;
    for (const std::string& value : member.field->values) constants.push_back(names.take(value));
    open("enum class " + member.type);
    for (const std::string& constant : constants) line(constant + ",");
    close("};");
    line("/// As it stands in a document.");
    open("static const char* text_of(" + member.type + " value_)");
    open("switch (value_)");
    for (std::size_t i = 0; i < constants.size(); ++i)
        line("case " + member.type + "::" + constants[i] + ": return " + literal(member.field->values[i]) +
             ";");
    close();
    line("return \"\";");
    close();
    open("static " + member.type + " " + member.type + "_of(const clacks::EventNode& node_)");
    line("const auto content_ = node_.as<std::string>();");
    std::string expected;
    for (std::size_t i = 0; i < constants.size(); ++i) {
        line("if (content_ == " + literal(member.field->values[i]) + ") return " + member.type +
             "::" + constants[i] + ";");
        expected += (i ? ", " : "") + member.field->values[i];
    }
    line("clacks::Diagnostic why_;");
    line("why_.code = \"event-value\";");
    line("why_.message = node_.path() + \" holds another value than its definition lists\";");
    line("why_.path = node_.path();");
    line("why_.expected = " + literal(expected) + ";");
    line("throw clacks::EventError(why_);");
    close();
    line();
}

std::string read_from(const Member& member, const std::string& node) {
    if (member.kind == ValueKind::structure) return member.type + "::from_element(" + node + ")";
    if (member.kind == ValueKind::enumeration) return member.type + "_of(" + node + ")";
    return node + ".as<" + member.type + ">()";
}

std::string assigned(const std::string& target, const std::string& value) {
    return target + " = " + value + ";";
}

void Writer::reader(const std::string& name, const std::vector<Member>& members) {
    line(
        "/// From an element of a received event. Throws clacks::EventError where it lacks or misspells a "
        "value.");
    open("static " + name + " from_element(const clacks::EventNode& node_)");
    line("if (const auto why_ = node_.missing()) throw clacks::EventError(*why_);");
    line(name + " result_;");
    for (const Member& member : members) {
        const std::string child = "node_[" + literal(member.field->name) + "]";
        const std::string target = "result_." + member.name;
        if (member.field->repeated) {
            line("for (const auto& each_ : node_.all(" + literal(member.field->name) + "))");
            line("    " + target + ".push_back(" + read_from(member, "each_") + ");");
        } else if (member.field->optional) {
            line("if (const auto each_ = " + child + ") " + assigned(target, read_from(member, "each_")));
        } else {
            line(assigned(target, read_from(member, child)));
        }
    }
    line("return result_;");
    close();
    line();
}

std::string added(const Member& member, const std::string& value) {
    if (member.kind == ValueKind::structure)
        return "result_.add((" + value + ").element(" + literal(member.field->name) + "));";
    const std::string content = member.kind == ValueKind::enumeration ? "text_of(" + value + ")" : value;
    return "result_.add(clacks::EventMaker()(" + literal(member.field->name) + ", " + content + "));";
}

void Writer::builder(const Field& field, const std::vector<Member>& members) {
    line("/// The element, for EventMaker.");
    open("clacks::EventElement element(const char* name_ = " + literal(field.name) + ") const");
    line("clacks::EventElement result_(name_);");
    for (const Member& member : members) {
        if (member.field->repeated)
            line("for (const auto& each_ : " + member.name + ") " + added(member, "each_"));
        else if (member.field->optional)
            line("if (" + member.name + ") " + added(member, "*" + member.name));
        else
            line(added(member, member.name));
    }
    line("return result_;");
    close();
    line();
}

void Writer::structure(const Field& field, const std::string& name, bool event) {
    comment(field.documentation);
    open("struct " + name);
    const auto list = members(field, name);
    for (const Member& member : list) {
        if (member.kind == ValueKind::structure) structure(*member.field, member.type, false);
        if (member.kind == ValueKind::enumeration) enumeration(member);
    }
    for (const Member& member : list) {
        comment(member.field->documentation);
        const std::string type = member.field->repeated   ? "std::vector<" + member.type + ">"
                                 : member.field->optional ? "std::optional<" + member.type + ">"
                                                          : member.type;
        line(type + " " + member.name + "{};");
    }
    if (!list.empty()) line();
    if (event) {
        line("/// From a received event. Throws clacks::EventError where it is another one.");
        open("static " + name + " read(const clacks::ReceivedEvent& event_)");
        line("return from_element(event_[" + literal(field.name) + "]);");
        close();
        line();
        line("/// The document, to be published or given to sendEvent.");
        line("std::string document() const { return clacks::EventMaker()(\"Event\", element()).str(); }");
        line();
    }
    reader(name, list);
    builder(field, list);
    line("bool operator==(const " + name + "&) const = default;");
    close("};");
    line();
}

}  // namespace

std::string cpp_bindings(const std::vector<Field>& events, const std::string& name_space) {
    Writer writer;
    std::string names;
    for (const Field& event : events) names += " " + event.name;
    writer.line("// Written by: clacks events generate --language c++" + names);
    writer.line("// Do not change it by hand. Programs link libclacks-common.");
    writer.line("#pragma once");
    writer.line();
    for (const char* header : {"<cstdint>", "<optional>", "<string>", "<vector>"})
        writer.line(std::string("#include ") + header);
    writer.line();
    for (const char* header :
         {"client/event_node.hpp", "client/received_event.hpp", "events/event_maker.hpp"})
        writer.line(std::string("#include \"common/") + header + "\"");
    writer.line();
    writer.line("namespace " + name_space + " {");
    writer.line();
    Names types(kReserved);
    for (const Field& event : events) writer.structure(event, types.take(event.name), true);
    writer.line("}  // namespace " + name_space);
    return writer.take();
}

}  // namespace clacks::cli
