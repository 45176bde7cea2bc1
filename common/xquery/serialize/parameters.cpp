#include "common/xquery/serialize/parameters.hpp"

#include <algorithm>

#include "common/base/text.hpp"
#include "common/xml/characters.hpp"
#include "common/xquery/serialize/settings.hpp"
#include "common/xquery/values/error.hpp"

namespace clacks::xquery {

namespace {

using P = SerializationParameters;

[[noreturn]] void invalid(std::string_view name, std::string_view value, std::string_view wanted) {
    fail(Code::SEPM0016,
         "the output parameter " + std::string(name) + " cannot be '" + one_line(value, 100) + "'",
         "it takes " + std::string(wanted));
}

bool truth(std::string_view name, std::string_view value) {
    const std::string_view word = xml::trim(value);
    if (word == "yes" || word == "true" || word == "1") return true;
    if (word == "no" || word == "false" || word == "0") return false;
    invalid(name, value, "yes or no");
}

std::string method(std::string_view name, std::string_view value) {
    const std::string_view word = xml::trim(value);
    constexpr std::string_view kMethods[] = {"xml", "xhtml", "html", "text", "json", "adaptive"};
    const bool node = name == "json-node-output-method";
    const auto* end = std::end(kMethods) - (node ? 2 : 0);
    if (std::find(std::begin(kMethods), end, word) == end)
        invalid(name, value, node ? "xml, xhtml, html or text" : "xml, xhtml, html, text, json or adaptive");
    return std::string(word);
}

ExpandedName element_name(std::string_view name, std::string_view word, const PrefixLookup& prefixes) {
    std::optional<std::string> uri;
    std::string_view local = word;
    if (word.starts_with("Q{")) {
        const std::size_t end = word.find('}');
        if (end != std::string_view::npos) {
            uri = std::string(xml::trim(word.substr(2, end - 2)));
            local = word.substr(end + 1);
        }
    } else {
        const std::size_t colon = word.find(':');
        const std::string_view prefix = colon == std::string_view::npos ? "" : word.substr(0, colon);
        if (colon != std::string_view::npos) local = word.substr(colon + 1);
        if (prefix.empty() || xml::is_ncname(prefix)) uri = prefixes(prefix);
    }
    if (!uri || !xml::is_ncname(local)) invalid(name, word, "names of elements, their prefixes declared");
    return {*uri, std::string(local)};
}

std::vector<ExpandedName> element_names(std::string_view name, std::string_view value,
                                        const PrefixLookup& prefixes) {
    std::vector<ExpandedName> names;
    std::string_view rest = xml::trim(value);
    while (!rest.empty()) {
        const auto end = std::find_if(rest.begin(), rest.end(), xml::is_space);
        const auto size = static_cast<std::size_t>(end - rest.begin());
        names.push_back(element_name(name, rest.substr(0, size), prefixes));
        rest = xml::trim(rest.substr(size));
    }
    return names;
}

bool is_public_character(char c) {
    constexpr std::string_view kOthers = " \r\n-'()+,./:=?;!*#@$_%";
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kOthers.find(c) != std::string_view::npos;
}

bool is_decimal(std::string_view text) {
    const std::size_t point = text.find('.');
    const auto digits = [](std::string_view part) {
        return std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; });
    };
    if (text.empty() || text == ".") return false;
    return digits(text.substr(0, point)) &&
           (point == std::string_view::npos || digits(text.substr(point + 1)));
}

std::string version(std::string_view name, std::string_view value) {
    const std::string_view word = xml::trim(value);
    if (!is_decimal(word)) invalid(name, value, "a number as 1.0");
    return std::string(word);
}

std::string encoding(std::string_view name, std::string_view value) {
    const std::string_view word = xml::trim(value);
    const bool ascii = std::all_of(word.begin(), word.end(), [](char c) { return c > ' ' && c < 0x7F; });
    if (word.empty() || !ascii) invalid(name, value, "the name of an encoding");
    return std::string(word);
}

std::string public_id(std::string_view name, std::string_view value) {
    if (!std::all_of(value.begin(), value.end(), is_public_character))
        invalid(name, value, "what XML allows in a public identifier");
    return std::string(value);
}

std::string system_id(std::string_view name, std::string_view value) {
    if (value.find('"') != std::string_view::npos && value.find('\'') != std::string_view::npos)
        invalid(name, value, "an identifier with quotes of one kind at most");
    return std::string(value);
}

std::string media_type(std::string_view name, std::string_view value) {
    if (value.find("charset") != std::string_view::npos)
        invalid(name, value, "a media type without charset: the encoding has a parameter of its own");
    return std::string(value);
}

using Setter = void (*)(P&, std::string_view name, std::string_view value, const PrefixLookup& prefixes);

struct Row {
    std::string_view name;
    Setter set;
};

using View = std::string_view;
using Prefixes = PrefixLookup;
constexpr Row kRows[] = {
    {"allow-duplicate-names",
     [](P& p, View n, View v, const Prefixes&) { p.allow_duplicate_names = truth(n, v); }},
    {"byte-order-mark", [](P& p, View n, View v, const Prefixes&) { p.byte_order_mark = truth(n, v); }},
    {"cdata-section-elements",
     [](P& p, View n, View v, const Prefixes& f) { p.cdata_section_elements = element_names(n, v, f); }},
    {"doctype-public", [](P& p, View n, View v, const Prefixes&) { p.doctype_public = public_id(n, v); }},
    {"doctype-system", [](P& p, View n, View v, const Prefixes&) { p.doctype_system = system_id(n, v); }},
    {"encoding", [](P& p, View n, View v, const Prefixes&) { p.encoding = encoding(n, v); }},
    {"escape-uri-attributes",
     [](P& p, View n, View v, const Prefixes&) { p.escape_uri_attributes = truth(n, v); }},
    {"html-version", [](P& p, View n, View v, const Prefixes&) { p.html_version = version(n, v); }},
    {"include-content-type",
     [](P& p, View n, View v, const Prefixes&) { p.include_content_type = truth(n, v); }},
    {"indent", [](P& p, View n, View v, const Prefixes&) { p.indent = truth(n, v); }},
    {"item-separator", [](P& p, View, View v, const Prefixes&) { p.item_separator = std::string(v); }},
    {"json-node-output-method",
     [](P& p, View n, View v, const Prefixes&) { p.json_node_output_method = method(n, v); }},
    {"media-type", [](P& p, View n, View v, const Prefixes&) { p.media_type = media_type(n, v); }},
    {"method", [](P& p, View n, View v, const Prefixes&) { p.method = method(n, v); }},
    {"normalization-form",
     [](P& p, View, View v, const Prefixes&) { p.normalization_form = std::string(xml::trim(v)); }},
    {"omit-xml-declaration",
     [](P& p, View n, View v, const Prefixes&) { p.omit_xml_declaration = truth(n, v); }},
    {"standalone",
     [](P& p, View n, View v, const Prefixes&) {
         p.standalone.reset();
         if (xml::trim(v) != "omit") p.standalone = truth(n, v);
     }},
    {"suppress-indentation",
     [](P& p, View n, View v, const Prefixes& f) { p.suppress_indentation = element_names(n, v, f); }},
    {"undeclare-prefixes", [](P& p, View n, View v, const Prefixes&) { p.undeclare_prefixes = truth(n, v); }},
    {"version", [](P& p, View n, View v, const Prefixes&) { p.version = version(n, v); }},
};

const Row* row(std::string_view name) {
    const auto* found =
        std::find_if(std::begin(kRows), std::end(kRows), [&](const Row& r) { return r.name == name; });
    return found == std::end(kRows) ? nullptr : found;
}

bool is_markup(const P& p) {
    return p.method == "xml" || p.method == "xhtml";
}

}  // namespace

bool is_parameter(std::string_view name) {
    return row(name) != nullptr;
}

void set_parameter(P& to, std::string_view name, std::string_view value, const PrefixLookup& prefixes) {
    row(name)->set(to, name, value, prefixes);
}

void map_character(P& to, char32_t character, std::string_view to_text) {
    const auto at = std::lower_bound(to.character_maps.begin(), to.character_maps.end(), character,
                                     [](const auto& entry, char32_t c) { return entry.first < c; });
    if (at != to.character_maps.end() && at->first == character) {
        std::string shown;
        xml::append_utf8(shown, character);
        fail(Code::SEPM0018, "the character map has '" + shown + "' twice");
    }
    to.character_maps.emplace(at, character, to_text);
}

void check(const P& p) {
    constexpr std::string_view kForms[] = {"NFC", "NFD", "NFKC", "NFKD", "none"};
    if (std::find(std::begin(kForms), std::end(kForms), p.normalization_form) == std::end(kForms))
        fail(Code::SESU0011,
             "the normalization form '" + one_line(p.normalization_form, 40) + "' is not known",
             "it is one of NFC, NFD, NFKC, NFKD and none");
    if (!is_markup(p)) return;
    const std::string& version = p.version ? *p.version : std::string("1.0");
    if (version != "1.0" && version != "1.1")
        fail(Code::SESU0013, "there is no XML version " + one_line(version, 20), "it is 1.0 or 1.1");
    const bool omits = p.omit_xml_declaration.value_or(false);
    if (omits && (p.standalone || (version != "1.0" && p.doctype_system)))
        fail(Code::SEPM0009,
             "the XML declaration is left out, and is needed to say " +
                 std::string(p.standalone ? "standalone" : "the version"),
             "leave omit-xml-declaration out, or what needs the declaration");
    if (p.undeclare_prefixes && version == "1.0" && p.method == "xml")
        fail(Code::SEPM0010, "XML 1.0 cannot undeclare prefixes", "ask for version 1.1");
}

}  // namespace clacks::xquery
