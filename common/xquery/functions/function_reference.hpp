// Library functions as items (XQuery 3.1, 3.1.6).
#pragma once

#include "common/xquery/functions/library.hpp"
#include "common/xquery/values/function_item.hpp"

namespace clacks::xquery {

// The function with this number of arguments. It is called with the given focus and static context, which
// must outlive it.
Item library_function(const Function& function, std::size_t arity, const Focus& focus,
                      const StaticInfo& statics, Arena& arena);
// function(item()) as item()*
const InnerTypes& any_function_of_one();

}  // namespace clacks::xquery
