// The dynamic and static context (Functions and Operators 3.1, 15).
#include "common/xquery/functions/family.hpp"

namespace clacks::xquery {

namespace {

void need_focus(const CallContext& call, const char* name) {
    if (!call.focus.present)
        fail(Code::XPDY0002, std::string(name) + "() needs a context item, and there is none");
}

Value position(CallContext& call, Arguments) {
    need_focus(call, "position");
    return Item::of_integer(static_cast<std::int64_t>(call.focus.position));
}

Value last(CallContext& call, Arguments) {
    need_focus(call, "last");
    return Item::of_integer(static_cast<std::int64_t>(call.focus.size));
}

Value default_collation(CallContext& call, Arguments) {
    return Item::of_text(call.statics->default_collation);
}

Value static_base_uri(CallContext& call, Arguments) {
    if (call.statics->base_uri.empty()) return {};
    return Item::of_text(call.statics->base_uri, Type::any_uri);
}

Value default_language(CallContext&, Arguments) {
    return Item::of_text("en", Type::language);
}

const FunctionRow kRows[] = {
    {"fn:position() as xs:integer", position, kPosition, Intrinsic::position},
    {"fn:last() as xs:integer", last, kLast, Intrinsic::last},
    {"fn:default-collation() as xs:string", default_collation, kCollation},
    {"fn:default-language() as xs:language", default_language},
    {"fn:static-base-uri() as xs:anyURI?", static_base_uri, kBaseUri},
};

}  // namespace

std::span<const FunctionRow> context_functions() {
    return kRows;
}

}  // namespace clacks::xquery
