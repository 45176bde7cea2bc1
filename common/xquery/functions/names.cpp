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

constexpr std::string_view kStandard[] = {"fn:adjust-date-to-timezone",
                                          "fn:adjust-dateTime-to-timezone",
                                          "fn:adjust-time-to-timezone",
                                          "fn:analyze-string",
                                          "fn:apply",
                                          "fn:current-date",
                                          "fn:current-dateTime",
                                          "fn:current-time",
                                          "fn:dateTime",
                                          "fn:day-from-date",
                                          "fn:day-from-dateTime",
                                          "fn:days-from-duration",
                                          "fn:filter",
                                          "fn:fold-left",
                                          "fn:fold-right",
                                          "fn:for-each",
                                          "fn:for-each-pair",
                                          "fn:format-date",
                                          "fn:format-dateTime",
                                          "fn:format-integer",
                                          "fn:format-number",
                                          "fn:format-time",
                                          "fn:function-arity",
                                          "fn:function-lookup",
                                          "fn:function-name",
                                          "fn:hours-from-dateTime",
                                          "fn:hours-from-duration",
                                          "fn:hours-from-time",
                                          "fn:implicit-timezone",
                                          "fn:json-to-xml",
                                          "fn:matches",
                                          "fn:minutes-from-dateTime",
                                          "fn:minutes-from-duration",
                                          "fn:minutes-from-time",
                                          "fn:month-from-date",
                                          "fn:month-from-dateTime",
                                          "fn:months-from-duration",
                                          "fn:parse-ietf-date",
                                          "fn:parse-json",
                                          "fn:random-number-generator",
                                          "fn:replace",
                                          "fn:seconds-from-dateTime",
                                          "fn:seconds-from-duration",
                                          "fn:seconds-from-time",
                                          "fn:sort",
                                          "fn:timezone-from-date",
                                          "fn:timezone-from-dateTime",
                                          "fn:timezone-from-time",
                                          "fn:tokenize",
                                          "fn:xml-to-json",
                                          "fn:year-from-date",
                                          "fn:year-from-dateTime",
                                          "fn:years-from-duration",
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
