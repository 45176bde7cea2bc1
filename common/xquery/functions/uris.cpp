// URI escaping (Functions and Operators 3.1, 6).
#include "common/xquery/functions/family.hpp"

namespace clacks::xquery {

namespace {

template <class Keep>
Value escaped(CallContext& call, Arguments arguments, Keep keep) {
    constexpr char kHex[] = "0123456789ABCDEF";
    std::string out;
    for (const char c : text(arguments[0])) {
        if (keep(c)) {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += '%';
        out += kHex[byte >> 4];
        out += kHex[byte & 15];
    }
    call.steps.take(1 + out.size() / 64);
    return made(call, out);
}

bool is_unreserved(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.' || c == '~';
}

Value encode_for_uri(CallContext& call, Arguments arguments) {
    return escaped(call, arguments, is_unreserved);
}

Value iri_to_uri(CallContext& call, Arguments arguments) {
    return escaped(call, arguments, [](char c) {
        return c > 0x20 && c < 0x7F && std::string_view("<>\"{}|\\^`").find(c) == std::string_view::npos;
    });
}

Value escape_html_uri(CallContext& call, Arguments arguments) {
    return escaped(call, arguments, [](char c) { return c >= 0x20 && c < 0x7F; });
}

const FunctionRow kRows[] = {
    {"fn:encode-for-uri($value as xs:string?) as xs:string", encode_for_uri},
    {"fn:iri-to-uri($value as xs:string?) as xs:string", iri_to_uri},
    {"fn:escape-html-uri($value as xs:string?) as xs:string", escape_html_uri},
};

}  // namespace

std::span<const FunctionRow> uri_functions() {
    return kRows;
}

}  // namespace clacks::xquery
