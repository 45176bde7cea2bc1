// The namespaces that the output has in scope while tags are written, and the prefixes of names.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/xml/tree.hpp"

namespace clacks::xquery {

class OutputNamespaces {
  public:
    struct Binding {
        std::string prefix;
        std::string uri;
    };
    // Begins an element; what is declared from now on belongs to it.
    std::size_t open();
    void close(std::size_t mark) { bindings_.resize(mark); }
    // Those that the element in hand has to declare.
    const Binding* begin() const { return bindings_.data() + mark_; }
    const Binding* end() const { return bindings_.data() + bindings_.size(); }

    std::string_view bound(std::string_view prefix) const;
    // False where the element in hand has declared the prefix as another URI.
    bool declare(std::string_view prefix, std::string_view uri);
    // The prefix for an attribute's name: its own where that can be had. Declares it.
    std::string attribute_prefix(const xml::Name& name);

  private:
    std::vector<Binding> bindings_;
    std::size_t mark_ = 0;
};

std::string qualified(std::string_view prefix, std::string_view local);

}  // namespace clacks::xquery
