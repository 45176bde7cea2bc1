// Until maps and arrays are there: what serialization needs of them.
#include "common/xquery/values/array.hpp"
#include "common/xquery/values/error.hpp"
#include "common/xquery/values/map.hpp"

namespace clacks::xquery {

[[gnu::weak]] const MapItem::Entry* MapItem::find(const Item&) const {
    fail(Code::not_supported, "maps are not evaluated yet");
}
[[gnu::weak]] std::span<const MapItem::Entry* const> MapItem::entries(Arena&) const {
    fail(Code::not_supported, "maps are not evaluated yet");
}
[[gnu::weak]] const Value& ArrayItem::operator[](std::uint64_t) const {
    fail(Code::not_supported, "arrays are not evaluated yet");
}

}  // namespace clacks::xquery
