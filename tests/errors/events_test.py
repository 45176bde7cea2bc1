"""Events that are no events: published, they are rejected with condition and reason; by sendEvent, answered with both."""
import unittest

from bad_input import EVENT, Case
from proton import Message

CALLER = "<CallerId>1</CallerId>"
RECEIVER = "<ReceiverId>2</ReceiverId>"
STATUS = "<Status>busy</Status>"
LOG = "<PuppetLog><Timestamp>1</Timestamp><Level>{}</Level><Message>m</Message></PuppetLog>"


def phone(content):
    return EVENT.format(f"\n  <PhoneStatus>{content}</PhoneStatus>\n")


class Events(Case):
    def judge(self, text):
        """The same reason on both ways."""
        condition, published = self.rejected(Message(body=text.encode()))
        self.sees(condition, published)
        self.another_input()
        error = self.call("sendEvent", [text])["error"]
        self.sees(str(error["code"]), error["message"])
        self.assertEqual(published, error["message"])
        return error["data"]

    def test_malformed_xml(self):
        self.judge(EVENT.format("\n  <NodeLeave><Id>n</NodeLeave>"))

    def test_empty_document(self):
        self.judge("")

    def test_not_xml(self):
        self.judge("hello")

    def test_unknown_event(self):
        self.assertEqual(self.judge(EVENT.format("<PhoneStatsu/>"))["path"], "/Event/PhoneStatsu")

    def test_missing_element(self):
        data = self.judge(phone(CALLER + RECEIVER))
        self.assertEqual((data["line"], data["path"], data["expected"]), (2, "/Event/PhoneStatus", "Status"))

    def test_unknown_element(self):
        data = self.judge(phone(CALLER + RECEIVER + "<Statu>busy</Statu>"))
        self.assertEqual((data["line"], data["path"], data["expected"]), (2, "/Event/PhoneStatus/Statu", "Status"))

    def test_wrong_order(self):
        data = self.judge(EVENT.format("<PuppetReport>" + LOG.format("err") + "<Id>n</Id></PuppetReport>"))
        self.assertEqual((data["path"], data["expected"]), ("/Event/PuppetReport/PuppetLog", "Id"))

    def test_element_twice(self):
        self.assertEqual(self.judge(phone(CALLER + RECEIVER + STATUS + STATUS))["path"], "/Event/PhoneStatus/Status[2]")

    def test_wrong_type(self):
        data = self.judge(EVENT.format("<NodeStatus>\n<Load>high</Load><Latency>0</Latency><Workers>1</Workers>"
                                       "<Id>n</Id></NodeStatus>"))
        self.assertEqual((data["line"], data["column"], data["expected"]), (2, 1, "float"))

    def test_value_not_listed(self):
        data = self.judge(EVENT.format("<PuppetReport><Id>n</Id>" + LOG.format("warn") + "</PuppetReport>"))
        self.assertEqual(data["path"], "/Event/PuppetReport/PuppetLog/Level")

    def test_text_between_elements(self):
        self.judge(phone("hello" + CALLER + RECEIVER + STATUS))

    def test_attribute(self):
        self.judge(EVENT.format("<ClientPoll when='now'/>"))

    def test_two_events(self):
        self.assertEqual(self.judge(EVENT.format("<ClientPoll/><ClientPoll/>"))["code"], "event-count")

    def test_no_event(self):
        self.judge(EVENT.format(""))

    def test_wrong_namespace(self):
        self.judge("<Event xmlns='http://www.gonicus.de/events'><ClientPoll/></Event>")

    def test_no_namespace(self):
        self.judge("<Event><ClientPoll/></Event>")

    def test_another_root(self):
        self.judge("<ClientPoll xmlns='http://www.gonicus.de/Events'/>")

    def test_too_large(self):
        self.judge(EVENT.format("<NodeLeave><Id>" + "x" * 300 * 1024 + "</Id></NodeLeave>"))

    def test_too_deep(self):
        self.judge(EVENT.format("<a>" * 100 + "</a>" * 100))

    def test_too_many_attributes(self):
        self.judge(EVENT.format("<ClientPoll" + "".join(f" a{number}='1'" for number in range(100)) + "/>"))

    def test_dtd(self):
        self.judge("<!DOCTYPE Event SYSTEM 'file:///etc/passwd'>" + EVENT.format("<ClientPoll/>"))

    def test_entity_declaration(self):
        bomb = "".join(f"<!ENTITY e{number + 1} '&e{number};&e{number};'>" for number in range(40))
        self.judge("<!DOCTYPE Event [<!ENTITY e0 'ha'>" + bomb + "]>" + EVENT.format("<NodeLeave><Id>&e40;</Id></NodeLeave>"))

    def test_entity(self):
        self.judge(EVENT.format("<NodeLeave><Id>&secret;</Id></NodeLeave>"))

    def test_declared_encoding(self):
        self.judge("<?xml version='1.0' encoding='ISO-8859-1'?>" + EVENT.format("<ClientPoll/>"))

    def test_xml_version(self):
        self.judge("<?xml version='1.1'?>" + EVENT.format("<ClientPoll/>"))

    # JSON carries only Unicode, so these two come as messages alone.
    def test_bad_utf8(self):
        self.sees(*self.rejected(Message(body=EVENT.format("<NodeLeave><Id>M?ller</Id></NodeLeave>").encode()
                                         .replace(b"?", b"\xfc"))))

    def test_utf16(self):
        self.sees(*self.rejected(Message(body=EVENT.format("<ClientPoll/>").encode("utf-16"))))


if __name__ == "__main__":
    unittest.main()
