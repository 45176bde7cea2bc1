// Functions on strings, URIs and QNames; the rows are mostly the examples of Functions and Operators 3.1.
#include "tests/xquery/function_calls.hpp"

namespace clacks::xquery::function_tests {

TEST_CASE("code points") {
    check({
        {"fn:codepoints-to-string((66, 65, 67, 72))", "'BACH'"},
        {"fn:codepoints-to-string((8364, 128512, 228))", "'€😀ä'"},
        {"fn:codepoints-to-string(())", "''"},
        {"fn:codepoints-to-string(0)", "FOCH0001"},
        {"fn:codepoints-to-string(55296)", "FOCH0001"},
        {"fn:codepoints-to-string(1114112)", "FOCH0001"},
        {"fn:codepoints-to-string(-1)", "FOCH0001"},
        {"fn:codepoints-to-string(65534)", "FOCH0001"},
        {"fn:codepoints-to-string(99999999999999999999999)", "FOCH0001"},
        {"fn:string-to-codepoints('Thérèse')", "(84, 104, 233, 114, 232, 115, 101)"},
        {"fn:string-to-codepoints('€😀')", "(8364, 128512)"},
        {"fn:string-to-codepoints('')", "()"},
        {"fn:string-to-codepoints(())", "()"},
        {"fn:codepoint-equal('abcd', 'abcd')", "true"},
        {"fn:codepoint-equal('abcd', 'abcd ')", "false"},
        {"fn:codepoint-equal('', '')", "true"},
        {"fn:codepoint-equal('', ())", "()"},
    });
}

TEST_CASE("comparison and collations") {
    check({
        {"fn:compare('abc', 'abc')", "0"},
        {"fn:compare('Strasse', 'Straße')", "-1"},
        {"fn:compare('b', 'a')", "1"},
        {"fn:compare('\xEF\xBF\xBD', '😀')", "-1"},  // by code points, not by UTF-16 units
        {"fn:compare((), 'a')", "()"},
        {"fn:compare('a', 'b', 'http://www.w3.org/2005/xpath-functions/collation/codepoint')", "-1"},
        {"fn:compare('ABC', 'abc', "
         "'http://www.w3.org/2005/xpath-functions/collation/html-ascii-case-insensitive')",
         "0"},
        {"fn:compare('Ä', 'ä', "
         "'http://www.w3.org/2005/xpath-functions/collation/html-ascii-case-insensitive')",
         "-1"},
        {"fn:compare('a', 'b', 'http://example.com/none')", "FOCH0002"},
        {"fn:contains('a', 'b', 'http://example.com/none')", "FOCH0002"},
        {"fn:compare((), 'b', 'http://example.com/none')", "FOCH0002"},
        {"fn:contains('tattoo', 'TT', "
         "'http://www.w3.org/2005/xpath-functions/collation/html-ascii-case-insensitive')",
         "true"},
        {"fn:substring-after('Tattoo', 'TA', "
         "'http://www.w3.org/2005/xpath-functions/collation/html-ascii-case-insensitive')",
         "'ttoo'"},
    });
    const Options folded{.default_collation =
                             "http://www.w3.org/2005/xpath-functions/collation/html-ascii-case-insensitive"};
    CHECK(run("fn:starts-with('Motor', 'mO')", folded) == "true");
    CHECK(run("fn:distinct-values(('a', 'A', 'b'))", folded) == "('a', 'b')");
    CHECK(run("fn:index-of(('a', 'A', 'b'), 'a')", folded) == "(1, 2)");
    CHECK(run("fn:deep-equal('a', 'A')", folded) == "true");
    CHECK(run("fn:max(('a', 'C', 'b'))", folded) == "'C'");
    const Options based{.base_uri = "http://www.w3.org/2005/xpath-functions/"};
    CHECK(run("fn:compare('A', 'a', 'collation/html-ascii-case-insensitive')", based) == "0");
    CHECK(run("fn:compare('A', 'a', 'collation/none')", based) == "FOCH0002");
    CHECK(run("fn:default-collation()", folded) == "'" + std::string(folded.default_collation) + "'");
}

TEST_CASE("joining") {
    check({
        {"fn:concat('un', 'grateful')", "'ungrateful'"},
        {"fn:concat('Thy ', (), 'old ', 'groans', '', ' ring')", "'Thy old groans ring'"},
        {"fn:concat(1, 2, 3.5, fn:true(), 1e0)", "'123.5true1'"},
        {"fn:concat((), ())", "''"},
        {"fn:concat(#4, #5)", "'two1'"},
        {"fn:concat('a')", "XPST0017"},
        {"fn:concat(('a', 'b'), 'c')", "XPTY0004"},
        {"fn:string-join(('Now', 'is', 'the'), ' ')", "'Now is the'"},
        {"fn:string-join(('a', 'b'))", "'ab'"},
        {"fn:string-join((), 'x')", "''"},
        {"fn:string-join(1 to 5, ', ')", "'1, 2, 3, 4, 5'"},
        {"fn:string-join((#4, #8), '|')", "'two|three'"},
    });
}

TEST_CASE("substrings count code points and round their bounds") {
    check({
        {"fn:substring('motor car', 6)", "' car'"},
        {"fn:substring('metadata', 4, 3)", "'ada'"},
        {"fn:substring('12345', 1.5, 2.6)", "'234'"},
        {"fn:substring('12345', 0, 3)", "'12'"},
        {"fn:substring('12345', 5, -3)", "''"},
        {"fn:substring('12345', -3, 5)", "'1'"},
        {"fn:substring('12345', xs:double('NaN'), 3)", "''"},
        {"fn:substring('12345', 1, xs:double('NaN'))", "''"},
        {"fn:substring((), 1, 3)", "''"},
        {"fn:substring('12345', -42, xs:double('INF'))", "'12345'"},
        {"fn:substring('12345', xs:double('-INF'), xs:double('INF'))", "''"},
        {"fn:substring('12345', 0.49999999999999994e0, 1)", "''"},
        {"fn:substring('12345', 1e300)", "''"},
        {"fn:substring('Thérèse', 3, 3)", "'érè'"},
        {"fn:substring('😀b😀d', 2, 2)", "'b😀'"},
        {"fn:substring('😀b', 1)", "'😀b'"},
        {"fn:string-length('Harp not on that string, madam; that is past.')", "45"},
        {"fn:string-length('Thé😀')", "4"},
        {"fn:string-length(())", "0"},
        {"fn:substring-before('tattoo', 'attoo')", "'t'"},
        {"fn:substring-before('tattoo', 'tatto')", "''"},
        {"fn:substring-before('tattoo', '')", "''"},
        {"fn:substring-before((), ())", "''"},
        {"fn:substring-before('aéb', 'b')", "'aé'"},
        {"fn:substring-after('tattoo', 'tat')", "'too'"},
        {"fn:substring-after('tattoo', 'tattoo')", "''"},
        {"fn:substring-after('tattoo', '')", "'tattoo'"},
        {"fn:substring-after('', 'a')", "''"},
        {"fn:substring-after('aéb', 'é')", "'b'"},
    });
}

TEST_CASE("searching") {
    check({
        {"fn:contains('tattoo', 't')", "true"},
        {"fn:contains('tattoo', 'ttt')", "false"},
        {"fn:contains('', ())", "true"},
        {"fn:contains((), 'a')", "false"},
        {"fn:contains('a', 'ab')", "false"},
        {"fn:starts-with('tattoo', 'tat')", "true"},
        {"fn:starts-with('tattoo', 'att')", "false"},
        {"fn:starts-with((), ())", "true"},
        {"fn:ends-with('tattoo', 'tattoo')", "true"},
        {"fn:ends-with('tattoo', 'atto')", "false"},
        {"fn:ends-with('tattoo', '')", "true"},
        {"fn:contains-token('red green blue ', 'red')", "true"},
        {"fn:contains-token(('red', 'green'), ' green ')", "true"},
        {"fn:contains-token('red, green', 'red')", "false"},
        {"fn:contains-token('red green', 'red green')", "false"},
        {"fn:contains-token('red', '')", "false"},
        {"fn:contains-token((), 'red')", "false"},
        {"fn:contains-token('red', 'RED', "
         "'http://www.w3.org/2005/xpath-functions/collation/html-ascii-case-insensitive')",
         "true"},
    });
}

TEST_CASE("a search is linear in its texts") {
    const std::string text(400'000, 'a');
    const std::string part = text.substr(0, 200'000) + "b";
    CHECK(run_with("fn:contains($x, fn:concat(fn:substring($x, 200001), 'b'))", text) == "false");
    CHECK(run_with("fn:string-length(fn:substring-after(fn:concat($x, 'b'), $x))", part) == "1");
}

TEST_CASE("white space, case and normalization") {
    check({
        {"fn:normalize-space('  The \t wealthy\n curled  ')", "'The wealthy curled'"},
        {"fn:normalize-space(' \n ')", "''"},
        {"fn:normalize-space(())", "''"},
        {"fn:normalize-space('\xC2\xA0x')", "'\xC2\xA0x'"},  // only the space of XML
        {"fn:upper-case('abCd0')", "'ABCD0'"},
        {"fn:upper-case('straße')", "'STRASSE'"},
        {"fn:upper-case('éa')", "'ÉA'"},
        {"fn:lower-case('ABc!D')", "'abc!d'"},
        {"fn:lower-case('ÀΣ')", "'àς'"},
        {"fn:lower-case(())", "''"},
        {"fn:translate('bar', 'abc', 'AB')", "'BAr'"},
        {"fn:translate('--aaa--', 'abc-', 'ABC')", "'AAA'"},
        {"fn:translate('abcdabc', 'abc', 'AB')", "'ABdAB'"},
        {"fn:translate('aaa', 'aa', 'xy')", "'xxx'"},
        {"fn:translate('é€', '€é', 'e')", "'e'"},
        {"fn:translate((), 'a', 'b')", "''"},
        {"fn:string-to-codepoints(fn:normalize-unicode('e\xCC\x81'))", "233"},
        {"fn:string-to-codepoints(fn:normalize-unicode('é', ' nfd '))", "(101, 769)"},
        {"fn:normalize-unicode('ﬁ', 'NFKC')", "'fi'"},
        {"fn:normalize-unicode('ﬁ', 'NFC')", "'ﬁ'"},
        {"fn:string-to-codepoints(fn:normalize-unicode('e\xCC\x81', ''))", "(101, 769)"},
        {"fn:normalize-unicode('a', 'NFX')", "FOCH0003"},
        {"fn:normalize-unicode(())", "''"},
    });
}

TEST_CASE("escaping of URIs") {
    check({
        {"fn:encode-for-uri('http://example.com/00/Weather/CA/Los%20Angeles#ocean')",
         "'http%3A%2F%2Fexample.com%2F00%2FWeather%2FCA%2FLos%2520Angeles%23ocean'"},
        {"fn:encode-for-uri('~bébé')", "'~b%C3%A9b%C3%A9'"},
        {"fn:iri-to-uri('http://www.example.com/00/Weather/CA/Los%20Angeles#ocean')",
         "'http://www.example.com/00/Weather/CA/Los%20Angeles#ocean'"},
        {"fn:iri-to-uri('http://www.example.com/~bébé <x>')",
         "'http://www.example.com/~b%C3%A9b%C3%A9%20%3Cx%3E'"},
        {"fn:escape-html-uri('javascript:if (a<b) é')", "'javascript:if (a<b) %C3%A9'"},
        {"fn:escape-html-uri(())", "''"},
    });
}

TEST_CASE("resolution of URIs") {
    // RFC 3986, 5.4.
    const std::pair<const char*, const char*> references[] = {
        {"g:h", "g:h"},
        {"g", "http://a/b/c/g"},
        {"./g", "http://a/b/c/g"},
        {"g/", "http://a/b/c/g/"},
        {"/g", "http://a/g"},
        {"//g", "http://g"},
        {"?y", "http://a/b/c/d;p?y"},
        {"g?y", "http://a/b/c/g?y"},
        {"#s", "http://a/b/c/d;p?q#s"},
        {"g#s", "http://a/b/c/g#s"},
        {";x", "http://a/b/c/;x"},
        {"", "http://a/b/c/d;p?q"},
        {".", "http://a/b/c/"},
        {"..", "http://a/b/"},
        {"../g", "http://a/b/g"},
        {"../..", "http://a/"},
        {"../../../g", "http://a/g"},
        {"/./g", "http://a/g"},
        {"/../g", "http://a/g"},
        {"g.", "http://a/b/c/g."},
        {"..g", "http://a/b/c/..g"},
        {"./g/.", "http://a/b/c/g/"},
        {"g/../h", "http://a/b/c/h"},
        {"g;x=1/../y", "http://a/b/c/y"},
        {"g?y/../x", "http://a/b/c/g?y/../x"},
    };
    for (const auto& [relative, resolved] : references) {
        INFO(relative);
        CHECK(run_with("fn:resolve-uri($x, 'http://a/b/c/d;p?q')", relative) ==
              "xs:anyURI(" + std::string(resolved) + ")");
    }
    check({
        {"fn:resolve-uri('g', 'http://a')", "xs:anyURI(http://a/g)"},
        {"fn:resolve-uri((), 'http://a/')", "()"},
        {"fn:resolve-uri('b')", "FONS0005"},
        {"fn:resolve-uri('urn:b')", "xs:anyURI(urn:b)"},
        {"fn:resolve-uri('b', 'relative')", "FORG0002"},
        {"fn:resolve-uri('%gg', 'http://a/')", "FORG0002"},
        {"fn:resolve-uri(':b', 'http://a/')", "FORG0002"},
        {"fn:resolve-uri('a#b#c', 'http://a/')", "FORG0002"},
    });
    CHECK(run("fn:resolve-uri('b')", {.base_uri = "http://x/y"}) == "xs:anyURI(http://x/b)");
}

TEST_CASE("QNames") {
    check({
        {"fn:QName('http://www.example.com/', 'p:person')", "QName({http://www.example.com/}p:person)"},
        {"fn:QName('urn:x', 'person')", "QName({urn:x}:person)"},
        {"fn:QName((), 'person')", "QName({}:person)"},
        {"fn:QName('', 'p:person')", "FOCA0002"},
        {"fn:QName('urn:x', '1a')", "FOCA0002"},
        {"fn:QName('urn:x', ':a')", "FOCA0002"},
        {"fn:QName('urn:x', 'a:b:c')", "FOCA0002"},
        {"fn:resolve-QName('a:x', #4)", "QName({urn:a}a:x)"},
        {"fn:resolve-QName('x', #4)", "QName({urn:d}:x)"},
        {"fn:resolve-QName('x', #16)", "QName({}:x)"},
        {"fn:resolve-QName('xml:lang', #4)", "QName({http://www.w3.org/XML/1998/namespace}xml:lang)"},
        {"fn:resolve-QName((), #4)", "()"},
        {"fn:resolve-QName('no:x', #4)", "FONS0004"},
        {"fn:resolve-QName('a x', #4)", "FOCA0002"},
        {"fn:resolve-QName('x', #5)", "XPTY0004"},
        {"fn:prefix-from-QName(fn:QName('urn:x', 'p:l'))", "xs:NCName(p)"},
        {"fn:prefix-from-QName(fn:QName('urn:x', 'l'))", "()"},
        {"fn:local-name-from-QName(fn:QName('urn:x', 'p:l'))", "xs:NCName(l)"},
        {"fn:namespace-uri-from-QName(fn:QName('urn:x', 'p:l'))", "xs:anyURI(urn:x)"},
        {"fn:namespace-uri-from-QName(())", "()"},
        {"fn:namespace-uri-for-prefix('a', #4)", "xs:anyURI(urn:a)"},
        {"fn:namespace-uri-for-prefix('', #4)", "xs:anyURI(urn:d)"},
        {"fn:namespace-uri-for-prefix((), #16)", "()"},
        {"fn:namespace-uri-for-prefix('no', #4)", "()"},
        {"fn:in-scope-prefixes(#4)", "('xml', 'a', '')"},
        {"fn:in-scope-prefixes(#16)", "('xml', 'a')"},
        {"xs:QName('a:b')", "QName({urn:a}a:b)"},
        {"xs:QName('no:b')", "FONS0004"},
    });
}

}  // namespace clacks::xquery::function_tests
