#include "common/cli/bindings.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace clacks::cli {

namespace {

constexpr std::array kIntegers{"integer",        "long", "int", "short", "byte", "nonPositiveInteger",
                               "negativeInteger"};
constexpr std::array kNaturals{"nonNegativeInteger", "positiveInteger", "unsignedLong",
                               "unsignedInt",        "unsignedShort",   "unsignedByte"};
constexpr std::array kNumbers{"float", "double", "decimal"};

bool among(const auto& list, const std::string& name) {
    return std::find(list.begin(), list.end(), name) != list.end();
}

}  // namespace

ValueKind kind_of_value(const Field& field) {
    if (!field.content.empty()) return ValueKind::structure;
    if (!field.values.empty()) return ValueKind::enumeration;
    if (field.type == "boolean") return ValueKind::boolean;
    if (among(kIntegers, field.type)) return ValueKind::integer;
    if (among(kNaturals, field.type)) return ValueKind::natural;
    if (among(kNumbers, field.type)) return ValueKind::number;
    return ValueKind::text;
}

std::string Names::take(std::string_view wanted) {
    std::string name;
    for (const char c : wanted) {
        if (std::isalnum(static_cast<unsigned char>(c)))
            name += c;
        else if (!name.ends_with('_'))
            name += '_';
    }
    // Names that begin with "_" belong to the language.
    if (name.empty() || !std::isalpha(static_cast<unsigned char>(name.front())))
        name.insert(0, name.starts_with('_') ? "v" : "v_");
    if (taken_.contains(name) && !name.ends_with('_')) name += '_';
    const std::string base = name;
    for (int number = 2; taken_.contains(name); ++number) name = base + std::to_string(number);
    taken_.insert(name);
    return name;
}

bool has_own_type(ValueKind kind) {
    return kind == ValueKind::structure || kind == ValueKind::enumeration;
}

std::vector<Member> members_of(const Field& field, Names names, std::string (*plain_type)(ValueKind)) {
    std::vector<Member> list;
    for (const Field& child : field.content)
        list.push_back({&child, kind_of_value(child), names.take(child.name), ""});
    for (Member& member : list)
        member.type = has_own_type(member.kind) ? names.take(member.name + "Type") : plain_type(member.kind);
    return list;
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        std::size_t end = text.size() <= width ? text.size() : text.rfind(' ', width);
        if (end == std::string_view::npos) end = std::min(text.find(' '), text.size());
        lines.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

}  // namespace clacks::cli
