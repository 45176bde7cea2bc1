// Which declarations of the prolog use which others: known when all are compiled, and then told what follows
// from it, the effects of functions that call each other and variables that depend on themselves.
#pragma once

#include <cstdint>
#include <variant>
#include <vector>

#include "common/xquery/plan/basic.hpp"
#include "common/xquery/plan/function.hpp"

namespace clacks::xquery::plan {

// All is linear in the number of uses, as a stranger's query may have thousands.
class Uses {
  public:
    using Declaration = std::variant<FunctionBody*, GlobalVariable*>;
    // `always`: whenever the body or value of `from` is evaluated, that of `to` is.
    void add(Declaration from, Declaration to, bool always);
    // Completes FunctionBody::effects of all functions that use any: the least set that holds what the
    // functions do that they call or name.
    void settle_effects() const;
    // The variables whose values are never to be had, as they need themselves (XQDY0054).
    std::vector<const GlobalVariable*> circular() const;

  private:
    template <class Action>
    void each_component(bool only_always, Action action) const;
    struct Use {
        Declaration from;
        Declaration to;
        bool always;
    };
    std::vector<Use> uses_;
};

}  // namespace clacks::xquery::plan
