#include "common/cli/filter_text.hpp"

#include <utility>

#include "common/events/event.hpp"

namespace clacks::cli {

xquery::CompileOptions filter_options(std::string source) {
    xquery::CompileOptions options;
    options.namespaces = {{"e", std::string(events::kNamespace)}};
    options.source = std::move(source);
    return options;
}

Result<xquery::Query, Diagnostics> compile_filter(std::string_view text, std::string source) {
    return xquery::Query::compile(text, filter_options(std::move(source)));
}

}  // namespace clacks::cli
