// The joined and compiled schema: a locked grammar pool for validation, and the model of its
// components for explanations.
#pragma once

#include <memory>
#include <string>
#include <vector>
#include <xercesc/util/XercesDefs.hpp>

#include "common/base/result.hpp"
#include "common/events/schema_file.hpp"

namespace xercesc = XERCES_CPP_NAMESPACE;
XERCES_CPP_NAMESPACE_BEGIN
class XMLGrammarPool;
class XSModel;
XERCES_CPP_NAMESPACE_END

namespace clacks::events {

struct Schema {
    std::string joined;  // includes every file by its path, declares Event as a choice of one
    std::unique_ptr<xercesc::XMLGrammarPool> pool;
    xercesc::XSModel* model = nullptr;  // the pool's; not for two threads at once
    Schema();
    Schema(Schema&&) noexcept;
    ~Schema();
};

// Compiles from memory: no file is opened and no address is reached. Problems are xerces' own, with
// file:line:column, code "schema-invalid".
Result<Schema, Diagnostics> compile(const std::vector<SchemaFile>& files);

}  // namespace clacks::events
