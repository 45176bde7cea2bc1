// What an ACL's lines say, once they are read. For the parts of this library only.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "common/acl/pattern.hpp"
#include "common/base/result.hpp"

namespace clacks::acl {

// A list of users: by name or pattern, and by group.
struct Members {
    std::vector<Pattern> users;
    std::vector<std::string> groups;
};

// A pattern in which {id} stands for any id of the user: it is what stands before, between and behind these.
struct TopicPattern {
    std::vector<Pattern> around;

    bool matches(std::string_view topic, const std::vector<Pattern>& ids) const;
};

struct Rule {
    bool allow = false;
    Members members;
    std::vector<TopicPattern> topics;
    unsigned rights = 0;  // of Right
    std::uint32_t line = 0;
    std::string text;  // the line, without its comment
};

struct Identity {
    Members members;
    std::vector<Pattern> ids;
};

struct Rules {
    std::map<std::string, std::vector<Pattern>, std::less<>> groups;
    std::vector<Rule> rules;  // in the file's order
    std::vector<Identity> identities;
};

// Whose members are agents.
inline constexpr std::string_view kAgentsGroup = "agents";

// All problems of the text at once, with `source`, line and column.
Result<Rules, Diagnostics> parse_rules(std::string_view text, const std::string& source,
                                       std::string_view domain);

}  // namespace clacks::acl
