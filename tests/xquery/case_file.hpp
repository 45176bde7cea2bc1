// Files of whole queries and what they give (tests/xquery/cases/*.xqt). Their form:
//
//   # text                a comment
//   #document XML         the context document of the cases that follow
//   #file PATH            the same, read from a file below the source tree
//   #none                 no context item
//   #limit NAME NUMBER    for the cases that follow: query_bytes nesting recursion steps memory
//   #limits               the usual limits again
//   QUERY ==> RESULT      one case; items of the result are separated by " ~ "
//   #query                a case of several lines: the query, then
//   #expect               an item a line, then
//   #end
//
// A result is what the adaptive output method makes, or an error: "!CODE", "!CODE@line:column", either
// followed by " words" that its message or hint must hold.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "common/xquery/xquery.hpp"

namespace clacks::xquery_tests {

struct Case {
    std::string place;  // file:line
    std::string document;
    xquery::Limits limits;
    std::string query;
    std::string expected;
};

// Throws std::runtime_error for a file that is missing or not in this form.
std::vector<Case> read_cases(const std::string& path);
std::string read_file(const std::string& path);

// What came out, in the form of `expected`, so that the two are to be equal.
std::string outcome(const Case& one);

}  // namespace clacks::xquery_tests
