"""What users may do by the ACL: send, call, subscribe, receive requests, and tell of clients and nodes."""
import json
import os
import subprocess
import unittest
import uuid

from agent_fixture import BIN, DOMAIN, PASSWORD, Agent, XQueryFilter, connect, until
from client_fixture import Client
from proton import Message
from proton.utils import LinkDetached, SyncRequestResponse

EVENTS = f"{DOMAIN}.event"
EVENT = '<Event xmlns="http://www.gonicus.de/Events">{}</Event>'
PHONE = EVENT.format("<PhoneStatus><CallerId>1</CallerId><ReceiverId>2</ReceiverId><Status>busy</Status></PhoneStatus>")
ADMIN = "group agents admin\nallow admin * xr\n"


def leaving(name, kind="NodeLeave"):
    return EVENT.format(f"<{kind}><Id>{name}</Id></{kind}>")


class Case(unittest.TestCase):
    def agent(self, acl, users=(), **settings):
        agent = Agent(acl=ADMIN + acl, settings=settings, tls=False)
        agent.__enter__()
        self.addCleanup(agent.__exit__, None, None, None)
        for user in users:
            agent.add_user(user)
        return agent

    def peer(self, agent, user="admin"):
        connection = connect(agent, user)
        self.addCleanup(connection.close)
        return connection

    def send(self, connection, document):
        """"" where it was accepted, else condition and description."""
        delivery = connection.create_sender(EVENTS, name=str(uuid.uuid4())).link.send(Message(body=document.encode()))
        connection.wait(lambda: delivery.settled, timeout=60)
        condition = delivery.remote.condition
        return f"{condition.name} {condition.description}" if condition else ""

    def call(self, connection, method, params=(), queue="core"):
        request = {"jsonrpc": "2.0", "method": method, "params": list(params), "id": 1}
        client = SyncRequestResponse(connection, f"{DOMAIN}.command.{queue}")
        answer = client.call(Message(body=json.dumps(request).encode()))
        client.sender.close()
        client.receiver.close()
        return json.loads(bytes(answer.body))

    def refusal(self, connection, address):
        with self.assertRaises(LinkDetached) as caught:
            connection.create_receiver(address)
        condition = caught.exception.link.remote_condition
        return f"{condition.name} {condition.description}"


class Sending(Case):
    def test_events_by_name_on_both_ways(self):
        agent = self.agent("deny bob {d}.event.Puppet* x\nallow bob {d}.event.P*,{d}.command.core.sendEvent x\n", ["bob"])
        bob = self.peer(agent, "bob")
        self.assertEqual(self.send(bob, PHONE), "")
        self.assertTrue(self.call(bob, "sendEvent", [PHONE])["result"]["id"])
        report = EVENT.format("<PuppetReport><Id>n</Id><PuppetLog><Timestamp>1</Timestamp><Level>err</Level>"
                              "<Message>m</Message></PuppetLog></PuppetReport>")
        denied = "the user 'bob' may not send the event 'PuppetReport': line 3 of the ACL denies it; its administrator " \
                 "can see it by: clacks acl check bob org.clacks.event.PuppetReport"
        self.assertEqual(self.send(bob, report), "amqp:unauthorized-access " + denied)
        error = self.call(bob, "sendEvent", [report])["error"]
        self.assertEqual((error["code"], error["message"]), (-32003, denied))
        self.assertIn("'bob' may not send the event 'NodeLeave': no line of the ACL allows it",
                      self.send(bob, leaving("bob")))
        check = subprocess.run([BIN / "clacks", "acl", "check", "bob", "{d}.event.PuppetReport", "--config", agent.config],
                               capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual((check.returncode, check.stdout.splitlines()[1]), (1, f"{agent.acl}:3: deny bob {{d}}.event.Puppet* x"))

    def test_commands_whichever_queue_they_come_by(self):
        agent = self.agent("deny bob {d}.command.node.* x\nallow bob {d}.command.* x\n", ["bob"])
        bob = self.peer(agent, "bob")
        self.assertEqual(self.call(bob, "getSessionUser")["result"], "bob")
        for queue in ("core", "node"):
            error = self.call(bob, "getNodes", queue=queue)["error"]
            self.assertEqual(error["code"], -32003)
            self.assertIn("the user 'bob' may not call 'getNodes': line 3 of the ACL denies it", error["message"])
        self.assertIn("result", self.call(self.peer(agent), "getNodes"))


class Receiving(Case):
    def test_only_what_may_be_read_whatever_the_filter(self):
        agent = self.agent("allow bob {d}.event.PhoneStatus r\n", ["bob", "eve"])
        bob, admin = self.peer(agent, "bob"), self.peer(agent)
        receiver, all_events = bob.create_receiver(EVENTS), admin.create_receiver(EVENTS, name="all")
        for document in (leaving("one"), PHONE, leaving("two"), PHONE):
            self.assertEqual(self.send(admin, document), "")
        for _ in range(2):
            self.assertEqual(receiver.receive(timeout=60).properties["event"], "PhoneStatus")
            receiver.accept()
        seen = []
        while seen.count("NodeLeave") < 2 or seen.count("PhoneStatus") < 2:
            seen.append(all_events.receive(timeout=60).properties["event"])
            all_events.accept()
        counted = [one for one in self.call(admin, "getSubscriptions")["result"] if one["owner"] == "bob"]
        self.assertEqual([(one["evaluated"], one["matched"]) for one in counted], [(0, 2)])
        self.assertEqual(counted[0]["events"], ["PhoneStatus"])
        self.assertIn("amqp:unauthorized-access the user 'eve' may not receive any event: no line of the ACL allows it",
                      self.refusal(self.peer(agent, "eve"), EVENTS))

    def test_which_subscriptions_an_event_would_come_to(self):
        agent = self.agent("allow bob {d}.event.PhoneStatus r\n", ["bob"])
        bob, admin = self.peer(agent, "bob"), self.peer(agent)
        bob.create_receiver(EVENTS, name="every event")
        bob.create_receiver(EVENTS, name="not his", options=XQueryFilter("./e:Event/e:NodeLeave"))
        admin.create_receiver(EVENTS, name="every event")
        leave = agent.folder / "NodeLeave.xml"
        leave.write_text(leaving("one"))
        said = subprocess.run([BIN / "clacks", "filter", "test", "--subscriptions", "--events", leave, "--json"],
                              env={**os.environ, "CLACKS_URL": agent.url}, capture_output=True, text=True, timeout=60, check=True).stdout
        told = [(one["owner"], one["filter"], one["matched"]) for one in json.loads(said) if one["link"]]
        self.assertCountEqual(told, [("bob", "", False), ("bob", "./e:Event/e:NodeLeave", False), ("admin", "", True)])
        self.assertIn("does not come: the owner may not read NodeLeave", said)
        self.assertEqual({(one["owner"], one["link"]): one["events"] for one in self.call(admin, "getSubscriptions")["result"]
                          if one["link"]},
                         {("bob", "every event"): ["PhoneStatus"], ("bob", "not his"): [], ("admin", "every event"): None})

    def test_a_client_address_of_another(self):
        agent = self.agent("allow * {d}.client.{id} xr\n", ["bob"])
        bob = self.peer(agent, "bob")
        bob.create_receiver(f"{DOMAIN}.client.bob")
        self.assertIn("amqp:unauthorized-access the user 'bob' may not receive at 'org.clacks.client.carol': no line",
                      self.refusal(bob, f"{DOMAIN}.client.carol"))


class Identity(Case):
    CLIENTS = ("allow * {d}.event.Client*,{d}.event.UserSession x\nallow * {d}.event.ClientPoll r\n"
               "allow * {d}.client.{id} r\n")
    MODULE = {"agent": {"modules": BIN.parent / "lib/modules"}, "module clients": {"poll-after": "100 ms"}}

    def client(self, agent, user, machine):
        client = Client(f"amqp://{user}:{PASSWORD}@127.0.0.1:{agent.amqp_port}/{DOMAIN}", user, settings={"id": machine})
        client.__enter__()
        self.addCleanup(client.__exit__)

    def test_the_client_daemon_needs_no_more_rights_than_its_own(self):
        first, second = str(uuid.uuid4()), str(uuid.uuid4())
        agent = self.agent(f"identity beta {second}\n" + self.CLIENTS, [first, "beta", "eve"], **self.MODULE)
        admin = self.peer(agent)
        self.client(agent, first, first)
        self.client(agent, "beta", second)
        until(lambda: {name for name, client in self.call(admin, "getClients")["result"].items() if client["online"]}
              == {first, second})
        for machine in (first, second):
            until(lambda: self.call(admin, "clientDispatch", [machine, "announce"]).get("result"))
        eve = self.peer(agent, "eve")
        self.assertIn(f"the user 'eve' may not send the event 'ClientLeave' with the Id '{first}': it is not the sender's own",
                      self.send(eve, leaving(first, "ClientLeave")))
        self.assertEqual(self.send(eve, leaving("eve", "ClientLeave")), "")
        self.assertIn("'ClientPoll': it has no Id, so only an agent may send it", self.send(eve, EVENT.format("<ClientPoll/>")))
        self.assertTrue(self.call(admin, "getClients")["result"][first]["online"])

    def test_agents_tell_of_any_node(self):
        agent = self.agent("group agents node-*\nallow * {d}.event.Node* x\n", ["node-1", "eve"])
        self.assertEqual(self.send(self.peer(agent, "node-1"), leaving("elsewhere")), "")
        self.assertIn("with the Id 'fixture': it is not the sender's own", self.send(self.peer(agent, "eve"), leaving("fixture")))


class Reload(Case):
    def test_subscriptions_are_judged_again(self):
        agent = self.agent("allow bob {d}.event.PhoneStatus r\n", ["bob"])
        receiver, admin = self.peer(agent, "bob").create_receiver(EVENTS), self.peer(agent)
        agent.acl.write_text(ADMIN + "allow bob {d}.event.NodeLeave r\n")
        self.assertIn("result", agent.reload())
        self.assertEqual(self.send(admin, PHONE) + self.send(admin, leaving("one")), "")
        self.assertEqual(receiver.receive(timeout=60).properties["event"], "NodeLeave")
        receiver.accept()
        agent.acl.write_text(ADMIN)
        self.assertIn("result", agent.reload())
        self.assertEqual(self.send(admin, leaving("two")), "")
        agent.acl.write_text(ADMIN + "allow bob * r\n")
        self.assertIn("result", agent.reload())
        self.assertEqual(self.send(admin, PHONE), "")
        self.assertEqual(receiver.receive(timeout=60).properties["event"], "PhoneStatus")

    def test_with_an_error_the_old_one_stays_in_force(self):
        agent = self.agent("allow bob {d}.event.* x\n", ["bob"])
        bob = self.peer(agent, "bob")
        agent.acl.write_text("allow bob {d}.evnt.* x\nalow admin * xr\n")
        problem = f"{agent.acl}:1:11: no topic begins as '{{d}}.evnt.*' does; did you mean '{{d}}.event.…'?"
        answer = agent.reload()["error"]
        self.assertIn(problem, answer["message"])
        self.assertEqual(len(answer["data"]), 2)
        agent.wait_for_line(r"error not reloaded: .*agent\.acl:2:1: a line begins with allow, deny, group or identity")
        self.assertEqual(self.send(bob, PHONE), "")
        agent.config.write_text(agent.config.read_text().replace(f"file = {agent.acl}", "file = none.acl"))
        self.assertIn("none.acl: cannot be opened: No such file or directory", agent.reload()["error"]["message"])
        self.assertEqual(self.send(bob, PHONE), "")


class Start(Case):
    def test_without_an_acl_nobody_may_do_anything_and_the_log_says_so(self):
        agent = self.agent("")
        agent.config.write_text(agent.config.read_text().replace(f"[acl]\nfile = {agent.acl}\n", ""))
        self.assertEqual(agent.stop(), 0)
        agent.start()
        agent.wait_for_line("warning .*agent.conf: nobody may send, call or receive anything, as there is no access control "
                            r"list; write one, as: allow NAME \* xr, set \[acl\] file to it, and reload")
        admin = self.peer(agent)
        self.assertIn("may not send the event 'PhoneStatus': this agent has no ACL, so nobody may do anything",
                      self.send(admin, PHONE))
        self.assertEqual(self.call(admin, "getEvents")["error"]["code"], -32003)
        self.assertIn("amqp:unauthorized-access", self.refusal(admin, EVENTS))

    def test_a_bad_acl_is_no_start(self):
        agent = self.agent("")
        self.assertEqual(agent.stop(), 0)
        agent.acl.write_text("allow admin * xr\nallow @oprs * x\n")
        problem = f"{agent.acl}:2:7: there is no group 'oprs'; define it by a line: group oprs MEMBERS"
        for arguments in (["--check"], []):
            done = subprocess.run([BIN / "clacks-agent", "--config", agent.config, *arguments], capture_output=True, text=True,
                                  timeout=60, check=False)
            self.assertEqual(done.returncode, 1)
            self.assertIn(problem, done.stderr)
        agent.acl.write_text(ADMIN)
        agent.start()


unittest.main()
