// The tests of all conditions, each kept once for the event types and the path that it is of, and found by
// the values that pass it. Those of one set of event types and one path are a field.
//
// Thread safety: const members from any thread, with no other member at the same time.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "common/matching/intervals.hpp"
#include "common/matching/paths.hpp"
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
    using Kind = xquery::analysis::Test::Kind;
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
};

class Tests {
  public:
    // Counts the uses: each is to be released. `set` is of event types.
    std::uint32_t use(std::uint32_t set, const xquery::analysis::Test& test);
    void use(std::uint32_t test) { ++tests_[test].uses; }
    void release(std::uint32_t test);

    // Called for each entry that an indexable test gets or loses.
    void add_entry(std::uint32_t test);
    void remove_entry(std::uint32_t test);
    // A measure of how many entries are met by the event if one more is added.
    double cost(std::uint32_t test) const;

    const Test& operator[](std::uint32_t test) const { return tests_[test]; }
    Test& operator[](std::uint32_t test) { return tests_[test]; }
    const Paths& paths() const { return paths_; }

    // Appends the tests with entries that the value passes, of the given sets of event types.
    void find_passed(Value& value, const NumberSet& sets, std::vector<std::uint32_t>& passed) const;

  private:
    // Speaks of tests with entries only.
    struct Field {
        std::uint64_t hash = 0;
        std::uint32_t set = kNone;
        std::uint32_t path = kNone;
        std::uint32_t uses = 0;
        std::uint32_t exists = kNone;
        std::array<std::uint32_t, 3> equal{};           // how many, by type
        std::map<std::size_t, std::uint32_t> prefixes;  // how many, by length
        Intervals<std::string> texts;
        std::array<Intervals<double>, 2> numbers;  // of type number, of type boolean
    };

    std::uint32_t use_field(std::uint32_t set, const xquery::analysis::Path& path);
    void release_field(std::uint32_t field);
    // The test gets its first entry, or loses its last one.
    void index(std::uint32_t test, bool add);
    template <class Key>
    std::uint32_t find_equal(std::uint32_t field, Type type, std::uint64_t hashed, const Key& key) const;
    void find_prefixes(std::uint32_t field, std::string_view text, std::vector<std::uint32_t>& passed) const;
    void find_ranges(const Field& field, Value& value, std::vector<std::uint32_t>& passed) const;
    void find_in_field(std::uint32_t field, Value& value, std::vector<std::uint32_t>& passed) const;

    Paths paths_;
    Interned<Test> tests_;
    Interned<Field> fields_;
    std::deque<std::vector<std::uint32_t>> fields_of_;  // by path
};

}  // namespace clacks::matching
