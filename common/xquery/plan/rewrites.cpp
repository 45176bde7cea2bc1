#include "common/xquery/plan/rewrites.hpp"

#include <algorithm>

namespace clacks::xquery::plan {

namespace {

constexpr std::string_view kNames[] = {"constant-call",    "constant-on-right", "constant-sequence",
                                       "count-comparison", "descendant-step",   "function-operator",
                                       "hash-join",        "known-position"};

}  // namespace

Rewrites::Rewrites(const std::vector<std::string>& without, std::string& unknown) : Rewrites() {
    for (const std::string& name : without) {
        const auto found = std::find(std::begin(kNames), std::end(kNames), name);
        if (name == "all")
            on_.reset();
        else if (found == std::end(kNames))
            unknown = name;
        else
            on_.reset(static_cast<std::size_t>(found - std::begin(kNames)));
    }
}

std::span<const std::string_view> rewrite_names() {
    return kNames;
}

}  // namespace clacks::xquery::plan
