// fn:resolve-uri (Functions and Operators 3.1, 6.1) by RFC 3986, 5.2.
#include <algorithm>
#include <string>

#include "common/base/text.hpp"
#include "common/xquery/functions/family.hpp"

namespace clacks::xquery {

namespace {

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_hex(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// A reference in its five components (RFC 3986, 3 and appendix B).
struct Reference {
    std::string_view scheme, authority, path, query, fragment;
    bool has_scheme = false, has_authority = false, has_query = false, has_fragment = false;
};

// Removes what follows `mark` from `rest`; whether the mark was there.
bool cut_behind(std::string_view& rest, char mark, std::string_view& behind) {
    const std::size_t at = rest.find(mark);
    if (at == std::string_view::npos) return false;
    behind = rest.substr(at + 1);
    rest = rest.substr(0, at);
    return true;
}

Reference parse(std::string_view rest) {
    Reference out;
    out.has_fragment = cut_behind(rest, '#', out.fragment);
    out.has_query = cut_behind(rest, '?', out.query);
    const std::size_t colon = rest.find(':');
    if (colon != std::string_view::npos && rest.substr(0, colon).find('/') == std::string_view::npos) {
        out.has_scheme = true;
        out.scheme = rest.substr(0, colon);
        rest.remove_prefix(colon + 1);
    }
    if (rest.starts_with("//")) {
        out.has_authority = true;
        rest.remove_prefix(2);
        const std::size_t slash = std::min(rest.find('/'), rest.size());
        out.authority = rest.substr(0, slash);
        rest.remove_prefix(slash);
    }
    out.path = rest;
    return out;
}

bool has_good_escapes(std::string_view text) {
    for (std::size_t at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 1)) {
        if (at + 2 >= text.size() || !is_hex(text[at + 1]) || !is_hex(text[at + 2])) return false;
    }
    return true;
}

bool is_scheme(std::string_view text) {
    return !text.empty() && is_letter(text.front()) && std::all_of(text.begin(), text.end(), [](char c) {
        return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
    });
}

// Whether characters and scheme are in order.
bool is_reference(std::string_view text, const Reference& parts) {
    return has_good_escapes(text) && (!parts.has_scheme || is_scheme(parts.scheme)) &&
           parts.fragment.find('#') == std::string_view::npos;
}

// FORG0002 where it is none.
Reference checked(std::string_view text) {
    const Reference out = parse(text);
    if (!is_reference(text, out)) fail(Code::FORG0002, "'" + one_line(text, 100) + "' is not a URI");
    return out;
}

// Without the segments "." and ".." (5.2.4).
std::string without_dots(std::string_view path) {
    std::string out;
    while (!path.empty()) {
        if (path.starts_with("../")) {
            path.remove_prefix(3);
        } else if (path.starts_with("./") || path.starts_with("/./")) {
            path.remove_prefix(2);
        } else if (path == "/.") {
            path = "/";
        } else if (path.starts_with("/../") || path == "/..") {
            path = path == "/.." ? std::string_view("/") : path.substr(3);
            const std::size_t slash = out.rfind('/');
            out.resize(slash == std::string::npos ? 0 : slash);
        } else if (path == "." || path == "..") {
            path = {};
        } else {
            const std::size_t next = std::min(path.find('/', 1), path.size());
            out += path.substr(0, next);
            path.remove_prefix(next);
        }
    }
    return out;
}

// 5.2.3
std::string merged(const Reference& base, std::string_view path) {
    if (base.has_authority && base.path.empty()) return "/" + std::string(path);
    const std::size_t slash = base.path.rfind('/');
    if (slash == std::string_view::npos) return std::string(path);
    return std::string(base.path.substr(0, slash + 1)) + std::string(path);
}

Value resolve_uri(CallContext& call, Arguments arguments) {
    if (arguments[0].empty()) return {};
    const std::string_view relative = text(arguments[0]);
    call.steps.take(1 + relative.size() / 64);
    if (checked(relative).has_scheme) return Item::of_text(relative, Type::any_uri);
    if (arguments.size() < 2 && call.statics->base_uri.empty())
        fail(Code::FONS0005, "there is no base URI to resolve '" + one_line(relative, 100) + "' against",
             "give the base as second argument");
    const std::string_view base = arguments.size() < 2 ? call.statics->base_uri : text(arguments[1]);
    return Item::of_text(resolve(relative, base, call.arena), Type::any_uri);
}

const FunctionRow kRows[] = {
    {"fn:resolve-uri($relative as xs:string? [, $base as xs:string]) as xs:anyURI?", resolve_uri, kBaseUri},
};

}  // namespace

bool is_uri_reference(std::string_view text) {
    return is_reference(text, parse(text));
}

std::string_view resolve(std::string_view relative, std::string_view base_text, Arena& arena) {
    const Reference reference = checked(relative);
    if (reference.has_scheme) return relative;
    const Reference base = checked(base_text);
    if (!base.has_scheme)
        fail(Code::FORG0002, "the base URI '" + one_line(base_text, 100) + "' is not absolute");
    const Reference& place = reference.has_authority ? reference : base;
    std::string out = std::string(base.scheme) + ":";
    if (place.has_authority) out += "//" + std::string(place.authority);
    bool has_query = reference.has_query;
    std::string_view query = reference.query;
    if (reference.has_authority || reference.path.starts_with('/')) {
        out += without_dots(reference.path);
    } else if (reference.path.empty()) {
        out += base.path;
        if (!has_query) {
            has_query = base.has_query;
            query = base.query;
        }
    } else {
        out += without_dots(merged(base, reference.path));
    }
    if (has_query) out += "?" + std::string(query);
    if (reference.has_fragment) out += "#" + std::string(reference.fragment);
    return arena.copy(out);
}

std::span<const FunctionRow> uri_resolution_functions() {
    return kRows;
}

}  // namespace clacks::xquery
