// What comes before any output method: sequence normalization (Serialization 3.1, 2), and the Unicode
// normalization of texts.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/xquery/serialize/parameters.hpp"
#include "common/xquery/values/sequence.hpp"

namespace clacks::xquery {

// A child of the document that a sequence is made to: a node, or text.
struct Part {
    const xml::Tree* tree = nullptr;  // null: text
    xml::NodeIndex node = 0;
    std::string text;
};

// Neighbouring texts are one part. SENR0001 for attributes, namespaces, functions and maps.
std::vector<Part> normalize_sequence(const Value& value, const SerializationParameters& parameters,
                                     Steps& steps, std::size_t limit);

// The form is NFC, NFD, NFKC or NFKD.
std::string normalize(std::string_view text, std::string_view form);

}  // namespace clacks::xquery
