// What the functions on regular expressions share.
#pragma once

#include <memory>

#include "common/xml/characters.hpp"
#include "common/xquery/functions/family.hpp"
#include "common/xquery/regex/cache.hpp"

namespace clacks::xquery {

// The expression given by arguments[1], with the flags of arguments[flags] if there are so many: one that the
// query or this evaluation has compiled already, or a new one.
class Pattern {
  public:
    Pattern(CallContext& call, Arguments arguments, std::size_t flags);
    const Regex* operator->() const { return regex_; }
    const Regex& operator*() const { return *regex_; }

  private:
    const Regex* regex_;
    std::unique_ptr<const Regex> own_;
};

// Calls on_other with the text between matches, "" included, and on_match with what the groups captured.
template <class OnOther, class OnMatch>
void each_match(CallContext& call, const Regex& regex, std::string_view text, std::span<Captured> groups,
                OnOther on_other, OnMatch on_match) {
    std::size_t behind = 0;
    for (std::size_t from = 0; regex.find(text, from, groups, call.steps);) {
        const Captured match = groups[0];
        if (match.end == match.begin) {
            // Empty where a line ends, say; no match, but the search must go on behind it.
            if (match.end == text.size()) break;
            from = match.end + xml::code_point_at(text, match.end).bytes;
            continue;
        }
        on_other(text.substr(behind, match.begin - behind));
        on_match();
        from = behind = match.end;
    }
    on_other(text.substr(behind));
}

// FORX0003 for an expression that matches "".
void need_some_text(CallContext& call, const Regex& regex);

Value analyze_string(CallContext& call, Arguments arguments);

}  // namespace clacks::xquery
