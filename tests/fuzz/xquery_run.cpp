// Any text either fails to compile with a code and a place, or runs within its limits.
#include <cstdint>
#include <cstdlib>

#include "common/xml/parser.hpp"
#include "common/xquery/xquery.hpp"

using namespace clacks;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto tree = xml::parse("<a x='1'><b>2</b><b>3</b><c xmlns='urn:c'>t</c></a>");
    xquery::CompileOptions options;
    options.limits.steps = 20'000;
    options.limits.memory = 1024 * 1024;
    auto query = xquery::Query::compile({reinterpret_cast<const char*>(data), size}, options);
    if (!query) {
        if (query.error().empty() || query.error().front().code.empty()) std::abort();
        return 0;
    }
    xquery::DynamicContext context(options.limits);
    context.set_context_item(**tree);
    (void)query->matches(context).ok();
    auto result = query->evaluate(context);
    if (!result) return 0;
    (void)result->serialize();
    for (const char* method : {"xml", "xhtml", "html", "text", "json", "adaptive"}) {
        xquery::SerializationParameters parameters;
        parameters.method = method;
        parameters.indent = size % 2 == 0;
        (void)result->serialize(parameters).ok();
    }
    if (const auto declared = query->serialization()) (void)result->serialize(*declared).ok();
    return 0;
}
