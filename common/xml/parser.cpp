#include "common/xml/parser.hpp"

#include "common/xml/prolog.hpp"
#include "common/xml/tree_reader.hpp"

namespace clacks::xml {

Result<std::shared_ptr<const Tree>> parse(std::string_view bytes, const ParseLimits& limits) {
    if (auto problem = check_prolog(bytes, limits)) return std::move(*problem);
    thread_local TreeReader reader;  // making one costs far more than using it
    TreeBuilder builder;
    if (const auto fault = reader.read(bytes, limits, builder)) return to_diagnostic(*fault, limits);
    return std::shared_ptr<const Tree>(std::make_shared<Tree>(builder.finish()));
}

}  // namespace clacks::xml
