// Serialization (XSLT and XQuery Serialization 3.1) of sequences to characters.
#pragma once

#include <string>

#include "common/xquery/serialize/output.hpp"
#include "common/xquery/serialize/parameters.hpp"
#include "common/xquery/values/sequence.hpp"

namespace clacks::xquery {

// Characters in UTF-8; see encode() for bytes. Takes steps and at most about `limit` bytes. Errors: those of
// check() and of the output method, limit-steps, limit-memory.
std::string serialize(const Value& value, const SerializationParameters& parameters, Steps& steps,
                      std::size_t limit);

// The json method (9).
void write_json(Output& out, const SerializationParameters& parameters, const Value& value,
                std::size_t limit);
// The adaptive method (10).
void write_adaptive(Output& out, const SerializationParameters& parameters, const Value& value,
                    std::size_t limit);

}  // namespace clacks::xquery
