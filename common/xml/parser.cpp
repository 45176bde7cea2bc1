#include "common/xml/parser.hpp"

#include "common/xml/prolog.hpp"
#include "common/xml/tree_reader.hpp"

namespace clacks::xml {

namespace {

// Making a reader costs far more than using it.
TreeReader& reader_for(const ParseLimits& limits) {
    if (limits.internal_subset) {
        thread_local TreeReader with_subset(TreeReader::Subset::internal);
        return with_subset;
    }
    thread_local TreeReader plain;
    return plain;
}

}  // namespace

Result<std::shared_ptr<const Tree>> parse(std::string_view bytes, const ParseLimits& limits,
                                          std::string_view base_uri) {
    if (auto problem = check_prolog(bytes, limits)) return std::move(*problem);
    TreeBuilder builder;
    builder.base_uri(base_uri);
    if (const auto fault = reader_for(limits).read(bytes, limits, builder))
        return to_diagnostic(*fault, limits);
    return std::shared_ptr<const Tree>(std::make_shared<Tree>(builder.finish()));
}

}  // namespace clacks::xml
