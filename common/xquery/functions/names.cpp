// Functions that are known by name only, as they reach outside in ways that are not there.
#include "common/xquery/functions/family.hpp"

namespace clacks::xquery {

namespace {

constexpr std::string_view kOutsideNames[] = {"fn:put"};

}  // namespace

std::span<const std::string_view> outside_names() {
    return kOutsideNames;
}

}  // namespace clacks::xquery
