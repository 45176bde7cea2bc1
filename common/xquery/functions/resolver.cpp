// The resolver that finds nothing, which the functions that reach outside are made with.
#include "common/xquery/xquery.hpp"

namespace clacks::xquery {

Result<std::shared_ptr<const xml::Tree>> Resolver::document(std::string_view) {
    return Diagnostic{};
}

Result<Sequence> Resolver::collection(std::string_view) {
    return Diagnostic{};
}

Result<std::vector<std::string>> Resolver::uri_collection(std::string_view) {
    return Diagnostic{};
}

Result<Resolver::Text> Resolver::text(std::string_view) {
    return Diagnostic{};
}

Result<std::vector<Resolver::ModuleSource>> Resolver::module(std::string_view, std::span<const std::string>) {
    return Diagnostic{};
}

std::optional<std::string> Resolver::environment_variable(std::string_view) {
    return std::nullopt;
}

std::vector<std::string> Resolver::environment_variables() {
    return {};
}

void Resolver::trace(std::string_view, std::string_view) {}

}  // namespace clacks::xquery
