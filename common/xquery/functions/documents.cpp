// Documents and collections (Functions and Operators 3.1, 14.6), by the resolver alone.
#include "common/xquery/functions/resources.hpp"
#include "common/xquery/values/sequence_state.hpp"
#include "common/xquery/xquery.hpp"

namespace clacks::xquery {

namespace {

const xml::Tree& document(CallContext& call, std::string_view given) {
    const std::string uri = absolute_uri(call, given, Code::FODC0005);
    auto& documents = call.reached->documents;
    if (const auto known = documents.find(uri); known != documents.end()) return *known->second;
    auto found = call.reached->resolver->document(uri);
    if (!found) not_resolved(found.error(), Code::FODC0002, "the document " + uri);
    call.steps.take((*found)->size());
    return *documents.emplace(uri, std::move(*found)).first->second;
}

Value doc(CallContext& call, Arguments arguments) {
    if (arguments[0].empty()) return {};
    return Item::of_node(document(call, text(arguments[0])), 0);
}

Value doc_available(CallContext& call, Arguments arguments) {
    if (arguments[0].empty()) return Item::of_bool(false);
    try {
        (void)document(call, text(arguments[0]));
        return Item::of_bool(true);
    } catch (const Error& error) {
        if (error.code >= Code::limit_query_bytes) throw;
        return Item::of_bool(false);
    }
}

std::string collection_uri(CallContext& call, Arguments arguments) {
    if (arguments.empty() || arguments[0].empty()) return {};
    return absolute_uri(call, text(arguments[0]), Code::FODC0004);
}

Value collection(CallContext& call, Arguments arguments) {
    const std::string uri = collection_uri(call, arguments);
    const auto found = call.reached->resolver->collection(uri);
    if (!found) not_resolved(found.error(), Code::FODC0002, uri.empty() ? "the default collection" : uri);
    const Value value = SequenceAccess::value(*found);
    call.steps.take(value.size());
    return value;
}

Value uri_collection(CallContext& call, Arguments arguments) {
    const std::string uri = collection_uri(call, arguments);
    const auto found = call.reached->resolver->uri_collection(uri);
    if (!found) not_resolved(found.error(), Code::FODC0002, uri.empty() ? "the default collection" : uri);
    SequenceBuilder uris(call.arena);
    call.steps.take(found->size());
    for (const std::string& one : *found) uris.add(Item::of_text(call.arena.copy(one), Type::any_uri));
    return uris.value();
}

Value transform(CallContext&, Arguments) {
    fail(Code::FOXT0004, "there is no XSLT processor to call with transform()");
}

Value load_xquery_module(CallContext&, Arguments) {
    fail(Code::FOQM0006, "modules cannot be loaded while a query runs", "import the module in the prolog");
}

constexpr std::uint16_t kReaches = kOutside | kBaseUri;

const FunctionRow kRows[] = {
    {"fn:doc($uri as xs:string?) as document-node()?", doc, kReaches},
    {"fn:doc-available($uri as xs:string?) as xs:boolean", doc_available, kReaches},
    {"fn:collection([$arg as xs:string?]) as item()*", collection, kReaches},
    {"fn:transform($options as map(*)) as map(*)", transform, kReaches},
    {"fn:load-xquery-module($module-uri as xs:string [, $options as map(*)]) as map(*)", load_xquery_module,
     kReaches},
    {"fn:uri-collection([$arg as xs:string?]) as xs:anyURI*", uri_collection, kReaches},
};

}  // namespace

void not_resolved(const Diagnostic& problem, Code usual, std::string_view what) {
    Error error;
    error.code = usual;
    error.name = problem.code.empty() ? std::string(code_name(usual)) : problem.code;
    error.message = std::string(what) + " cannot be had";
    if (!problem.message.empty()) error.message += ": " + problem.message;
    error.hint = problem.hint;
    throw error;
}

std::string absolute_uri(CallContext& call, std::string_view uri, Code invalid) {
    const std::size_t fragment = uri.find('#');
    if (fragment != std::string_view::npos)
        fail(invalid, "the URI '" + std::string(uri) + "' has a fragment identifier");
    if (!call.statics->base_uri.empty()) {
        try {
            return std::string(resolve(uri, call.statics->base_uri, call.arena));
        } catch (const Error&) {
            fail(invalid, "'" + std::string(uri) + "' is not a URI");
        }
    }
    if (uri.find(':') == std::string_view::npos)
        fail(invalid, "the relative URI '" + std::string(uri) + "' has no base URI to be resolved against");
    return std::string(uri);
}

std::span<const FunctionRow> document_functions() {
    return kRows;
}

}  // namespace clacks::xquery
