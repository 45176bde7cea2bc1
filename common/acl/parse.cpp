// The ACL's lines: `allow|deny MEMBERS TOPICS RIGHTS`, `group NAME MEMBERS`, `identity MEMBERS IDS`.
#include <algorithm>
#include <utility>

#include "common/acl/acl.hpp"
#include "common/acl/rules.hpp"
#include "common/base/text.hpp"

namespace clacks::acl {

namespace {

constexpr std::string_view kSpace = " \t\r";
constexpr std::size_t kShown = 60;  // bytes of a word in a message

using Words = std::vector<std::string_view>;

// Up to the comment, which begins with a word that begins with #.
Words words_of(std::string_view line) {
    Words words;
    for (std::size_t at = 0; (at = line.find_first_not_of(kSpace, at)) != std::string_view::npos;) {
        if (line[at] == '#') break;
        const std::size_t end = std::min(line.find_first_of(kSpace, at), line.size());
        words.push_back(line.substr(at, end - at));
        at = end;
    }
    return words;
}

// At the commas; an empty part is a view, too, so that its place can be told.
Words parts_of(std::string_view list) {
    Words parts;
    for (std::size_t comma = 0; comma != std::string_view::npos; list.remove_prefix(comma + 1)) {
        comma = list.find(',');
        parts.push_back(list.substr(0, comma));
        if (comma == std::string_view::npos) break;
    }
    return parts;
}

std::string quoted(std::string_view word) {
    return "'" + one_line(word, kShown) + "'";
}

std::string meant(const std::string& near, std::string otherwise) {
    return near.empty() ? std::move(otherwise) : "did you mean '" + near + "'?";
}

class Parser {
  public:
    Parser(const std::string& source, std::string_view domain) : source_(source), domain_(domain) {}

    // The groups first, so that a rule may stand above those it names.
    Result<Rules, Diagnostics> parse(std::string_view text) {
        each_line(text, &Parser::group_line);
        each_line(text, &Parser::other_line);
        std::stable_sort(problems_.begin(), problems_.end(),
                         [](const auto& a, const auto& b) { return a.line < b.line; });
        if (!problems_.empty()) return std::move(problems_);
        return std::move(rules_);
    }

  private:
    void each_line(std::string_view text, void (Parser::*read)(const Words&)) {
        number_ = 0;
        while (!text.empty()) {
            const std::size_t end = text.find('\n');
            line_ = text.substr(0, end);
            ++number_;
            const Words words = words_of(line_);
            if (!words.empty()) (this->*read)(words);
            text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        }
    }

    void problem(std::string_view at, std::string message, std::string hint) {
        Diagnostic found;
        found.code = "acl";
        found.message = std::move(message);
        found.hint = std::move(hint);
        found.source = source_;
        found.line = number_;
        found.column = static_cast<std::uint32_t>(
            position_of(line_, static_cast<std::size_t>(at.data() - line_.data())).column);
        problems_.push_back(std::move(found));
    }

    void group_line(const Words& words) {
        if (words.front() != "group") return;
        if (!has_words(words, 3, "a name and members", "group operators alice,bob")) return;
        auto& members = rules_.groups[std::string(words[1])];
        if (!words[1].empty() && words[1].find_first_of("@*,{}") != std::string_view::npos)
            problem(words[1], "the group's name " + quoted(words[1]) + " has one of @ * , { }",
                    "write it without; the @ stands before it where it is used");
        for (const std::string_view part : parts_of(words[2])) {
            if (part.starts_with('@'))
                problem(part, "a group has no groups in it",
                        "name both where they are used, as @first,@second");
            else if (is_user(part))
                members.emplace_back(part);
        }
    }

    void other_line(const Words& words) {
        const std::string_view word = words.front();
        if (const std::size_t bad = invalid_utf8(line_); bad != std::string_view::npos)
            return problem(line_.substr(bad), "the line is not UTF-8", "save the file as UTF-8");
        if (word == "group") return;
        if (word == "allow" || word == "deny") return rule_line(words);
        if (word == "identity") return identity_line(words);
        problem(word, "a line begins with allow, deny, group or identity, not with " + quoted(word),
                meant(nearest(word, {"allow", "deny", "group", "identity"}), "a comment begins with #"));
    }

    void rule_line(const Words& words) {
        if (!has_words(words, 4, "members, topics and rights",
                       std::string(words.front()) + " alice,@operators {d}.event.* xr"))
            return;
        Rule rule;
        rule.allow = words.front() == "allow";
        rule.members = members(words[1]);
        for (const std::string_view part : parts_of(words[2])) topic(part, rule.topics);
        rule.rights = rights(words[3]);
        rule.line = number_;
        for (const std::string_view part : words)
            rule.text += (rule.text.empty() ? "" : " ") + one_line(part, 1000);
        rules_.rules.push_back(std::move(rule));
    }

    void identity_line(const Words& words) {
        if (!has_words(words, 3, "members and ids", "identity gateway 4c4c4544-0042-4a10-8053-b7c04f4e3732"))
            return;
        Identity identity{members(words[1]), {}};
        for (const std::string_view part : parts_of(words[2])) {
            if (part.empty())
                problem(part, "an id is missing", "write ids with one comma between two");
            else
                identity.ids.emplace_back(part);
        }
        rules_.identities.push_back(std::move(identity));
    }

    bool has_words(const Words& words, std::size_t wanted, const std::string& what,
                   const std::string& example) {
        if (words.size() == wanted) return true;
        const std::string_view at = words.size() > wanted ? words[wanted] : line_.substr(line_.size());
        problem(
            at,
            std::string(words.front()) + " takes " + what + (words.size() > wanted ? ", and no more" : ""),
            "write: " + example + " (lists have commas and no spaces)");
        return false;
    }

    bool is_user(std::string_view part) {
        if (part.empty()) {
            problem(part, "a member is missing", "write members with one comma between two");
            return false;
        }
        if (part.find_first_of("{}") == std::string_view::npos) return true;
        problem(part, "members have no variables", "write the user's name, with * for any characters");
        return false;
    }

    Members members(std::string_view list) {
        Members found;
        for (const std::string_view part : parts_of(list)) {
            if (part.starts_with('@'))
                group(part, found);
            else if (is_user(part))
                found.users.emplace_back(part);
        }
        return found;
    }

    void group(std::string_view part, Members& found) {
        const std::string_view name = part.substr(1);
        if (rules_.groups.contains(name)) return found.groups.emplace_back(name), void();
        std::vector<std::string> names;
        for (const auto& [known, unused] : rules_.groups) names.push_back("@" + known);
        problem(
            part, "there is no group " + quoted(name),
            meant(nearest(part, names), "define it by a line: group " + one_line(name, kShown) + " MEMBERS"));
    }

    void topic(std::string_view part, std::vector<TopicPattern>& found) {
        if (part.empty())
            return problem(part, "a topic is missing", "write topics with one comma between two");
        TopicPattern made{{Pattern()}};
        for (std::string_view rest = part; !rest.empty();) {
            if (rest.starts_with("{d}")) {
                made.around.back() = std::move(made.around.back()) + Pattern::exactly(domain_);
                rest.remove_prefix(3);
            } else if (rest.starts_with("{id}")) {
                made.around.emplace_back();
                rest.remove_prefix(4);
            } else if (rest.front() == '{' || rest.front() == '}') {
                const std::string_view variable = rest.substr(0, rest.find('}') + 1);
                return problem(rest, "there is no variable " + quoted(variable.empty() ? rest : variable),
                               "{d} is the domain, {id} any id of the user's own");
            } else {
                const std::string_view plain = rest.substr(0, rest.find_first_of("{}"));
                made.around.back() = std::move(made.around.back()) + Pattern(plain);
                rest.remove_prefix(plain.size());
            }
        }
        check_kind(part, made);
        found.push_back(std::move(made));
    }

    // A topic that begins in no known way would never decide anything, and nobody would notice.
    void check_kind(std::string_view part, const TopicPattern& topic) {
        const std::string& begin = topic.around.front().prefix();
        const bool whole = topic.around.front().literal() && topic.around.size() == 1;
        std::vector<std::string> known;
        for (const std::string_view kind : {".event.", ".command.", ".client."}) {
            const std::string full = domain_ + std::string(kind);
            if (begin.starts_with(full) ? begin != full || !whole : !whole && full.starts_with(begin)) return;
            known.push_back("{d}" + std::string(kind));
        }
        const std::size_t end = part.find('.', part.find('.') + 1);
        const std::string near =
            nearest(part.substr(0, end == std::string_view::npos ? end : end + 1), known);
        problem(part, "no topic begins as " + quoted(part) + " does",
                near.empty() ? "topics are {d}.event.NAME, {d}.command.QUEUE.METHOD and {d}.client.ID"
                             : "did you mean '" + near + "…'?");
    }

    unsigned rights(std::string_view word) {
        unsigned found = 0;
        for (const char letter : word) {
            const auto right = letter == 'x' ? Right::send : Right::receive;
            if ((letter != 'x' && letter != 'r') || (found & static_cast<unsigned>(right)) != 0) {
                problem(word, "there are no rights " + quoted(word),
                        "write x (send or call), r (receive), or xr");
                return 0;
            }
            found |= static_cast<unsigned>(right);
        }
        return found;
    }

    const std::string& source_;
    const std::string domain_;
    Rules rules_;
    Diagnostics problems_;
    std::string_view line_;
    std::uint32_t number_ = 0;
};

}  // namespace

Result<Rules, Diagnostics> parse_rules(std::string_view text, const std::string& source,
                                       std::string_view domain) {
    return Parser(source, domain).parse(text);
}

}  // namespace clacks::acl
