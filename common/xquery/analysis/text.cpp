// Conditions as people read them.
#include <charconv>
#include <cmath>

#include "common/xquery/analysis/conditions.hpp"

namespace clacks::xquery::analysis {

namespace {

using Namespaces = std::vector<std::pair<std::string, std::string>>;

std::string name_of(const Step& step, const Namespaces& namespaces) {
    std::string local = step.local.value_or("*");
    if (!step.uri) return step.local ? "*:" + local : local;
    if (step.uri->empty()) return step.local ? local : "Q{}*";
    for (const auto& [prefix, uri] : namespaces) {
        if (uri != *step.uri) continue;
        if (!prefix.empty()) local.insert(0, prefix + ":");
        return local;
    }
    return "Q{" + *step.uri + "}" + local;
}

std::string text_of(double number) {
    if (std::isnan(number)) return "NaN";
    if (std::isinf(number)) return number < 0 ? "-INF" : "INF";
    char room[32];
    return {room, std::to_chars(room, room + sizeof room, number).ptr};
}

std::string text_of(const Literal& literal) {
    if (const auto* number = std::get_if<double>(&literal)) return text_of(*number);
    if (const auto* truth = std::get_if<bool>(&literal)) return *truth ? "true()" : "false()";
    std::string text = "\"";
    for (const char c : std::get<std::string>(literal)) text += c == '"' ? "\"\"" : std::string(1, c);
    return text + "\"";
}

std::string text_of(const Test& test, const Namespaces& namespaces) {
    std::string path = to_string(test.path, namespaces);
    switch (test.kind) {
        case Test::Kind::exists:
            return path;
        case Test::Kind::equal:
            return path + " = " + text_of(test.literal);
        case Test::Kind::not_equal:
            return path + " != " + text_of(test.literal);
        case Test::Kind::starts_with:
            return "starts-with(" + path + ", " + text_of(test.literal) + ")";
        case Test::Kind::within:
            break;
    }
    const auto high = [&] { return (test.high->included ? " <= " : " < ") + text_of(test.high->value); };
    if (!test.low) return test.high ? path + high() : path;
    if (!test.high) return path + (test.low->included ? " >= " : " > ") + text_of(test.low->value);
    return text_of(test.low->value) + (test.low->included ? " <= " : " < ") + path + high();
}

std::string joined(const Condition& condition, std::string_view word, const Namespaces& namespaces) {
    std::string text;
    for (const Condition& part : condition.parts) {
        if (!text.empty()) text += word;
        const bool nested = part.kind == Condition::Kind::all_of || part.kind == Condition::Kind::any_of;
        text += nested ? "(" + to_string(part, namespaces) + ")" : to_string(part, namespaces);
    }
    return text;
}

}  // namespace

std::string to_string(const Path& path, const Namespaces& namespaces) {
    if (path.empty()) return "/";
    std::string text;
    for (const Step& step : path) {
        if (step.axis == Step::Axis::descendant) {
            text += "//";
        } else if (!text.empty()) {
            text += "/";
        }
        if (step.axis == Step::Axis::attribute) text += "@";
        text += name_of(step, namespaces);
    }
    return text;
}

std::string to_string(const Condition& condition, const Namespaces& namespaces) {
    switch (condition.kind) {
        case Condition::Kind::always:
            return "true()";
        case Condition::Kind::never:
            return "false()";
        case Condition::Kind::all_of:
            return joined(condition, " and ", namespaces);
        case Condition::Kind::any_of:
            return joined(condition, " or ", namespaces);
        case Condition::Kind::none_of:
            return "not(" + to_string(condition.parts.front(), namespaces) + ")";
        case Condition::Kind::test:
            return text_of(condition.test, namespaces);
    }
    return {};
}

}  // namespace clacks::xquery::analysis
