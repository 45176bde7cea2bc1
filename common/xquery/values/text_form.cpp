#include "common/xquery/values/text_form.hpp"

#include <string>

#include "common/xml/characters.hpp"

namespace clacks::xquery {

namespace {

bool is_name(std::string_view text, bool any_start) {
    for (std::size_t at = 0; at < text.size();) {
        const xml::CodePoint c = xml::code_point_at(text, at);
        const bool good = c.value == ':' ||
                          (at == 0 && !any_start ? xml::is_name_start(c.value) : xml::is_name_char(c.value));
        if (!good) return false;
        at += c.bytes;
    }
    return !text.empty();
}

// [a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*
bool is_language(std::string_view text) {
    std::size_t length = 0;
    bool first = true;
    for (const char c : text) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        const bool digit = c >= '0' && c <= '9';
        if (c == '-') {
            if (length == 0) return false;
            length = 0;
            first = false;
        } else if (!(letter || (digit && !first)) || ++length > 8) {
            return false;
        }
    }
    return length > 0;
}

}  // namespace

std::string_view with_space(std::string_view text, Type type, Arena& arena) {
    if (type == Type::string || type == Type::untyped_atomic) return text;
    std::string out;
    bool changed = false;
    const bool collapse = type != Type::normalized_string;
    for (const char c : text) {
        const bool space = xml::is_space(c);
        if (space && collapse && (out.empty() || out.back() == ' ')) {
            changed = true;
            continue;
        }
        changed = changed || (space && c != ' ');
        out += space ? ' ' : c;
    }
    if (collapse && !out.empty() && out.back() == ' ') {
        out.pop_back();
        changed = true;
    }
    return changed ? arena.copy(out) : text;
}

bool has_string_form(std::string_view text, Type type) {
    switch (type) {
        case Type::language:
            return is_language(text);
        case Type::nmtoken:
            return is_name(text, true);
        case Type::name:
            return is_name(text, false);
        case Type::ncname:
        case Type::id:
        case Type::idref:
        case Type::entity:
            return xml::is_ncname(text);
        default:
            return true;
    }
}

}  // namespace clacks::xquery
