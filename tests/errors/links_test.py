"""Addresses that are not there and filters that cannot be used: the link is refused, with the reason."""
import unittest

from bad_input import COMMANDS, EVENTS, GOOD, Case, pattern
from proton import Described, Message, Terminus, symbol
from proton.reactor import Filter, LinkOption

XQUERY = symbol("apache.org:xquery-filter:string")
CLIENT = "org.clacks.client.5f0c7a3e-0000-4000-8000-000000000001"


class Coordinator(LinkOption):
    def apply(self, link):
        link.target.type = Terminus.COORDINATOR


class Dynamic(LinkOption):
    def apply(self, link):
        link.target.dynamic = True


class Addresses(Case):
    def test_unknown_address(self):
        self.sees(*self.refused(self.peer().create_sender, "org.clacks.evnt"))
        self.another_input()
        self.sees(*self.refused(self.peer().create_receiver, "org.clacks.evnt"))

    def test_another_domain(self):
        self.sees(*self.refused(self.peer().create_receiver, "example.org.event"))

    def test_unknown_command_queue(self):
        self.sees(*self.refused(self.peer().create_sender, "org.clacks.command.croe"))

    def test_unknown_node(self):
        self.sees(*self.refused(self.peer().create_sender, COMMANDS + ".fixtrue"))

    def test_client_that_is_not_there(self):
        self.sees(*self.refused(self.peer().create_sender, CLIENT))

    def test_receive_at_a_command_address(self):
        self.sees(*self.refused(self.peer().create_receiver, COMMANDS))

    def test_reply_address_that_is_gone(self):
        self.sees(*self.refused(self.peer().create_sender, "org.clacks.reply.1"))

    def test_transaction(self):
        self.sees(*self.refused(self.peer().create_sender, None, name="t", options=Coordinator()))

    def test_dynamic_target(self):
        self.sees(*self.refused(self.peer().create_sender, None, name="d", options=Dynamic()))

    def test_too_many_links(self):
        connection = self.peer()
        for number in range(256):
            connection.create_sender(EVENTS, name=str(number))
        self.sees(*self.refused(connection.create_sender, EVENTS, name="one more"))


class Subscriptions(Case):
    settings = {"limits": {"subscriptions-per-user": 2, "subscriptions": 3}}

    def test_too_many_subscriptions_of_a_user(self):
        connection = self.peer()
        first = connection.create_receiver(EVENTS, name="1")
        connection.create_receiver(EVENTS, name="2")
        self.sees(*self.refused(connection.create_receiver, EVENTS, name="3"))
        first.close()
        connection.create_receiver(EVENTS, name="4").close()
        connection.close()


class AllSubscriptions(Case):
    settings = {"limits": {"subscriptions": 3}}

    def test_too_many_subscriptions_of_all(self):
        connection = self.peer()
        for name in "123":
            connection.create_receiver(EVENTS, name=name)
        self.sees(*self.refused(connection.create_receiver, EVENTS, name="4"))
        connection.close()


class Filters(Case):
    settings = {"filter": {"max-bytes": "8 KiB", "steps": 10000}}

    def judge(self, query):
        self.judge_value(Described(XQUERY, query))

    def judge_value(self, *values):
        options = Filter({symbol(f"key{number}"): value for number, value in enumerate(values)})
        self.sees(*self.refused(self.peer().create_receiver, EVENTS, options=options))

    def test_filter_syntax(self):
        self.judge("./e:Event[\n  e:PhoneStatus and")

    def test_filter_unknown_function(self):
        self.judge("start-with(./e:Event, 'a')")

    def test_filter_undeclared_prefix(self):
        self.judge("./f:Event/f:PhoneStatus")

    def test_filter_undeclared_variable(self):
        self.judge("$event/e:PhoneStatus")

    def test_filter_reaches_outside(self):
        self.judge("doc('/etc/passwd')")

    def test_filter_external_function(self):
        self.judge("declare function local:f() external; 1")

    def test_filter_unknown_event(self):
        self.judge("./e:Event/e:PhoneStatsu")

    def test_filter_unknown_element(self):
        self.judge("./e:Event/e:PhoneStatus/e:Statsu = 'busy'")

    def test_filter_without_namespace(self):
        self.judge("./e:Event/PhoneStatus")

    def test_filter_path_into_a_text(self):
        self.judge("./e:Event/e:PhoneStatus/e:Status/e:Text")

    def test_filter_outside_an_enumeration(self):
        self.judge("//e:PuppetLog/e:Level = 'warnin'")

    def test_filter_number_that_is_none(self):
        self.judge("//e:NodeStatus[e:Load = 'high']")

    def test_filter_boolean_that_is_none(self):
        self.judge("//e:NodeStatus/e:Indexed = 'yes'")

    def test_filter_of_two_events(self):
        self.judge("./e:Event/e:NodeLeave and ./e:Event/e:ClientLeave")

    def test_filter_never_true(self):
        self.judge("//e:Load eq 5")

    def test_filter_too_long(self):
        self.judge("(: " + "x" * 9000 + " :) true()")

    def test_filter_too_deep(self):
        self.judge("(" * 300 + "1" + ")" * 300)

    def test_two_filters(self):
        self.judge_value(Described(XQUERY, "true()"), Described(XQUERY, "false()"))

    def test_unknown_filter_type(self):
        self.judge_value(Described(symbol("apache.org:selector-filter:string"), "a = 1"))

    def test_undescribed_filter(self):
        self.judge_value("true()")

    def test_filter_not_a_string(self):
        self.judge_value(Described(XQUERY, 5))

    # Those that fail only when an event comes: the link stays, nothing matches, and the reason can be asked for.
    def failing(self, query):
        connection = self.peer()
        connection.create_receiver(EVENTS, name="mine", options=Filter({symbol("xquery"): Described(XQUERY, query)}))
        connection.create_sender(EVENTS).send(Message(body=GOOD.encode()))
        mine = next(entry for entry in self.call("getSubscriptions", [])["result"] if entry["link"] == "mine")
        self.assertGreaterEqual(mine["errors"], 1)
        self.assertEqual(mine["matched"], 0)
        self.assertRegex(mine["last_error"], "^" + pattern(self.row.message) + "$")

    def test_filter_fails_for_an_event(self):
        self.failing("xs:int(//e:Id) > 3")

    def test_filter_runs_too_long(self):
        self.failing("some $a in 1 to 1000, $b in 1 to 1000 satisfies $a * $b < 0")

    def test_property_is_missing(self):
        self.failing("declare variable $floor as xs:integer external; $floor = 3")


class FiltersTogether(Case):
    settings = {"limits": {"filter-steps-per-second": 1000}}

    def test_filters_cost_too_much(self):
        connection = self.peer()
        for number in range(2):
            query = f"count(for $i in 1 to 1000 where //e:Id != 'no {number}' return $i) = 1000"
            connection.create_receiver(EVENTS, name=f"dear {number}",
                                       options=Filter({symbol("xquery"): Described(XQUERY, query)}))
        connection.create_sender(EVENTS).send(Message(body=GOOD.encode()))
        errors = [entry["last_error"] for entry in self.call("getSubscriptions", [])["result"] if entry["errors"]]
        self.assertEqual(len(errors), 1)  # one was asked
        self.assertRegex(errors[0], "^" + pattern(self.row.message) + "$")


if __name__ == "__main__":
    unittest.main()
