// The tests of all conditions, each kept once for the event types and the path that it is of, and found by
// the values that pass it. Those of one set of event types and one path are a field.
//
// Thread safety: const members from any thread, with no other member at the same time.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "common/matching/intervals.hpp"
#include "common/matching/paths.hpp"
#include "common/matching/pool.hpp"
#include "common/matching/test.hpp"

namespace clacks::matching {

class Tests {
  public:
    // Counts the uses: each is to be released. `set` is of event types.
    std::uint32_t use(std::uint32_t set, const xquery::analysis::Test& test);
    void use(std::uint32_t test) { ++tests_[test].uses; }
    // That a value cannot be cast as the test, which casts, needs it.
    std::uint32_t use_not_castable(std::uint32_t test);
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
        std::uint32_t equal_texts = 0;                  // how many
        std::map<std::size_t, std::uint32_t> prefixes;  // how many, by length
        Intervals<std::string> ranges;
        struct Cast {
            std::uint32_t equal = 0;  // how many
            std::uint32_t not_castable = kNone;
            Intervals<double> ranges;
        };
        std::array<Cast, 2> casts;  // to numbers, to booleans
    };

    // Of a field that it uses.
    std::uint32_t use_made(Test test);
    std::uint32_t use_field(std::uint32_t set, const xquery::analysis::Path& path);
    void release_field(std::uint32_t field);
    // The test gets its first entry, or loses its last one.
    void index(std::uint32_t test, bool add);
    template <class Key>
    std::uint32_t find_equal(std::uint32_t field, Type type, std::uint64_t hashed, const Key& key) const;
    void find_prefixes(std::uint32_t field, std::string_view text, std::vector<std::uint32_t>& passed) const;
    void find_casts(std::uint32_t field, Type type, Value& value, std::vector<std::uint32_t>& passed) const;
    void find_ranges(const auto& ranges, const auto& operand, Value& value,
                     std::vector<std::uint32_t>& passed) const;
    void find_in_field(std::uint32_t field, Value& value, std::vector<std::uint32_t>& passed) const;

    Paths paths_;
    Interned<Test> tests_;
    Interned<Field> fields_;
    std::deque<std::vector<std::uint32_t>> fields_of_;  // by path
};

}  // namespace clacks::matching
