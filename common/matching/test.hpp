// One test as the index keeps it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "common/matching/pool.hpp"
#include "common/matching/value.hpp"
#include "common/xquery/analysis/condition.hpp"

namespace clacks::matching {

template <class T>
struct Range {
    std::optional<T> low, high;
    bool low_included = true, high_included = true;

    bool contains(const auto& value) const {
        return (!low || (low_included ? value >= *low : value > *low)) &&
               (!high || (high_included ? value <= *high : value < *high));
    }
    friend bool operator==(const Range&, const Range&) = default;
};

// What values are compared with. A boolean is 0 or 1.
using Operand = std::variant<std::monostate, std::string, double, Range<std::string>, Range<double>>;

struct Test {
    // Those of the analysis; and that a value cannot be compared, as it is no number or boolean, which may
    // make a query fail.
    enum class Kind : std::uint8_t { exists, equal, not_equal, within, starts_with, not_castable };
    std::uint64_t hash = 0;
    std::uint32_t field = kNone;
    std::uint32_t path = kNone;
    std::uint32_t uses = 0;
    // The filters that are entered by it: a list of the index's.
    std::uint32_t first_entry = kNone;
    std::uint32_t entries = 0;
    Kind kind = Kind::exists;
    Type type = Type::text;
    Operand operand;

    bool passed_by(Value& value) const;
    // Whether the values that pass are found by look-up.
    bool indexable() const { return kind != Kind::not_equal; }
    bool casts() const { return type != Type::text; }
};

// Not yet of a field, and so without a hash.
Test made_of(const xquery::analysis::Test& from);

// By what of a test its values are found: texts by hash_of(std::string_view), beginnings of texts by
// PrefixHash.
std::uint64_t test_hash(std::uint32_t field, Test::Kind kind, Type type, std::uint64_t operand);
std::uint64_t hash_of(double number);
std::uint64_t hash_of(const Test& test);

}  // namespace clacks::matching
