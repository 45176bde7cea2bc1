// Every right for everybody, for tests that are not about rights.
#pragma once

#include "common/acl/access.hpp"

namespace clacks::tests {

inline acl::AclPtr everything_allowed() {
    return acl::Acl::parse("group agents *\nallow * * xr\n", "tests", "org.clacks").value();
}

}  // namespace clacks::tests
