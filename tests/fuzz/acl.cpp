// Any ACL is refused with places or compiled, and what is compiled decides: the same at every asking, with a
// line that is there, and nothing for a user whom it does not name. Input: the text of the file.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "common/acl/acl.hpp"

using namespace clacks;
using acl::Right;

namespace {

void check_problems(const Diagnostics& problems, std::uint32_t lines) {
    if (problems.empty()) std::abort();
    for (const Diagnostic& problem : problems)
        if (problem.message.empty() || problem.hint.empty() || problem.line == 0 || problem.line > lines ||
            problem.column == 0)
            std::abort();
}

void check_decision(const acl::Decision& decision, std::uint32_t lines) {
    if (decision.allowed && decision.line() == 0) std::abort();
    if (decision.line() > lines || (decision.line() == 0) != decision.text().empty()) std::abort();
    if (decision.line() != 0 && decision.text().starts_with("allow") != decision.allowed) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    const auto lines = static_cast<std::uint32_t>(1 + std::count(text.begin(), text.end(), '\n'));
    const auto made = acl::Acl::parse(text, "fuzz", "org.clacks");
    if (!made) {
        check_problems(made.error(), lines);
        return 0;
    }
    for (const std::string user : {"alice", "node-1", "*", ""}) {
        const auto rights = (*made)->rights_of(user);
        if (!rights->owns(user)) std::abort();
        for (const Right right : {Right::send, Right::receive}) {
            const acl::Decision event = rights->event("PhoneStatus", right);
            const acl::Decision again = rights->decide("org.clacks.event.PhoneStatus", right);
            check_decision(event, lines);
            if (event.allowed != again.allowed || event.line() != again.line()) std::abort();
            check_decision(rights->decide((*made)->client_topic(user), right), lines);
        }
    }
    return 0;
}
