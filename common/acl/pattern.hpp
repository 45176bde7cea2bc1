// Patterns of names: `*` stands for any characters, also for none; all others stand for themselves.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace clacks::acl {

// A value; thread safe as one.
class Pattern {
  public:
    explicit Pattern(std::string_view text = {});
    // One that stands for exactly this text, whatever is in it.
    static Pattern exactly(std::string_view text);

    // Costs at most the product of both lengths, as no part is tried at more than one place.
    bool matches(std::string_view text) const;
    // What every match begins with.
    const std::string& prefix() const { return pieces_.front(); }
    bool literal() const { return pieces_.size() == 1; }

    // The one that stands for a match of the first with a match of the second behind it.
    friend Pattern operator+(Pattern first, const Pattern& second);

  private:
    std::vector<std::string> pieces_;  // between the stars; never empty
};

}  // namespace clacks::acl
