#include "common/xquery/regex/cache.hpp"

#include <functional>

namespace clacks::xquery {

namespace {
constexpr std::size_t kMost = 32;
}

std::size_t RegexCache::Hash::operator()(const Key& key) const {
    const std::hash<std::string_view> hash;
    return hash(key.first) * 31 + hash(key.second);
}

const Regex* RegexCache::find(std::string_view pattern, std::string_view flags) const {
    const auto found = known_.find({pattern, flags});
    return found == known_.end() ? nullptr : found->second.get();
}

void RegexCache::add(std::string_view pattern, std::string_view flags) {
    auto made = std::make_unique<const Regex>(pattern, flags);
    const Key key(made->pattern(), made->flags());
    known_.emplace(key, std::move(made));
}

const Regex& RegexCache::get(std::string_view pattern, std::string_view flags) {
    if (const Regex* known = find(pattern, flags)) return *known;
    if (known_.size() >= kMost) known_.clear();
    add(pattern, flags);
    return *find(pattern, flags);
}

}  // namespace clacks::xquery
