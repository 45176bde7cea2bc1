#include "common/base/text.hpp"
#include "common/cli/command.hpp"
#include "common/cli/filter_text.hpp"
#include "common/cli/input.hpp"
#include "common/cli/output.hpp"

namespace clacks::cli {

namespace {

struct Options {
    std::string query;
    std::string file;
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

int check(const Common& common, const Options& options) {
    if (options.query.empty() == options.file.empty()) throw UsageError{"give either QUERY or --filter-file"};
    std::string text = options.query;
    if (!options.file.empty()) {
        auto read = read_input(options.file);
        if (!read) return failed(read.error());
        text = std::move(read).value();
    }
    const std::string from_file = options.file == "-" ? "standard input" : options.file;
    const auto query = compile_filter(text, options.file.empty() ? "filter" : from_file);
    const int status =
        query ? report(common, text, {}, query->warnings()) : report(common, text, query.error(), {});
    if (query && !common.quiet && !common.json) print("the filter is good\n");
    return status;
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
    command->footer(
        "Errors are written as FILE:LINE:COLUMN: [CODE] what; hint, then the line at fault. Exit status 1 "
        "where there is one.\n"
        "Warnings tell what can have no value but may never be evaluated, what finds nothing ever, and what "
        "makes\n"
        "no difference.");
}

}  // namespace clacks::cli
