#include "tests/xquery/values_cases.hpp"

#include <charconv>
#include <stdexcept>

#include "common/xquery/values/atomize.hpp"
#include "common/xquery/values/cast.hpp"

namespace clacks::xquery::values_tests {

Type type_of(std::string_view name) {
    const auto type = type_named(name);
    if (!type) throw std::invalid_argument("no type " + std::string(name));
    return *type;
}

Item item(std::string_view text, Arena& arena) {
    const std::size_t space = text.find(' ');
    if (space == std::string_view::npos)
        throw std::invalid_argument("no type and form: " + std::string(text));
    const Type type = type_of(text.substr(0, space));
    const std::string_view form = arena.copy(text.substr(space + 1));
    if (type == Type::date_time) {
        std::int64_t ms = 0;
        std::from_chars(form.data(), form.data() + form.size(), ms);
        const std::int64_t seconds = ms / 1000 - (ms % 1000 < 0 ? 1 : 0);
        return Item::of_instant(seconds, static_cast<std::uint32_t>(ms - seconds * 1000) * 1'000'000, 0,
                                type);
    }
    const NamespaceBinding known[] = {{"a", "urn:a"}, {"b", "urn:b"}, {"same", "urn:a"}};
    return cast(Item::of_text(form), type, arena, known);
}

Value sequence(std::string_view text, Arena& arena) {
    SequenceBuilder items(arena);
    while (!text.empty()) {
        const std::size_t bar = std::min(text.find('|'), text.size());
        items.add(item(text.substr(0, bar), arena));
        text.remove_prefix(std::min(bar + 1, text.size()));
    }
    return items.value();
}

std::string written(const Item& one) {
    Arena arena;
    return std::string(type_name(one.type).substr(3)) + " " + std::string(string_of(one, arena));
}

std::string written(const Value& value) {
    std::string out;
    for (const Item one : value) out += (out.empty() ? "" : "|") + written(one);
    return out;
}

std::string written(bool truth) {
    return truth ? "true" : "false";
}

std::string outcome(const std::function<std::string()>& evaluate) {
    try {
        return evaluate();
    } catch (const Error& error) {
        return error.name;
    }
}

Error error_of(const std::function<void()>& evaluate) {
    try {
        evaluate();
    } catch (const Error& error) {
        return error;
    }
    FAIL("no error");
    return {};
}

}  // namespace clacks::xquery::values_tests
