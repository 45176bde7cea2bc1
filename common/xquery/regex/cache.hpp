// Compiled regular expressions by pattern and flags.
//
// Thread safety: find may run in many threads when nothing is added any more.
#pragma once

#include <memory>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "common/xquery/regex/regex.hpp"

namespace clacks::xquery {

class RegexCache {
  public:
    // Null where it was not added.
    const Regex* find(std::string_view pattern, std::string_view flags) const;
    // Compiles what is new; what was handed out before may be gone then. Errors as of Regex.
    const Regex& get(std::string_view pattern, std::string_view flags);
    // Compiles it to stay, however many there are.
    void add(std::string_view pattern, std::string_view flags);
    std::size_t size() const { return known_.size(); }

  private:
    using Key = std::pair<std::string_view, std::string_view>;  // of the Regex itself
    struct Hash {
        std::size_t operator()(const Key& key) const;
    };
    std::unordered_map<Key, std::unique_ptr<const Regex>, Hash> known_;
};

}  // namespace clacks::xquery
