// The ACL's language: patterns, who is meant, the first line that fits, and what is wrong with a file.
#include <catch2/catch.hpp>

#include "common/acl/acl.hpp"

using namespace clacks;
using acl::Acl;
using acl::Pattern;
using acl::Right;

namespace {

acl::AclPtr compiled(const std::string& text) {
    auto made = Acl::parse(text, "agent.acl", "org.clacks");
    INFO((made ? "" : to_string(made.error())));
    REQUIRE(made);
    return *made;
}

std::string problems(const std::string& text) {
    const auto made = Acl::parse(text, "a", "org.clacks");
    return made ? "" : to_string(made.error());
}

// Of the line that decides, 0 for none.
std::uint32_t line(const std::string& text, const std::string& user, const std::string& topic,
                   Right right = Right::send) {
    return compiled(text)->rights_of(user)->decide(topic, right).line();
}

bool allowed(const std::string& text, const std::string& user, const std::string& topic,
             Right right = Right::send) {
    return compiled(text)->rights_of(user)->decide(topic, right).allowed;
}

}  // namespace

TEST_CASE("a star stands for any characters", "[acl]") {
    CHECK(Pattern("alice").matches("alice"));
    CHECK_FALSE(Pattern("alice").matches("alice2"));
    CHECK_FALSE(Pattern("alice").matches("Alice"));
    CHECK(Pattern("*").matches(""));
    CHECK(Pattern("*").matches("a.b"));
    CHECK(Pattern("a*").matches("a"));
    CHECK(Pattern("*a").matches("bba"));
    CHECK(Pattern("a*a").matches("aa"));
    CHECK_FALSE(Pattern("a*a").matches("a"));
    CHECK(Pattern("a*b*c").matches("a-b-b-c"));
    CHECK_FALSE(Pattern("a*b*c").matches("a-c-b"));
    CHECK_FALSE(Pattern("*ab*ab*").matches("xaby"));
    CHECK(Pattern("**").matches("x"));
    CHECK(Pattern("").matches(""));
    CHECK_FALSE(Pattern("").matches("x"));
    CHECK(Pattern::exactly("a*").matches("a*"));
    CHECK_FALSE(Pattern::exactly("a*").matches("ab"));
    CHECK((Pattern("a*") + Pattern("b") + Pattern("*c")).matches("axbyc"));
    CHECK_FALSE((Pattern("a*") + Pattern("b")).matches("axc"));
}

TEST_CASE("a pattern of many stars costs no more than its length", "[acl]") {
    std::string stars, text(20'000, 'a');
    for (int i = 0; i < 2'000; ++i) stars += "*a";
    CHECK_FALSE(Pattern(stars + "*b").matches(text));
    CHECK(Pattern(stars).matches(text));
}

TEST_CASE("the first line that fits decides", "[acl]") {
    const std::string text =
        "# who may do what\n"
        "group operators alice,bob-*   # the night shift, too\n"
        "deny * {d}.command.core.reload x\n"
        "\n"
        "allow @operators {d}.command.*,{d}.event.* xr\n"
        "deny carol {d}.event.Phone* r\n"
        "allow carol,dave org.clacks.event.* r\n";
    CHECK(line(text, "alice", "org.clacks.command.core.reload") == 3);
    CHECK_FALSE(allowed(text, "alice", "org.clacks.command.core.reload"));
    CHECK(allowed(text, "bob-2", "org.clacks.command.core.getNodes"));
    CHECK(line(text, "bob-2", "org.clacks.command.core.getNodes") == 5);
    CHECK_FALSE(allowed(text, "bob", "org.clacks.command.core.getNodes"));
    CHECK(line(text, "bob", "org.clacks.command.core.getNodes") == 0);
    CHECK(line(text, "carol", "org.clacks.event.PhoneStatus", Right::receive) == 6);
    CHECK(allowed(text, "carol", "org.clacks.event.NodeLeave", Right::receive));
    CHECK_FALSE(allowed(text, "carol", "org.clacks.event.NodeLeave", Right::send));
    CHECK(line(text, "dave", "org.clacks.event.PhoneStatus", Right::receive) == 7);
    const auto acl = compiled(text);
    CHECK(acl->rights_of("alice")->decide("org.clacks.event.X", Right::send).text() ==
          "allow @operators {d}.command.*,{d}.event.* xr");
}

TEST_CASE("nobody may do anything where there is no ACL, or an empty one", "[acl]") {
    CHECK_FALSE(Acl::none("d")->configured());
    CHECK_FALSE(Acl::none("d")->rights_of("alice")->decide("d.event.X", Right::send).allowed);
    CHECK_FALSE(allowed("", "alice", "org.clacks.event.X"));
    CHECK_FALSE(allowed("# nothing\n", "", "org.clacks.event.X", Right::receive));
}

TEST_CASE("a group may stand below the rules, and grow line by line", "[acl]") {
    const std::string text =
        "allow @staff * x\r\n"
        "group staff alice\r\n"
        "group staff bob\r\n";
    CHECK(allowed(text, "alice", "org.clacks.event.X"));
    CHECK(allowed(text, "bob", "org.clacks.event.X"));
    CHECK_FALSE(allowed(text, "carol", "org.clacks.event.X"));
}

TEST_CASE("a user's ids are its name and what identity lines give it", "[acl]") {
    const auto acl = compiled(
        "group sites north,south\n"
        "group agents node-*\n"
        "identity @sites site-*,main\n"
        "identity north extra\n"
        "allow * {d}.client.{id} r\n"
        "deny * {d}.client.{id}.{id} r\n");
    CHECK(acl->rights_of("alice")->owns("alice"));
    CHECK_FALSE(acl->rights_of("alice")->owns("main"));
    CHECK(acl->rights_of("north")->owns("north"));
    CHECK(acl->rights_of("north")->owns("site-7"));
    CHECK(acl->rights_of("north")->owns("extra"));
    CHECK_FALSE(acl->rights_of("south")->owns("extra"));
    CHECK_FALSE(acl->rights_of("*")->owns("alice"));
    CHECK(acl->rights_of("node-1")->agent());
    CHECK_FALSE(acl->rights_of("north")->agent());
    const auto may = [&](const std::string& user, const std::string& id) {
        return acl->rights_of(user)->decide("org.clacks.client." + id, Right::receive).allowed;
    };
    CHECK(may("alice", "alice"));
    CHECK_FALSE(may("alice", "bob"));
    CHECK(may("south", "site-1"));
    CHECK_FALSE(may("*", "bob"));
    CHECK(may("*", "*"));
}

TEST_CASE("an event's decision is the same at every asking", "[acl]") {
    const auto acl = compiled("deny * {d}.event.B* x\nallow * {d}.event.* x\nallow * {d}.event.B* r\n");
    const auto rights = acl->rights_of("joe");
    CHECK(rights == acl->rights_of("joe"));
    for (int round = 0; round < 2; ++round) {
        CHECK(rights->event("Bell", Right::send).line() == 1);
        CHECK(rights->event("Bell", Right::receive).allowed);
        CHECK(rights->event("Door", Right::send).allowed);
        CHECK_FALSE(rights->event("Door", Right::receive).allowed);
    }
}

TEST_CASE("all problems of a file are told at once, each with its place", "[acl]") {
    CHECK(
        problems(
            "alow alice {d}.event.* x\n\nallow alice {d}.events.Phone* x\nallow @oprs * w\ngroup ops a\n") ==
        "a:1:1: a line begins with allow, deny, group or identity, not with 'alow'; did you mean 'allow'?\n"
        "a:3:13: no topic begins as '{d}.events.Phone*' does; did you mean '{d}.event.…'?\n"
        "a:4:7: there is no group 'oprs'; did you mean '@ops'?\n"
        "a:4:15: there are no rights 'w'; write x (send or call), r (receive), or xr");
}

TEST_CASE("what is wrong with a line", "[acl]") {
    const auto [text, problem] = GENERATE(table<std::string, std::string>({
        {"allow alice *", "a:1:14: allow takes members, topics and rights; write: allow alice,@operators"},
        {"deny alice, bob * x", "a:1:19: deny takes members, topics and rights, and no more; write: deny"},
        {"allow alice,,bob * x", "a:1:13: a member is missing; write members with one comma between two"},
        {"allow alice *, x", "a:1:15: a topic is missing"},
        {"allow alice * rr", "a:1:15: there are no rights 'rr'"},
        {"allow {id} * r", "a:1:7: members have no variables"},
        {"allow ä {d}.event.{user} r", "a:1:19: there is no variable '{user}'; {d} is the domain"},
        {"allow a {d r", "a:1:9: there is no variable '{d'"},
        {"allow a {d}.event. r", "a:1:9: no topic begins as '{d}.event.' does"},
        {"allow a {d} r", "a:1:9: no topic begins as '{d}' does; topics are {d}.event.NAME,"},
        {"allow a event.* r", "a:1:9: no topic begins as 'event.*' does"},
        {"allow @ops * r", "a:1:7: there is no group 'ops'; define it by a line: group ops MEMBERS"},
        {"group a,b c", "a:1:7: the group's name 'a,b' has one of @ * , { }"},
        {"group a b,@c", "a:1:11: a group has no groups in it; name both where they are used"},
        {"group a", "a:1:8: group takes a name and members; write: group operators alice,bob"},
        {"identity a", "a:1:11: identity takes members and ids"},
        {"identity a b,", "a:1:14: an id is missing"},
        {"allow \xff * r", "a:1:7: the line is not UTF-8; save the file as UTF-8"},
        {"include other", "a:1:1: a line begins with allow, deny, group or identity, not with 'include'"},
    }));
    CHECK_THAT(problems(text), Catch::Matchers::StartsWith(problem));
}

TEST_CASE("a file that cannot be read is told", "[acl]") {
    const auto made = Acl::read("/nowhere/agent.acl", "org.clacks");
    REQUIRE_FALSE(made);
    CHECK(to_string(made.error()) ==
          "/nowhere/agent.acl: cannot be opened: No such file or directory; check the name and its "
          "permissions");
    const auto folder = Acl::read("/", "org.clacks");
    REQUIRE_FALSE(folder);
    CHECK(folder.error().front().message == "is a folder, not a file");
}
