#include "common/xml/parser.hpp"

#include "common/xml/characters.hpp"
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

constexpr std::string_view kOpen = "<w>";
constexpr std::string_view kClose = "</w>";

// The fragment in an element of its own, its text declaration left out; that must have an encoding and
// cannot say standalone. What would close the element early makes the whole malformed.
Result<std::string> wrapped(std::string_view bytes) {
    std::string_view content = without_bom(bytes);
    if (content.starts_with("<?xml") && content.size() > 5 && is_space(content[5])) {
        const std::size_t end = content.find("?>");
        const std::string_view declaration = content.substr(0, end);
        if (end == std::string_view::npos || declaration.find("encoding") == std::string_view::npos ||
            declaration.find("standalone") != std::string_view::npos) {
            Diagnostic problem;
            problem.code = "xml-malformed";
            problem.message = "the text declaration is not well-formed";
            problem.hint = "write <?xml encoding=\"utf-8\"?>, or leave it out";
            return problem;
        }
        content.remove_prefix(end + 2);
    }
    return std::string(kOpen).append(content).append(kClose);
}

Result<Tree> read(std::pmr::memory_resource& memory, std::string_view bytes, const ParseLimits& limits,
                  std::string_view base_uri) {
    TreeBuilder builder(&memory);
    builder.base_uri(base_uri);
    if (const auto fault = reader_for(limits).read(bytes, limits, builder))
        return to_diagnostic(*fault, limits);
    return builder.finish();
}

}  // namespace

Result<Tree> parse_into(std::pmr::memory_resource& memory, std::string_view bytes, const ParseLimits& limits,
                        std::string_view base_uri) {
    if (auto problem = check_prolog(bytes, limits)) return std::move(*problem);
    if (!limits.fragment) return read(memory, bytes, limits, base_uri);
    const auto document = wrapped(bytes);
    if (!document) return document.error();
    ParseLimits inside = limits;
    inside.internal_subset = false;
    ++inside.depth;
    return read(memory, *document, inside, base_uri);
}

Result<std::shared_ptr<const Tree>> parse(std::string_view bytes, const ParseLimits& limits,
                                          std::string_view base_uri) {
    auto tree = parse_into(*std::pmr::get_default_resource(), bytes, limits, base_uri);
    if (!tree) return std::move(tree).error();
    return std::shared_ptr<const Tree>(std::make_shared<Tree>(std::move(tree).value()));
}

}  // namespace clacks::xml
