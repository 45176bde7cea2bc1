"""What the ACL does not allow: events, commands, subscriptions, clients' addresses, and Ids that are another's."""
import unittest

from bad_input import EVENT, EVENTS, Case
from proton import Message

PHONE = EVENT.format("<PhoneStatus><CallerId>1</CallerId><ReceiverId>2</ReceiverId><Status>busy</Status></PhoneStatus>")


class Rights(Case):
    acl = ("identity admin elsewhere\n"
           "allow admin {d}.event.Node*,{d}.event.Client*,{d}.command.core.sendEvent x\n"
           "deny * {d}.event.CollectD,{d}.command.core.reload x\n")

    def judge(self, document):
        """The same reason on both ways."""
        self.sees(*self.rejected(Message(body=document.encode())))
        self.another_input()
        error = self.call("sendEvent", [document])["error"]
        self.sees(str(error["code"]), error["message"])

    def test_event_not_permitted(self):
        self.judge(PHONE)

    def test_id_of_another(self):
        self.judge(EVENT.format("<NodeLeave><Id>fixture</Id></NodeLeave>"))

    def test_event_of_agents(self):
        self.judge(EVENT.format("<ClientPoll/>"))

    def test_command_denied(self):
        error = self.call("reload", [])["error"]
        self.sees(str(error["code"]), error["message"])

    def test_nothing_to_receive(self):
        self.sees(*self.refused(self.peer().create_receiver, EVENTS))

    def test_client_address_of_another(self):
        self.sees(*self.refused(self.peer().create_receiver, "org.clacks.client.fixture"))


unittest.main()
