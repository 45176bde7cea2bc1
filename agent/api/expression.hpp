// XQuery expressions for modules: compiled once, evaluated over events as filters are.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "agent/api/message.hpp"
#include "common/base/result.hpp"

namespace clacks {

// Immutable. Thread safe.
class Expression {
  public:
    virtual ~Expression() = default;
    // The result as text, its items with a space between (Serialization 3.1, method text). An attribute is
    // none: the expression asks for its string(). A dynamic error, or one of the limits of filters, is the
    // problem.
    virtual Result<std::string> text(const EventMessage& message) const = 0;
};

// Thread safe.
class Expressions {
  public:
    virtual ~Expressions() = default;
    // The static context, the variables and the limits are those of a filter.
    virtual Result<std::shared_ptr<const Expression>, Diagnostics> compile(std::string_view xquery) const = 0;
};

}  // namespace clacks
