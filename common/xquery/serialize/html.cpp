#include "common/xquery/serialize/html.hpp"

#include <algorithm>
#include <iterator>

namespace clacks::xquery::html {

namespace {

// A word of a list that is separated by spaces.
bool lists(std::string_view list, std::string_view word) {
    for (std::size_t at = 0; (at = list.find(word, at)) != std::string_view::npos; at += word.size()) {
        const bool begins = at == 0 || list[at - 1] == ' ';
        const std::size_t end = at + word.size();
        if (begins && (end == list.size() || list[end] == ' ')) return true;
        if (word.empty()) return false;
    }
    return false;
}

// Attributes and the elements that they are meant for; "" for all.
struct Row {
    std::string_view attribute;
    std::string_view elements;
};

template <std::size_t n>
bool has(const Row (&rows)[n], std::string_view element, std::string_view attribute) {
    return std::any_of(std::begin(rows), std::end(rows), [&](const Row& row) {
        return row.attribute == attribute && (row.elements.empty() || lists(row.elements, element));
    });
}

constexpr Row kBoolean[] = {
    {"allowfullscreen", "iframe"},
    {"async", "script"},
    {"autofocus", "button input keygen select textarea"},
    {"autoplay", "audio video"},
    {"checked", "input command menuitem"},
    {"compact", "dir dl menu ol ul"},
    {"controls", "audio video"},
    {"declare", "object"},
    {"default", "track menuitem"},
    {"defer", "script"},
    {"disabled", "button command fieldset input keygen menuitem optgroup option select textarea"},
    {"formnovalidate", "button input"},
    {"hidden", ""},
    {"ismap", "img input"},
    {"itemscope", ""},
    {"loop", "audio video"},
    {"multiple", "input select"},
    {"muted", "audio video"},
    {"nohref", "area"},
    {"noresize", "frame"},
    {"noshade", "hr"},
    {"novalidate", "form"},
    {"nowrap", "td th"},
    {"open", "details dialog"},
    {"readonly", "input textarea"},
    {"required", "input select textarea"},
    {"reversed", "ol"},
    {"scoped", "style"},
    {"seamless", "iframe"},
    {"selected", "option"},
    {"typemustmatch", "object"},
};

constexpr Row kUri[] = {
    {"action", "form"},
    {"archive", "object"},
    {"background", "body"},
    {"cite", "blockquote del ins q"},
    {"classid", "object"},
    {"codebase", "applet object"},
    {"data", "object"},
    {"datasrc", "button div input object select span table textarea"},
    {"for", "script"},
    {"formaction", "button input"},
    {"href", "a area base link"},
    {"icon", "command"},
    {"longdesc", "frame iframe img"},
    {"manifest", "html"},
    {"name", "a"},
    {"poster", "video"},
    {"profile", "head"},
    {"src", "audio embed frame iframe img input script source track video"},
    {"usemap", "img input object"},
};

}  // namespace

std::string lower(std::string_view name) {
    std::string out(name);
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    }
    return out;
}

bool is_void(std::string_view element, bool html5) {
    constexpr std::string_view kBoth =
        "area base basefont br col embed frame hr img input isindex link meta param";
    constexpr std::string_view kHtml5 = "keygen source track wbr command";
    return lists(kBoth, element) || (html5 && lists(kHtml5, element));
}

bool is_inline(std::string_view element) {
    return lists(
        "a abbr acronym applet audio b basefont bdi bdo big br button canvas cite code data datalist del dfn "
        "em "
        "embed font i iframe img input ins kbd keygen label map mark math meter object output progress q "
        "ruby s "
        "samp select small span strike strong sub sup svg textarea time tt u var video wbr",
        element);
}

bool is_preformatted(std::string_view element) {
    return lists("pre script style textarea xmp", element);
}

bool is_boolean(std::string_view element, std::string_view attribute) {
    return has(kBoolean, element, attribute);
}

bool is_uri(std::string_view element, std::string_view attribute) {
    return has(kUri, element, attribute);
}

}  // namespace clacks::xquery::html
