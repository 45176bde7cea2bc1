// Whether a result is what a test case asserts (QT3, catalog-schema.xsd, abstractAssertion).
#pragma once

#include <optional>
#include <string>

#include "common/xquery/xquery.hpp"
#include "tests/qt3/environment.hpp"

namespace clacks::qt3 {

// What running a case gave: a result or an error.
struct Outcome {
    std::optional<xquery::Sequence> result;
    std::string error_code;
    std::string error_message;
    xquery::SerializationParameters parameters;  // as the query declares them
    std::optional<Diagnostic> parameters_error;
};

class Assertions {
  public:
    Assertions(const TestCase& test, const Environment& environment)
        : folder_(test.set->file.parent_path()), environment_(environment) {}

    // Why it does not hold, or "" when it holds.
    std::string check(const Element& assertion, const Outcome& outcome);

  private:
    std::string check_result(const Element& assertion, const Outcome& outcome);
    std::string any_of(const Element& assertion, const Outcome& outcome);
    std::string error(const Element& assertion, const Outcome& outcome) const;
    std::string string_value(const Element& assertion, const xquery::Sequence& result);
    std::string assert_xml(const Element& assertion, const xquery::Sequence& result);
    std::string serialization_matches(const Element& assertion, const Outcome& outcome);
    std::string serialization_error(const Element& assertion, const Outcome& outcome) const;
    // The verdict of a query in which $result is the result and $expected a text of the assertion.
    std::string holds(const std::string& query, const xquery::Sequence& result,
                      std::string_view expected = {});
    std::string text_of(const Element& assertion) const;

    std::filesystem::path folder_;
    const Environment& environment_;
};

// The result as an error message shows it.
std::string shown(const Outcome& outcome);
std::string shown(const xquery::Sequence& result);

}  // namespace clacks::qt3
