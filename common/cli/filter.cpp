#include "common/base/text.hpp"
#include "common/cli/filter_events.hpp"
#include "common/cli/filter_text.hpp"
#include "common/cli/input.hpp"
#include "common/cli/output.hpp"
#include "common/events/catalogue.hpp"
#include "common/matching/understanding.hpp"
#include "common/xquery/analysis/conditions.hpp"
#include "common/xquery/xquery.hpp"

namespace clacks::cli {

namespace {

struct Options {
    std::string query;
    std::string file;
    std::vector<std::string> folders;
    bool lenient = false;
};

nlohmann::json problem_json(const Diagnostic& problem, bool warning) {
    return {{"code", problem.code},
            {"message", problem.message},
            {"hint", problem.hint},
            {"source", problem.source},
            {"line", problem.line},
            {"column", problem.column},
            {"end_line", problem.end_line},
            {"end_column", problem.end_column},
            {"warning", warning}};
}

int report(const Common& common, std::string_view query, const Diagnostics& errors,
           const Diagnostics& warnings) {
    auto list = nlohmann::json::array();
    const auto show = [&](const Diagnostics& problems, bool warning) {
        for (const auto& problem : problems) {
            list.push_back(problem_json(problem, warning));
            if (common.json) continue;
            const std::string text = one_line(to_string(problem), 4000);
            std::fprintf(stderr, "%s%s\n", warning ? "warning: " : "", text.c_str());
            point_out(problem, query);
        }
    };
    show(errors, false);
    show(warnings, true);
    if (common.json) print(json_text(list, false) + "\n");
    return errors.empty() ? kSuccess : kFailed;
}

// What an agent makes of the filter.
std::string shown(const matching::Understanding& found, std::size_t types,
                  const xquery::CompileOptions& compile) {
    std::string names;
    for (const std::string& name : found.events) names += (names.empty() ? "" : ", ") + name;
    if (found.events.size() == types) names = "every one";
    return "events: " + names + "\ncondition: " + to_string(found.condition, compile.namespaces) +
           "\nresidual: " +
           (found.sufficient ? "none, the condition says it all\n"
                             : "the whole filter, for events of which the condition holds\n");
}

// Beside the event definitions: what can never match is an error, or with --lenient a warning.
int judge(const Common& common, const Options& options, std::string_view text,
          const xquery::CompileOptions& compile, Diagnostics warnings) {
    const auto catalogue = filter_catalogue(options.folders);
    if (!catalogue) return report(common, text, catalogue.error(), warnings);
    matching::Understanding found;
    if (*catalogue) {
        const auto condition = xquery::analysis::condition_of(text, compile);
        if (!condition) return report(common, text, condition.error(), warnings);
        found = matching::understand(*condition, **catalogue);
    }
    Diagnostics errors = std::move(found.problems);
    for (Diagnostics* told : {&errors, &found.warnings})
        for (Diagnostic& problem : *told) problem.source = compile.source;
    if (options.lenient) found.warnings.insert(found.warnings.end(), errors.begin(), errors.end());
    if (options.lenient) errors.clear();
    warnings.insert(warnings.end(), found.warnings.begin(), found.warnings.end());
    const int status = report(common, text, errors, warnings);
    if (status != kSuccess || common.quiet || common.json) return status;
    print("the filter is good\n");
    if (*catalogue && !found.events.empty()) print(shown(found, (*catalogue)->types().size(), compile));
    return status;
}

int check(const Common& common, const Options& options) {
    if (options.query.empty() == options.file.empty()) throw UsageError{"give either QUERY or --filter-file"};
    std::string text = options.query;
    if (!options.file.empty()) {
        auto read = read_input(options.file);
        if (!read) return failed(read.error());
        text = std::move(read).value();
    }
    const std::string source = options.file.empty()  ? "filter"
                               : options.file == "-" ? "standard input"
                                                     : options.file;
    const auto query = compile_filter(text, source);
    if (!query) return report(common, text, query.error(), {});
    return judge(common, options, text, filter_options(source), query->warnings());
}

}  // namespace

void add_filter(Commands& commands) {
    auto* group = commands.app.add_subcommand("filter", "Work on filters");
    group->require_subcommand(1);
    auto options = std::make_shared<Options>();
    auto* command = commands.add(group, "check", "Compile a filter as the agent does, without an agent");
    commands.run(command, [options](const Common& common) { return check(common, *options); });
    command->add_option("QUERY", options->query, "The XQuery")->type_name("");
    command->add_option("-f,--filter-file", options->file, "The same from a file, - for standard input")
        ->type_name("FILE");
    command
        ->add_option(
            "--folder", options->folders,
            "Event definitions to judge it by; by default those of the installation, if there are any")
        ->type_name("DIR")
        ->allow_extra_args(false);  // the query follows it
    command->add_flag("--lenient", options->lenient, "A filter that no event can match is only warned of");
    command->footer(
        "Errors are written as FILE:LINE:COLUMN: [CODE] what; hint, then the line at fault. Exit status 1 "
        "where there is one.\n"
        "Warnings tell what can have no value but may never be evaluated, what finds nothing ever, and what "
        "makes\n"
        "no difference.\n"
        "A good filter is shown with the events that it can match, the condition that an event has to meet\n"
        "before the filter is asked, and whether it then has to be.");
    add_filter_events(commands, group);
    add_filter_explain(commands, group);
}

}  // namespace clacks::cli
