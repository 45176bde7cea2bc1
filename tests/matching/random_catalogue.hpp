// Random event definitions, events that are valid by them, and filters that speak of them.
#pragma once

#include <string>
#include <vector>

#include "common/events/catalogue.hpp"
#include "tests/matching/choices.hpp"

namespace clacks::test {

// An element as its definition tells it.
struct Declared {
    enum class Content : std::uint8_t { simple, sequence, all, choice };
    std::string name;
    Content content = Content::simple;
    std::string type;                 // simple: a type of XML Schema's, or "" for an enumeration
    std::vector<std::string> values;  // simple: some that are valid
    unsigned min = 1;
    unsigned max = 1;  // 0: unbounded
    bool nillable = false;
    bool has_default = false;
    bool attribute = false;  // may have one, `a`
    bool open = false;       // any elements of other namespaces may follow
    std::vector<Declared> children;
};

class RandomCatalogue {
  public:
    explicit RandomCatalogue(Choices& choices);
    // Loaded from files that are gone again; throws std::runtime_error where they are refused.
    const events::Catalogue& catalogue() const { return *catalogue_; }
    std::string event(Choices& choices) const;   // valid
    std::string filter(Choices& choices) const;  // without a syntax error

  private:
    struct Type {
        Declared element;
        bool qualified = true;
    };
    std::string schema(const Type& type) const;
    std::vector<Type> types_;
    events::CataloguePtr catalogue_;
};

}  // namespace clacks::test
