// Functions and Operators 3.1 by name: what is standard, and what reaches outside.
#include "common/xquery/functions/family.hpp"

namespace clacks::xquery {

namespace {

constexpr std::string_view kOutsideNames[] = {"fn:unparsed-text",
                                              "fn:unparsed-text-lines",
                                              "fn:unparsed-text-available",
                                              "fn:environment-variable",
                                              "fn:available-environment-variables",
                                              "fn:json-doc",
                                              "fn:load-xquery-module",
                                              "fn:transform",
                                              "fn:put"};

constexpr std::string_view kStandard[] = {
    "fn:analyze-string", "fn:json-to-xml", "fn:matches",     "fn:parse-json",
    "fn:replace",        "fn:tokenize",    "fn:xml-to-json",
};

}  // namespace

std::span<const std::string_view> standard_names() {
    return kStandard;
}

std::span<const std::string_view> outside_names() {
    return kOutsideNames;
}

}  // namespace clacks::xquery
