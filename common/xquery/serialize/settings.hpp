// Parameters by name, as queries, parameter documents and maps give them.
#pragma once

#include <functional>
#include <span>
#include <string_view>

#include "common/xquery/serialize/parameters.hpp"
#include "common/xquery/values/map.hpp"

namespace clacks::xquery {

inline constexpr std::string_view kOutputNamespace = "http://www.w3.org/2010/xslt-xquery-serialization";

// The namespace of a prefix, "" being the default one; nothing where it is not declared.
using PrefixLookup = std::function<std::optional<std::string>(std::string_view prefix)>;

// All but use-character-maps, which has no form as one text.
bool is_parameter(std::string_view name);
// From the text of a declaration; SEPM0016 for a value that the parameter cannot have. The name is known.
void set_parameter(SerializationParameters& to, std::string_view name, std::string_view value,
                   const PrefixLookup& prefixes);
// SEPM0018 where the character is mapped already.
void map_character(SerializationParameters& to, char32_t character, std::string_view to_text);

// From an element output:serialization-parameters: XPTY0004 for another element, SEPM0017 where it is not
// valid, SEPM0018, SEPM0019.
void read_parameters(SerializationParameters& to, const xml::Tree& tree, xml::NodeIndex element);
// From a map of fn:serialize: XPTY0004 for values of wrong types; unknown keys are left alone.
void read_parameters(SerializationParameters& to, const MapItem& map, Arena& arena, Steps& steps);

// Whether the parameters fit together and are supported: SEPM0009, SEPM0010, SEPM0016, SESU0007, SESU0011,
// SESU0013.
void check(const SerializationParameters& parameters);

}  // namespace clacks::xquery
