// JSON is refused as FOJS0001 or becomes XML, which becomes the same JSON again and again.
#include <cstdint>
#include <cstdlib>

#include "common/base/text.hpp"
#include "common/xquery/xquery.hpp"

using namespace clacks;

namespace {

xquery::Query compiled(const char* text) {
    xquery::CompileOptions options;
    options.external_variables = {"json"};
    auto query = xquery::Query::compile(text, options);
    if (!query) std::abort();
    return std::move(query).value();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto read = compiled("parse-json($json)");
    static const auto again = compiled(
        "let $a := json-to-xml($json) let $b := xml-to-json($a) "
        "return $b = xml-to-json(json-to-xml($b))");
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (!is_utf8(text)) return 0;
    xquery::DynamicContext context;
    context.bind("json", text);
    (void)read.evaluate(context).ok();
    const auto same = again.matches(context);
    if (same && !*same) std::abort();
    return 0;
}
