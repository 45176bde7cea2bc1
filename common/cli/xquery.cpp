#include "common/xquery/xquery.hpp"

#include <unistd.h>

#include "common/base/clock.hpp"
#include "common/cli/command.hpp"
#include "common/cli/input.hpp"
#include "common/cli/output.hpp"
#include "common/events/event.hpp"
#include "common/xml/parser.hpp"

namespace clacks::cli {

namespace {

struct Options {
    std::string query_file;
    std::vector<std::string> variables;
    bool no_input = false;
};

// A person's own query on a person's own machine: far more than an agent allows a stranger.
constexpr xquery::Limits kLimits{16 * 1024 * 1024, 1000, 1000, 10'000'000'000, std::size_t{4} << 30};
constexpr xml::ParseLimits kDocumentLimits{kMaxInput, 1000, 100000};

struct Task {
    std::string query;
    std::string source;
    std::string file;  // of the document; "" for none
};

Result<Task> task_of(const Options& options, std::vector<std::string> words) {
    Task task{{}, "query", "-"};
    if (options.query_file.empty()) {
        if (words.empty()) throw UsageError{"give a QUERY or --query-file"};
        task.query = words.front();
        words.erase(words.begin());
    } else {
        auto text = read_input(options.query_file);
        if (!text) return std::move(text).error();
        task.query = std::move(text).value();
        task.source = options.query_file;
    }
    if (words.size() > 1) throw UsageError{"there is one FILE only"};
    if (!words.empty()) task.file = words.front();
    if (options.no_input || (words.empty() && (::isatty(STDIN_FILENO) == 1 || options.query_file == "-")))
        task.file.clear();
    return task;
}

void bind(xquery::DynamicContext& context, const std::vector<std::string>& variables) {
    for (const auto& word : variables) {
        const auto equals = word.find('=');
        if (equals == std::string::npos || equals == 0) throw UsageError{"--var takes NAME=VALUE"};
        context.bind(std::string_view(word).substr(0, equals), std::string_view(word).substr(equals + 1));
    }
}

int refuse(const Diagnostic& problem, const Task& task) {
    failed(problem);
    point_out(problem, task.query);
    return kFailed;
}

int show(const Common& common, const xquery::Sequence& result,
         const xquery::SerializationParameters& parameters) {
    if (!common.json) {
        const auto text = result.serialize(parameters);
        if (!text) return failed(text.error());
        const bool ends = text->empty() || text->ends_with('\n');
        const auto bytes = xquery::encode(ends ? *text : *text + "\n", parameters);
        if (!bytes) return failed(bytes.error());
        print(*bytes);
        return kSuccess;
    }
    auto items = nlohmann::json::array();
    for (std::size_t i = 0; i < result.size(); ++i) items.push_back(result.item(i));
    print(json_text(items, false) + "\n");
    return kSuccess;
}

int run(const Common& common, const Options& options, const std::vector<std::string>& words) {
    const auto task = task_of(options, words);
    if (!task) return failed(task.error());
    xquery::CompileOptions compile;
    compile.namespaces = {{"e", std::string(events::kNamespace)}};
    compile.source = task->source;
    compile.limits = kLimits;
    const auto query = xquery::Query::compile(task->query, compile);
    if (!query) {
        for (const auto& problem : query.error()) refuse(problem, *task);
        return kFailed;
    }
    for (const auto& warning : query->warnings()) {
        if (common.quiet) break;
        say("warning: " + readable(warning));
        point_out(warning, task->query);
    }
    xquery::SerializationParameters usual;
    usual.method = "adaptive";
    const auto parameters = query->serialization(usual);
    if (!parameters) return refuse(parameters.error(), *task);
    xquery::DynamicContext context(kLimits);
    context.set_current_time(system_clock().wall());
    bind(context, options.variables);
    std::shared_ptr<const xml::Tree> document;
    if (!task->file.empty()) {
        const auto text = read_input(task->file);
        if (!text) return failed(text.error());
        xml::ParseLimits limits = kDocumentLimits;
        limits.encoding = xml::Encoding::declared;
        auto tree = xml::parse(*text, limits);
        if (!tree) {
            Diagnostic problem = tree.error();
            problem.source = task->file == "-" ? "standard input" : task->file;
            return failed(problem);
        }
        document = std::move(tree).value();
        context.set_context_item(*document);
    }
    const auto result = query->evaluate(context);
    return result ? show(common, *result, *parameters) : refuse(result.error(), *task);
}

}  // namespace

void add_xquery(Commands& commands) {
    auto options = std::make_shared<Options>();
    auto* command = commands.add(&commands.app, "xquery", "Evaluate an XQuery on a document");
    const Words words(command, "QUERY FILE", "The XQuery, and the document (default: standard input)",
                      Words::any);
    commands.run(command,
                 [options, words](const Common& common) { return run(common, *options, words.read()); });
    command->add_option("--query-file", options->query_file, "The XQuery from a file, - for standard input")
        ->type_name("FILE");
    command
        ->add_option("--var", options->variables, "Value of an external variable, a string; may be repeated")
        ->type_name("NAME=VALUE")
        ->expected(1)
        ->allow_extra_args(false)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    command->add_flag("--no-input", options->no_input, "Without a document; no context item");
    command->footer(
        "The context item is the document; the prefix e is bound to the events namespace. The result is "
        "written\n"
        "by the adaptive output method, an item a line, or as the query declares (declare option "
        "output:method\n"
        "\"xml\"); with --json as a list of such lines.\n\n"
        "Example:\n  clacks xquery 'count(//e:NodeMethod)' event.xml");
}

}  // namespace clacks::cli
