// Any pattern is refused with a code or matches within its steps, and what its groups capture lies in the
// text. Input: flags, pattern and text, a line each; the text may have more lines.
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "common/base/text.hpp"
#include "common/xquery/regex/regex.hpp"
#include "common/xquery/values/error.hpp"

using namespace clacks;
using namespace clacks::xquery;

namespace {

std::string_view line(std::string_view& rest) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view found = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return found;
}

void check(const Captured& captured, std::string_view text) {
    if (!captured.matched()) return;
    if (captured.begin > captured.end || captured.end > text.size()) std::abort();
    if (!is_utf8(text.substr(captured.begin, captured.end - captured.begin))) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view text(reinterpret_cast<const char*>(data), size);
    if (!is_utf8(text)) return 0;
    const std::string_view flags = line(text);
    const std::string_view pattern = line(text);
    Steps steps(20'000);
    try {
        const Regex regex(pattern, flags);
        const bool matches = regex.matches(text, steps);
        std::vector<Captured> groups(regex.groups() + 1);
        const bool found = regex.find(text, 0, groups, steps);
        if (found && !matches) std::abort();
        if (!found) return 0;
        for (const Captured& group : groups) check(group, text);
    } catch (const Error& error) {
        if (code_name(error.code).empty() || error.message.starts_with("RE2 does not take")) std::abort();
    }
    return 0;
}
