#include "tests/qt3/assertion.hpp"

#include "common/base/text.hpp"
#include "common/xml/characters.hpp"
#include "common/xml/parser.hpp"

namespace clacks::qt3 {

namespace {

constexpr std::size_t kShown = 300;

// A permutation: as many of each item on both sides, NaN equal to itself.
constexpr std::string_view kPermutation =
    "declare variable $result external; let $e := (EXPECTED) return count($e) = count($result) and "
    "(every $i in $e satisfies count($e[deep-equal(., $i)]) = count($result[deep-equal(., $i)]))";

// Expanded names, attributes in any order, text; comments and processing instructions count, prefixes do not.
bool same_node(const xml::Tree& a, xml::NodeIndex i, const xml::Tree& b, xml::NodeIndex j);

bool same_children(const xml::Tree& a, xml::NodeIndex i, const xml::Tree& b, xml::NodeIndex j) {
    xml::NodeIndex c = a.first_child(i), d = b.first_child(j);
    while (c < a[i].end && d < b[j].end) {
        if (!same_node(a, c, b, d)) return false;
        c = a[c].end;
        d = b[d].end;
    }
    return c >= a[i].end && d >= b[j].end;
}

bool same_attributes(const xml::Tree& a, xml::NodeIndex i, const xml::Tree& b, xml::NodeIndex j) {
    const xml::NodeIndex n = a.first_child(i) - i, m = b.first_child(j) - j;
    if (n != m) return false;
    for (xml::NodeIndex c = i + 1; c < i + n; ++c) {
        bool found = false;
        for (xml::NodeIndex d = j + 1; d < j + m && !found; ++d)
            found = a.name(c).view() == b.name(d).view() && a.string_value(c) == b.string_value(d);
        if (!found) return false;
    }
    return true;
}

bool same_node(const xml::Tree& a, xml::NodeIndex i, const xml::Tree& b, xml::NodeIndex j) {
    if (a.kind(i) != b.kind(j)) return false;
    if (a.has_name(i) && !(a.name(i).view() == b.name(j).view())) return false;
    if (a.kind(i) == xml::NodeKind::element) return same_attributes(a, i, b, j) && same_children(a, i, b, j);
    return a.kind(i) == xml::NodeKind::document ? same_children(a, i, b, j)
                                                : a.string_value(i) == b.string_value(j);
}

std::string without_declaration(std::string text) {
    if (text.starts_with("<?xml ")) {
        const std::size_t end = text.find("?>");
        if (end != std::string::npos) text.erase(0, end + 2);
    }
    return text;
}

TreePtr wrapped(const std::string& text) {
    xml::ParseLimits limits;
    limits.bytes = 64 * 1024 * 1024;
    limits.depth = 5000;
    limits.attributes = 5000;
    auto tree = xml::parse("<w>" + without_declaration(text) + "</w>", limits);
    return tree ? *tree : nullptr;
}

std::string normalized(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool space = c == ' ' || c == '\t' || c == '\n' || c == '\r';
        if (!space)
            out += c;
        else if (!out.empty() && out.back() != ' ')
            out += ' ';
    }
    if (!out.empty() && out.back() == ' ') out.pop_back();
    return out;
}

// An assertion is an XPath expression, whose literals know no references and keep their line ends; XQuery
// needs both to be written as references.
std::string xquery_of(std::string_view xpath) {
    std::string out;
    for (const char c : xpath) {
        if (c == '&')
            out += "&amp;";
        else if (c == '\r')
            out += "&#13;";
        else
            out += c;
    }
    return out;
}

}  // namespace

std::string shown(const xquery::Sequence& result) {
    return "result " + one_line(result.serialize(), kShown);
}

std::string shown(const Outcome& outcome) {
    if (!outcome.result) return "error " + outcome.error_code + ": " + outcome.error_message;
    return shown(*outcome.result);
}

std::string Assertions::text_of(const Element& assertion) const {
    const std::string_view file = assertion.attribute("file");
    return file.empty() ? std::string(assertion.text()) : read_file(folder_ / file);
}

std::string Assertions::check(const Element& assertion, const Outcome& outcome) {
    const std::string_view name = assertion.name();
    if (name == "any-of") return any_of(assertion, outcome);
    if (name == "all-of") {
        for (const Element& child : assertion.children()) {
            if (std::string why = check(child, outcome); !why.empty()) return why;
        }
        return {};
    }
    if (name == "not") {
        const std::string why = check(assertion.children().at(0), outcome);
        return why.empty() ? "holds, and should not" : "";
    }
    if (name == "error") return error(assertion, outcome);
    if (!outcome.result) return std::string(name) + ": " + shown(outcome);
    std::string why = check_result(assertion, outcome);
    return why.empty() ? why : std::string(name) + ": " + why;
}

std::string Assertions::any_of(const Element& assertion, const Outcome& outcome) {
    std::string reasons;
    for (const Element& child : assertion.children()) {
        const std::string why = check(child, outcome);
        if (why.empty()) return {};
        reasons += (reasons.empty() ? "" : " / ") + why;
    }
    return reasons;
}

std::string Assertions::error(const Element& assertion, const Outcome& outcome) const {
    std::string_view code = assertion.attribute("code");
    if (code.starts_with("Q{}")) code.remove_prefix(3);
    if (outcome.result) return "error " + std::string(code) + " expected, " + shown(outcome);
    // A limit of ours or a construct that is not evaluated is no error that a test can ask for.
    const bool own = outcome.error_code.find('-') != std::string::npos;
    if (outcome.error_code == code || (code == "*" && !own)) return {};
    return "error " + std::string(code) + " expected, " + shown(outcome);
}

std::string Assertions::holds(const std::string& query, const xquery::Sequence& result,
                              std::string_view expected) {
    xquery::CompileOptions options = environment_.options();
    options.external_variables.clear();
    auto compiled = xquery::Query::compile(query, options);
    if (!compiled) return "the assertion does not compile: " + to_string(compiled.error());
    xquery::DynamicContext context(Environment::limits());
    context.bind("result", result);
    context.bind("expected", expected);
    const auto verdict = compiled->matches(context);
    if (!verdict) return to_string(verdict.error()) + ", " + shown(result);
    return *verdict ? "" : shown(result);
}

std::string Assertions::check_result(const Element& assertion, const Outcome& outcome) {
    const xquery::Sequence& result = *outcome.result;
    const std::string_view name = assertion.name();
    const std::string prolog = "declare variable $result external; ";
    const std::string text = text_of(assertion), expression = xquery_of(text);
    if (name == "assert") return holds(prolog + expression, result);
    if (name == "assert-eq") return holds(prolog + "$result eq (" + expression + ")", result);
    if (name == "assert-count")
        return result.size() == std::stoul(text) ? "" : std::to_string(result.size()) + " items";
    if (name == "assert-deep-eq") return holds(prolog + "deep-equal($result, (" + expression + "))", result);
    if (name == "assert-permutation") {
        std::string query(kPermutation);
        return holds(query.replace(query.find("EXPECTED"), 8, expression), result);
    }
    if (name == "assert-type") return holds(prolog + "$result instance of " + expression, result);
    if (name == "assert-true") return holds(prolog + "$result instance of xs:boolean and $result", result);
    if (name == "assert-false")
        return holds(prolog + "$result instance of xs:boolean and not($result)", result);
    if (name == "assert-empty") return result.size() == 0 ? "" : shown(result);
    if (name == "assert-string-value") return string_value(assertion, result);
    if (name == "assert-xml") return assert_xml(assertion, result);
    if (name == "serialization-matches") return serialization_matches(assertion, outcome);
    if (name == "assert-serialization-error") return serialization_error(assertion, outcome);
    return "unknown assertion";
}

std::string Assertions::string_value(const Element& assertion, const xquery::Sequence& result) {
    const std::string expected = text_of(assertion);
    const std::string joined = "string-join(for $r in $result return string($r), ' ')";
    const std::string prolog = "declare variable $result external; declare variable $expected external; ";
    if (assertion.attribute("normalize-space") != "true")
        return holds(prolog + joined + " eq $expected", result, expected);
    return holds(prolog + "normalize-space(" + joined + ") eq $expected", result, normalized(expected));
}

std::string Assertions::assert_xml(const Element& assertion, const xquery::Sequence& result) {
    xquery::SerializationParameters parameters;
    parameters.omit_xml_declaration = true;
    const auto serialized = result.serialize(parameters);
    if (!serialized) return to_string(serialized.error());
    // White space around the whole is that of the catalog's lines.
    const std::string text(xml::trim(*serialized));
    const std::string wanted(xml::trim(text_of(assertion)));
    if (text == wanted) return {};
    const TreePtr expected = wrapped(wanted), actual = wrapped(text);
    if (!expected) return "the expectation is not well-formed";
    if (!actual) return "not well-formed: " + one_line(text, kShown);
    return same_node(*actual, 0, *expected, 0) ? "" : one_line(text, kShown);
}

namespace {

Result<std::string> serialized(const Outcome& outcome) {
    if (outcome.parameters_error) return *outcome.parameters_error;
    return outcome.result->serialize(outcome.parameters);
}

}  // namespace

std::string Assertions::serialization_matches(const Element& assertion, const Outcome& outcome) {
    const auto characters = serialized(outcome);
    if (!characters) return to_string(characters.error());
    const std::string& text = *characters;
    xquery::DynamicContext context(Environment::limits());
    const auto query = xquery::Query::compile(
        "declare variable $text external; declare variable $pattern external; "
        "declare variable $flags external; matches($text, $pattern, $flags)");
    if (!query) return to_string(query.error());
    const std::string pattern = text_of(assertion);
    context.bind("text", std::string_view(text));
    context.bind("pattern", std::string_view(pattern));
    context.bind("flags", assertion.attribute("flags"));
    const auto verdict = query->matches(context);
    if (!verdict) return to_string(verdict.error());
    return *verdict ? "" : one_line(text, kShown);
}

std::string Assertions::serialization_error(const Element& assertion, const Outcome& outcome) const {
    const auto text = serialized(outcome);
    const std::string_view code = assertion.attribute("code");
    if (!text && (text.error().code == code || code == "*")) return {};
    return "error " + std::string(code) + " expected, " +
           (text ? one_line(*text, kShown) : to_string(text.error()));
}

}  // namespace clacks::qt3
