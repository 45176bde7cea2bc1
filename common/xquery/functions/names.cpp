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

constexpr std::string_view kStandard[] = {"fn:analyze-string",
                                          "fn:apply",
                                          "fn:filter",
                                          "fn:fold-left",
                                          "fn:fold-right",
                                          "fn:for-each",
                                          "fn:for-each-pair",
                                          "fn:function-arity",
                                          "fn:function-lookup",
                                          "fn:function-name",
                                          "fn:json-to-xml",
                                          "fn:matches",
                                          "fn:parse-json",
                                          "fn:random-number-generator",
                                          "fn:replace",
                                          "fn:sort",
                                          "fn:tokenize",
                                          "fn:xml-to-json",
                                          "map:contains",
                                          "map:entry",
                                          "map:find",
                                          "map:for-each",
                                          "map:get",
                                          "map:keys",
                                          "map:merge",
                                          "map:put",
                                          "map:remove",
                                          "map:size",
                                          "array:append",
                                          "array:filter",
                                          "array:flatten",
                                          "array:fold-left",
                                          "array:fold-right",
                                          "array:for-each",
                                          "array:for-each-pair",
                                          "array:get",
                                          "array:head",
                                          "array:insert-before",
                                          "array:join",
                                          "array:put",
                                          "array:remove",
                                          "array:reverse",
                                          "array:size",
                                          "array:sort",
                                          "array:subarray",
                                          "array:tail"};

}  // namespace

std::span<const std::string_view> standard_names() {
    return kStandard;
}

std::span<const std::string_view> outside_names() {
    return kOutsideNames;
}

}  // namespace clacks::xquery
