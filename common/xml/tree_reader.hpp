// Reads a document with a xerces-c scanner straight into a TreeBuilder, in one pass, with or without
// validation against a grammar pool. It stands on the scanner and not on the SAX2 reader above it,
// because only the scanner can be told not to normalise values (the tree must hold what was sent)
// and tells attributes that were sent from a schema's defaults.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <xercesc/util/XercesDefs.hpp>

#include "common/xml/parser.hpp"
#include "common/xml/tree.hpp"

namespace xercesc = XERCES_CPP_NAMESPACE;
XERCES_CPP_NAMESPACE_BEGIN
class XMLGrammarPool;
XERCES_CPP_NAMESPACE_END

namespace clacks::xml {

// The first fault of a document; nothing after it was read.
struct ReadFault {
    enum class Kind { malformed, too_deep, too_many_attributes, invalid };
    Kind kind = Kind::malformed;
    std::string message;  // xerces' own words for malformed and invalid
    bool entity = false;  // malformed by an entity that is not one of the five
    std::uint32_t line = 0;
    std::uint32_t column = 0;
    std::size_t elements = 0;  // started before the fault
    std::size_t depth = 0;     // open at the fault
};

// What the fault is to the sender; not for Kind::invalid.
Diagnostic to_diagnostic(const ReadFault& fault, const ParseLimits& limits);

// Expensive to make, cheap to use again. One thread at a time. Reaches no file and no network:
// entities, DTDs and schema locations lead nowhere.
class TreeReader {
  public:
    // Validates against the pool, which must be locked and outlive the reader; null reads without.
    explicit TreeReader(xercesc::XMLGrammarPool* pool = nullptr);
    // Reads without validation and honours a document type declaration's internal subset.
    enum class Subset { internal };
    explicit TreeReader(Subset subset);
    TreeReader(const TreeReader&) = delete;
    TreeReader& operator=(const TreeReader&) = delete;
    ~TreeReader();

    // `bytes` must have passed check_prolog. After a fault the builder's content is worthless.
    std::optional<ReadFault> read(std::string_view bytes, const ParseLimits& limits, TreeBuilder& builder);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace clacks::xml
