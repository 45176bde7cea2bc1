// What names in a query mean: prefixes, default namespaces, the default collation, and the variables in
// scope.
//
// Inside the library. Not thread safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/xquery/analysis/value.hpp"
#include "common/xquery/syntax/ast.hpp"
#include "common/xquery/xquery.hpp"

namespace clacks::xquery::analysis {

struct ExpandedName {
    std::string uri;
    std::string local;
    friend bool operator==(const ExpandedName&, const ExpandedName&) = default;
};

class Scope {
  public:
    enum class Use : std::uint8_t { element, function, plain };

    Scope(const syntax::Prolog& prolog, const CompileOptions& options);

    // Throws TooMuch for a prefix that is not declared.
    ExpandedName expand(const syntax::Name& name, Use use) const;
    // Whether texts compare by code points where the query names no collation.
    bool by_code_points() const { return by_code_points_; }

    void bind(ExpandedName name, Value value) { variables_.emplace_back(std::move(name), std::move(value)); }
    // The innermost of this name, or null.
    const Value* find(const ExpandedName& name) const;
    // Unbinds what is bound until its end.
    class Frame {
      public:
        explicit Frame(Scope& scope) : scope_(scope), size_(scope.variables_.size()) {}
        Frame(const Frame&) = delete;
        Frame& operator=(const Frame&) = delete;
        ~Frame() {
            while (scope_.variables_.size() > size_) scope_.variables_.pop_back();
        }

      private:
        Scope& scope_;
        std::size_t size_;
    };

  private:
    std::vector<std::pair<std::string, std::string>> namespaces_;  // the last of equal prefixes counts
    std::string default_element_;
    std::string default_function_;
    bool by_code_points_ = true;
    std::vector<std::pair<ExpandedName, Value>> variables_;
};

}  // namespace clacks::xquery::analysis
