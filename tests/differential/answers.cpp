// Answers queries: each line of the input is an event and a query, each in base64; each line of the output is
// "=" and the result as text in base64, or "!" and the error's code.
#include <openssl/evp.h>

#include <iostream>
#include <string>

#include "common/xml/parser.hpp"
#include "common/xquery/xquery.hpp"

using namespace clacks;

namespace {

std::string decoded(const std::string& text) {
    std::string bytes(text.size() / 4 * 3, '\0');
    const int n =
        EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                        reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
    const std::size_t padding = text.size() - 1 - text.find_last_not_of('=');
    bytes.resize(n < 0 ? 0 : static_cast<std::size_t>(n) - padding);
    return bytes;
}

std::string encoded(const std::string& bytes) {
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
    const int n =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                        reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(n));
    return text;
}

std::string answer(const std::string& event, const std::string& text, const xquery::CompileOptions& options) {
    const auto tree = xml::parse(event);
    if (!tree) return "!event";
    const auto query = xquery::Query::compile(text, options);
    if (!query) return "!" + query.error().front().code;
    xquery::DynamicContext context;
    context.set_context_item(**tree);
    const auto result = query->evaluate(context);
    if (!result) return "!" + result.error().code;
    xquery::SerializationParameters parameters;
    parameters.method = "text";
    const auto shown = result->serialize(parameters);
    return shown ? "=" + encoded(*shown) : "!" + shown.error().code;
}

}  // namespace

int main() {
    for (std::string event, query; std::cin >> event >> query;)
        std::cout << answer(decoded(event), decoded(query), {}) << '\n';
    return 0;
}
