// Comparing and finding strings under a collation (Functions and Operators 3.1, 5.3 and 5.5).
#include <cstring>

#include "common/xml/characters.hpp"
#include "common/xquery/functions/family.hpp"

namespace clacks::xquery {

namespace {

int order_of(std::string_view a, std::string_view b, const Collation* by) {
    const int order = by == nullptr ? a.compare(b) : by->compare(a, b);
    return order < 0 ? -1 : order > 0 ? 1 : 0;
}

Value compare(CallContext& call, Arguments arguments) {
    const Collation* by = collation(call, arguments, 2);
    if (arguments[0].empty() || arguments[1].empty()) return {};
    charge(call, text(arguments[0]).size() + text(arguments[1]).size());
    return Item::of_integer(order_of(text(arguments[0]), text(arguments[1]), by));
}

Value codepoint_equal(CallContext& call, Arguments arguments) {
    if (arguments[0].empty() || arguments[1].empty()) return {};
    charge(call, text(arguments[0]).size());
    return Item::of_bool(text(arguments[0]) == text(arguments[1]));
}

// A text, a part that is looked for in it, and how.
struct Pair {
    Pair(CallContext& call, Arguments arguments)
        : by(collation(call, arguments, 2)), whole(text(arguments[0])), part(text(arguments[1])) {
        charge(call, whole.size() + part.size());
    }
    std::optional<std::pair<std::size_t, std::size_t>> find() const {
        if (by != nullptr) return by->find(whole, part);
        const std::size_t at = find_text(whole, part);
        if (at == std::string_view::npos) return std::nullopt;
        return std::pair(at, at + part.size());
    }
    const Collation* by;
    std::string_view whole, part;
};

Value contains(CallContext& call, Arguments arguments) {
    return Item::of_bool(Pair(call, arguments).find().has_value());
}

Value starts_with(CallContext& call, Arguments arguments) {
    const Pair p(call, arguments);
    return Item::of_bool(p.by == nullptr ? p.whole.starts_with(p.part) : p.by->starts_with(p.whole, p.part));
}

Value ends_with(CallContext& call, Arguments arguments) {
    const Pair p(call, arguments);
    return Item::of_bool(p.by == nullptr ? p.whole.ends_with(p.part) : p.by->ends_with(p.whole, p.part));
}

Value substring_before(CallContext& call, Arguments arguments) {
    const Pair p(call, arguments);
    const auto found = p.find();
    return Item::of_text(found ? p.whole.substr(0, found->first) : std::string_view());
}

Value substring_after(CallContext& call, Arguments arguments) {
    const Pair p(call, arguments);
    const auto found = p.find();
    return Item::of_text(found ? p.whole.substr(found->second) : std::string_view());
}

Value contains_token(CallContext& call, Arguments arguments) {
    const Collation* by = collation(call, arguments, 2);
    const std::string_view token = xml::trim(text(arguments[1]));
    if (token.empty()) return Item::of_bool(false);
    for (const Item item : arguments[0]) {
        std::string_view rest = item.text();
        charge(call, rest.size());
        while (!(rest = xml::trim(rest)).empty()) {
            std::size_t end = 0;
            while (end < rest.size() && !xml::is_space(rest[end])) ++end;
            if (order_of(rest.substr(0, end), token, by) == 0) return Item::of_bool(true);
            rest.remove_prefix(end);
        }
    }
    return Item::of_bool(false);
}

Value collation_key_(CallContext& call, Arguments arguments) {
    const Collation* by = collation(call, arguments, 1);
    charge(call, text(arguments[0]).size());
    return Item::of_text(collation_key(text(arguments[0]), by, call.arena), Type::base64_binary);
}

const FunctionRow kRows[] = {
    {"fn:compare($value1 as xs:string?, $value2 as xs:string? [, $collation as xs:string]) as xs:integer?",
     compare, kCollation},
    {"fn:codepoint-equal($value1 as xs:string?, $value2 as xs:string?) as xs:boolean?", codepoint_equal},
    {"fn:collation-key($value as xs:string [, $collation as xs:string]) as xs:base64Binary", collation_key_,
     kCollation},
    {"fn:contains($value as xs:string?, $part as xs:string? [, $collation as xs:string]) as xs:boolean",
     contains, kCollation, Intrinsic::contains},
    {"fn:starts-with($value as xs:string?, $part as xs:string? [, $collation as xs:string]) as xs:boolean",
     starts_with, kCollation, Intrinsic::starts_with},
    {"fn:ends-with($value as xs:string?, $part as xs:string? [, $collation as xs:string]) as xs:boolean",
     ends_with, kCollation, Intrinsic::ends_with},
    {"fn:substring-before($value as xs:string?, $part as xs:string? [, $collation as xs:string]) as "
     "xs:string",
     substring_before, kCollation},
    {"fn:substring-after($value as xs:string?, $part as xs:string? [, $collation as xs:string]) as xs:string",
     substring_after, kCollation},
    {"fn:contains-token($value as xs:string*, $token as xs:string [, $collation as xs:string]) as xs:boolean",
     contains_token, kCollation},
};

}  // namespace

std::size_t find_text(std::string_view text, std::string_view part) {
    if (part.empty()) return 0;
    if (part.size() > text.size()) return std::string_view::npos;
    const void* found = memmem(text.data(), text.size(), part.data(), part.size());
    if (found == nullptr) return std::string_view::npos;
    return static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
}

std::span<const FunctionRow> matching_functions() {
    return kRows;
}

}  // namespace clacks::xquery
