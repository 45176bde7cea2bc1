// Calls library functions written as text, without the parser of the language: nested calls, literals,
// sequences and nodes of one sample document.
#pragma once

#include <catch2/catch.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/xml/tree.hpp"
#include "common/xquery/functions/library.hpp"

namespace clacks::xquery::function_tests {

// The document that `#N` is node N of:
//
//   0  document, base URI http://example.com/dir/doc.xml
//   1  <a:r xmlns:a="urn:a" xmlns="urn:d" xml:lang="en-GB"   2 @xml:lang
//   3    "one"
//   4    <b k="1" xml:base="sub/">                           5 @k  6 @xml:base   7 "two"
//   8    <b>                                                 9 "three"
//  10    <!--c-->
//  11    <?p q?>
//  12    <b k="1">                                          13 @k  14 <!--x-->  15 "two"
//  16    <n xmlns="">                                       17 "42"
const xml::Tree& sample();

struct Options {
    std::string_view base_uri = {};
    std::string_view default_collation = kCodepointCollation;
    Focus focus = {};
    std::size_t memory = 16 * 1024 * 1024;
    std::uint64_t steps = 1'000'000;
};

// The value as text, or the error's code: 'abc', 5, true, (), (1, 2), xs:double(1.5), #4,
// QName({urn:a}a:r).
std::string run(std::string_view call, const Options& options = {});
// Runs with one argument bound to $x, a string.
std::string run_with(std::string_view call, std::string_view x, const Options& options = {});
// The error the call fails with.
Error error_of(std::string_view call, const Options& options = {});
// Steps that the call takes.
std::uint64_t steps_of(std::string_view call, std::string_view x);

struct Case {
    std::string_view call;
    std::string_view expected;
};

template <std::size_t n>
void check(const Case (&cases)[n], const Options& options = {}) {
    for (const Case& one : cases) {
        INFO(one.call);
        CHECK(run(one.call, options) == one.expected);
    }
}

}  // namespace clacks::xquery::function_tests
