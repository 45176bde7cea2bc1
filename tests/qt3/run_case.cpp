#include "tests/qt3/run_case.hpp"

#include <stdexcept>

#include "tests/qt3/assertion.hpp"

namespace clacks::qt3 {

namespace {

struct Text {
    std::string query;
    std::string source;
    std::string base_uri;
};

Text text_of(const TestCase& test) {
    const Element element = test.element.children("test").at(0);
    const std::string_view file = element.attribute("file");
    if (file.empty()) return {std::string(element.text()), test.name, {}};
    const std::filesystem::path path = test.set->file.parent_path() / file;
    return {read_file(path), path.string(), file_uri(path)};
}

void keep(Outcome& outcome, const Diagnostic& error) {
    outcome.error_code = error.code;
    outcome.error_message = to_string(error);
}

}  // namespace

std::string run_case(const Suite& suite, const TestCase& test, bool rewrites) {
    try {
        Environment environment(suite, test);
        const Text text = text_of(test);
        xquery::CompileOptions options = environment.options();
        options.source = text.source;
        if (!rewrites) options.without_rewrites = {"all"};
        if (!text.base_uri.empty() && !options.base_uri.empty()) options.base_uri = text.base_uri;
        Outcome outcome;
        xquery::DynamicContext context(Environment::limits());
        const auto query = xquery::Query::compile(text.query, options);
        if (!query) {
            keep(outcome, query.error().front());
        } else {
            const auto parameters = query->serialization();
            if (parameters)
                outcome.parameters = *parameters;
            else
                outcome.parameters_error = parameters.error();
            environment.prepare(context);
            auto result = query->evaluate(context);
            if (result)
                outcome.result = *result;
            else
                keep(outcome, result.error());
        }
        Assertions assertions(test, environment);
        const Element expected = test.element.children("result").at(0).children().at(0);
        return assertions.check(expected, outcome);
    } catch (const std::exception& error) {
        return std::string("the case cannot be set up: ") + error.what();
    }
}

}  // namespace clacks::qt3
