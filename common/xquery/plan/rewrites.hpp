// What the compiler does to a plan for speed alone. Each rewrite is made in one place, changes no answer, and
// can be switched off by its name (CompileOptions::without_rewrites), so that plans can be compared.
#pragma once

#include <bitset>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace clacks::xquery::plan {

enum class Rewrite : std::uint8_t {
    constant_call,      // a call whose arguments are known is its value
    constant_on_right,  // 3 < $x is $x > 3: the left side streams
    constant_sequence,  // ('a', 'b') is one value
    count_comparison,   // count($x) > 3 counts no further than it must
    descendant_step,    // a//b is a/descendant::b where no position counts
    function_operator,  // fn:exists, fn:not, fn:starts-with … have operators of their own
    hash_join,          // for … for … where $a/x = $b/y looks the second one's items up by their keys
    known_position,     // $x[2] stops behind the second item
};

class Rewrites {
  public:
    Rewrites() { on_.set(); }
    // All but those named; "all" names every one. `unknown` gets a name that there is not.
    Rewrites(const std::vector<std::string>& without, std::string& unknown);
    bool on(Rewrite rewrite) const { return on_[static_cast<std::size_t>(rewrite)]; }

  private:
    std::bitset<8> on_;
};

// In the order of Rewrite.
std::span<const std::string_view> rewrite_names();

}  // namespace clacks::xquery::plan
