// What the agent asks of the ACL, and the words of a refusal.
#include <catch2/catch.hpp>
#include <thread>

#include "common/acl/access.hpp"

using namespace clacks;
using acl::Access;
using acl::Acl;
using acl::Right;

namespace {

acl::AclPtr compiled(const std::string& text) {
    return Acl::parse(text, "agent.acl", "org.clacks").value();
}

std::string said(const Result<void, Diagnostic>& result) {
    return result ? "" : to_string(result.error());
}

}  // namespace

TEST_CASE("a refusal names the user, the matter and the line", "[acl]") {
    const Access access(compiled("deny bob {d}.event.Bell,{d}.command.* x\nallow bob {d}.event.* x\n"));
    CHECK(access.may_publish("bob", "PhoneStatus", ""));
    CHECK(said(access.may_publish("bob", "Bell", "")) ==
          "the user 'bob' may not send the event 'Bell': line 1 of the ACL denies it; its administrator can "
          "see "
          "it by: clacks acl check bob org.clacks.event.Bell");
    CHECK(access.may_publish("bob", "Bell", "").error().code == "not-permitted");
    CHECK(said(access.may_publish("eve", "Bell", "")) ==
          "the user 'eve' may not send the event 'Bell': no line of the ACL allows it; its administrator can "
          "see "
          "it by: clacks acl check eve org.clacks.event.Bell");
    CHECK_THAT(
        said(access.may_call("bob", "core", "reload")),
        Catch::Matchers::StartsWith("the user 'bob' may not call 'reload': line 1 of the ACL denies it"));
    CHECK_THAT(said(access.may_use_client("bob", "one", Right::receive)),
               Catch::Matchers::EndsWith("clacks acl check bob org.clacks.client.one r"));
}

TEST_CASE("without an ACL a refusal says that there is none", "[acl]") {
    const Access access(Acl::none("org.clacks"));
    CHECK(said(access.may_call("bob", "core", "getNodes")) ==
          "the user 'bob' may not call 'getNodes': this agent has no ACL, so nobody may do anything; its "
          "administrator sets [acl] file");
}

TEST_CASE("clients and nodes are told of by themselves or by agents", "[acl]") {
    const Access access(compiled("group agents node-*\nidentity gateway office-*\nallow * {d}.event.* x\n"));
    for (const std::string event :
         {"NodeStatus", "ClientAnnounce", "ClientPing", "UserSession", "NodeMoved"}) {
        CAPTURE(event);
        CHECK(access.may_publish("one", event, "one"));
        CHECK(access.may_publish("gateway", event, "office-7"));
        CHECK(access.may_publish("node-1", event, "one"));
        CHECK(
            said(access.may_publish("two", event, "one")) ==
            "the user 'two' may not send the event '" + event +
                "' with the Id 'one': it is not the sender's own, and the sender is no agent; log in as that "
                "user, or give the Id to this one by a line of the ACL: identity two one");
    }
    CHECK(access.may_publish("node-1", "ClientPoll", ""));
    CHECK(said(access.may_publish("one", "ClientPoll", "")) ==
          "the user 'one' may not send the event 'ClientPoll': it has no Id, so only an agent may send it; "
          "agents "
          "are the members of the ACL's group 'agents'");
    CHECK(access.may_publish("one", "PuppetReport", "two"));
}

TEST_CASE("an ACL is replaced while others ask", "[acl]") {
    Access access(compiled("allow * * x\n"));
    std::thread asks([&] {
        for (int i = 0; i < 2000; ++i) {
            const std::string user = "user-" + std::to_string(i % 50);
            const auto result = access.may_publish(user, "Bell", "");
            if (!result && result.error().code != "not-permitted") std::abort();
        }
    });
    for (int i = 0; i < 200; ++i) access.replace(compiled(i % 2 == 0 ? "deny * * x\n" : "allow * * x\n"));
    asks.join();
    CHECK(access.may_publish("alice", "Bell", ""));
}
