// What the html and xhtml methods know of HTML 4 and 5. Names are in lower case.
#pragma once

#include <string>
#include <string_view>

namespace clacks::xquery::html {

inline constexpr std::string_view kXhtmlNamespace = "http://www.w3.org/1999/xhtml";
inline constexpr std::string_view kSvgNamespace = "http://www.w3.org/2000/svg";
inline constexpr std::string_view kMathNamespace = "http://www.w3.org/1998/Math/MathML";

std::string lower(std::string_view name);
// Elements that are always empty and have no end tag.
bool is_void(std::string_view element, bool html5);
// Among these elements white space can be seen.
bool is_inline(std::string_view element);
// In these elements white space can be seen.
bool is_preformatted(std::string_view element);
// Attributes whose value is their name or nothing.
bool is_boolean(std::string_view element, std::string_view attribute);
bool is_uri(std::string_view element, std::string_view attribute);

}  // namespace clacks::xquery::html
