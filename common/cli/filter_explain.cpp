// `clacks filter explain`: what came of each part of a filter for one event, as the engine itself tells it.
#include <algorithm>
#include <string>

#include "common/base/text.hpp"
#include "common/cli/filter_events.hpp"
#include "common/cli/filter_text.hpp"
#include "common/cli/output.hpp"
#include "common/matching/understanding.hpp"
#include "common/xquery/analysis/conditions.hpp"
#include "common/xquery/analysis/holds.hpp"

namespace clacks::cli {

namespace {

using xquery::ExplainedExpression;
using Role = ExplainedExpression::Role;

constexpr std::uint64_t kMoreSteps = 16;  // for watching
constexpr std::size_t kMostWidth = 60;    // of an expression, where its parts come below it

// The expression with what says its role: "/e:Event", "//e:Status", "[e:Status = 'busy']".
std::string written(const ExplainedExpression& expression, std::string_view filter) {
    std::string text = one_line(expression.text, expression.parts.empty() ? 200 : kMostWidth);
    if (expression.role == Role::predicate) return "[" + text + "]";
    if (expression.role == Role::where) return "where " + text;
    if (expression.role != Role::step) return text;
    std::size_t begin = expression.offset;
    while (begin > 0 && filter[begin - 1] == '/') --begin;
    return std::string(filter.substr(begin, expression.offset - begin)) + text;
}

std::string outcome(const ExplainedExpression& expression) {
    if (expression.evaluations == 0) return "not evaluated";
    std::string text;
    if (expression.evaluations > 1) {
        text = std::to_string(expression.evaluations) + " times";
        if (expression.times_true > 0) text += ", true " + std::to_string(expression.times_true);
        if (!expression.values.empty()) text += ": ";
    }
    for (std::size_t i = 0; i < expression.values.size(); ++i)
        text += (i > 0 ? "; " : "") + expression.values[i];
    if (expression.evaluations > expression.values.size() && !expression.values.empty() &&
        expression.error.empty())
        text += "; …";
    if (!expression.error.empty()) return text + (text.empty() ? "" : "; ") + "fails: " + expression.error;
    return text.empty() ? "a part of it fails" : text;
}

// The context item at the begin of a path says nothing.
bool is_shown(const ExplainedExpression& expression) {
    return expression.role != Role::step || expression.text != ".";
}

// What is to blame, in the order of the text.
void collect_blamed(const ExplainedExpression& expression, std::vector<const ExplainedExpression*>& out) {
    if (expression.to_blame) out.push_back(&expression);
    for (const ExplainedExpression& part : expression.parts) collect_blamed(part, out);
}

std::string tree_of(const ExplainedExpression& expression, std::string_view filter, std::size_t depth) {
    std::vector<const ExplainedExpression*> parts;
    for (const ExplainedExpression& part : expression.parts)
        if (is_shown(part)) parts.push_back(&part);
    bool to_blame = expression.to_blame;
    // A path of one step is that step.
    if (parts.size() == 1 && parts.front()->role == Role::step) {
        const ExplainedExpression& step = *parts.front();
        to_blame = to_blame || step.to_blame;
        parts.clear();
        for (const ExplainedExpression& part : step.parts) parts.push_back(&part);
    }
    std::string text = (to_blame ? "> " : "  ") + std::string(2 * depth, ' ') + written(expression, filter) +
                       ": " + outcome(expression) + "\n";
    for (const ExplainedExpression* part : parts) text += tree_of(*part, filter, depth + 1);
    return text;
}

nlohmann::json json_of(const ExplainedExpression& expression) {
    constexpr const char* kRoles[] = {"part", "step", "predicate", "where"};
    auto parts = nlohmann::json::array();
    for (const ExplainedExpression& part : expression.parts) parts.push_back(json_of(part));
    return {{"role", kRoles[static_cast<std::size_t>(expression.role)]},
            {"text", expression.text},
            {"line", expression.line},
            {"column", expression.column},
            {"evaluations", expression.evaluations},
            {"true", expression.times_true},
            {"items", expression.items},
            {"values", expression.values},
            {"error", expression.error},
            {"to_blame", expression.to_blame},
            {"parts", std::move(parts)}};
}

// What the event definitions say of places within the expression.
std::string hints(const ExplainedExpression& expression, std::string_view filter,
                  const Diagnostics& problems) {
    std::string text;
    const Position end = position_of(filter, expression.offset + expression.length);
    const auto place = [](auto line, auto column) {
        return std::pair(std::size_t{line}, std::size_t{column});
    };
    for (const Diagnostic& problem : problems) {
        const auto at = place(problem.line, problem.column);
        if (at < place(expression.line, expression.column) || at >= place(end.line, end.column)) continue;
        text += "  " + problem.message + (problem.hint.empty() ? "" : "; " + problem.hint) + "\n";
    }
    return text;
}

struct Asked {
    std::string filter;
    std::string event;
    std::vector<std::string> folders;
};

using Blamed = std::vector<const ExplainedExpression*>;

void show(const Asked& asked, const xquery::Explanation& explanation, const Blamed& blamed,
          const Diagnostics& problems) {
    std::string text;
    for (const ExplainedExpression& expression : explanation.expressions)
        text += tree_of(expression, asked.filter, 0);
    for (const ExplainedExpression* one : blamed) {
        const bool failed = !explanation.verdict;
        text += (failed                  ? "failed: "
                 : one == blamed.front() ? "first false: "
                                         : "also false: ") +
                written(*one, asked.filter) + " (" + std::to_string(one->line) + ":" +
                std::to_string(one->column) + "): " + outcome(*one) + "\n" +
                hints(*one, asked.filter, problems);
    }
    print(text);
}

int explain(const Common& common, const Asked& asked) {
    xquery::CompileOptions compile = filter_options();
    const auto condition = xquery::analysis::condition_of(asked.filter, compile);
    const auto query = compile_filter(asked.filter);
    if (!query) return refuse_filter(query.error(), asked.filter);
    if (!condition) return refuse_filter(condition.error(), asked.filter);
    compile.explained = true;
    compile.limits.steps *= kMoreSteps;
    const auto watched = xquery::Query::compile(asked.filter, compile);
    if (!watched) return refuse_filter(watched.error(), asked.filter);
    const auto catalogue = filter_catalogue(asked.folders);
    if (!catalogue) return refuse_filter(catalogue.error(), {});
    const auto tree = event_document(asked.event);
    if (!tree) return failed(tree.error());

    xquery::DynamicContext context(compile.limits);
    context.set_context_item(**tree);
    const xquery::Explanation explanation = watched->explain(context);
    const std::string matched = filter_verdict(filter_matches(*query, **tree));
    matching::Understanding known;
    if (*catalogue) known = matching::understand(*condition, **catalogue);
    known.problems.insert(known.problems.end(), known.warnings.begin(), known.warnings.end());
    Blamed blamed;
    for (const ExplainedExpression& expression : explanation.expressions) collect_blamed(expression, blamed);
    if (!common.json) {
        show(asked, explanation, blamed, known.problems);
        print("the filter " + matched + "\n");
        return kSuccess;
    }
    auto expressions = nlohmann::json::array();
    for (const ExplainedExpression& expression : explanation.expressions)
        expressions.push_back(json_of(expression));
    print(json_text({{"verdict", matched},
                     {"condition", holds(*condition, **tree)},
                     {"false", blamed.empty() ? "" : blamed.front()->text},
                     {"expressions", std::move(expressions)}},
                    false) +
          "\n");
    return kSuccess;
}

}  // namespace

void add_filter_explain(Commands& commands, CLI::App* filter) {
    auto* explained = commands.add(filter, "explain", "Show what each part of a filter gives for an event");
    auto folders = std::make_shared<std::vector<std::string>>();
    explained
        ->add_option("--folder", *folders,
                     "Event definitions for hints; by default those of the installation, if there are any")
        ->type_name("DIR")
        ->allow_extra_args(false);
    const Words query(explained, "QUERY", "The XQuery", Words::one);
    const Words event(explained, "EVENT", "The event's file, - for standard input", Words::one);
    commands.run(explained, [query, event, folders](const Common& common) {
        return explain(common, {query.read().front(), event.read().front(), *folders});
    });
    explained->footer(
        "Each expression of the filter is shown with its value, its parts below it, and with how often it "
        "was\n"
        "evaluated if that was not once. The filter is evaluated as written, by the engine that the agent "
        "has.\n"
        "\"> \" marks what made it false first, of \"or\" all that did, or what failed. The last line is the "
        "verdict.");
}

}  // namespace clacks::cli
