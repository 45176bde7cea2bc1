"""What publishers sent and subscriptions matched adds up, and agrees with what the clients know."""
import contextlib
import json
import re
import unittest
import uuid

from agent_fixture import DOMAIN, Agent, connect, until
from proton import Message
from proton.utils import LinkDetached, SyncRequestResponse

EVENTS = f"{DOMAIN}.event"
PHONE = ('<Event xmlns="http://www.gonicus.de/Events"><PhoneStatus><CallerId>1</CallerId><ReceiverId>2</ReceiverId>'
         '<Status>{}</Status></PhoneStatus></Event>')
BUSY = PHONE.format("busy")
SMALL = {"amqp": {"queue-events": "10", "max-message-size": "300 KiB"}}


class Accounts(unittest.TestCase):
    def setUp(self):
        self.agent = Agent(SMALL, tls=False)
        self.agent.__enter__()
        self.addCleanup(self.agent.__exit__, None, None, None)
        self.admin = connect(self.agent)
        self.addCleanup(self.admin.close)

    def call(self, method, *params):
        request = {"jsonrpc": "2.0", "method": method, "params": params, "id": 1}
        client = SyncRequestResponse(self.admin, f"{DOMAIN}.command.core")
        answer = json.loads(bytes(client.call(Message(body=json.dumps(request).encode())).body))
        client.sender.close()
        client.receiver.close()
        return answer.get("result", answer.get("error"))

    def sender(self, address=EVENTS):
        return self.admin.create_sender(address, name=str(uuid.uuid4()))

    def send(self, sender, body, **properties):
        """Whether it was accepted."""
        delivery = sender.link.send(Message(body=body, **properties))
        with contextlib.suppress(LinkDetached):  # after a message that is too long
            self.admin.wait(lambda: delivery.settled, timeout=60)
        return delivery.remote_state == delivery.ACCEPTED

    def publisher(self, name):
        return next(one for one in self.call("getStatistics")["publishers"] if one["name"] == name)

    def test_every_way_of_an_event_is_counted_for_its_user(self):
        outcomes = [
            self.send(self.sender(), BUSY),
            self.send(self.sender(), "no event"),
            self.send(self.sender(), [1]),                               # not read: its body
            self.send(self.sender(), BUSY, user_id=b"somebody"),         # another's name
            self.send(self.sender(None), BUSY, address=EVENTS),          # the relay
            self.send(self.sender(None), BUSY, address=EVENTS, user_id=b"somebody"),
            self.send(self.sender(), "x" * 400_000),                     # too long
            "id" in self.call("sendEvent", BUSY),
            "id" in self.call("sendEvent", "no event"),
        ]
        self.send(self.sender(None), BUSY, address=f"{DOMAIN}.elsewhere")  # no event
        self.assertEqual(outcomes, [True, False, False, False, True, False, False, True, False])
        self.assertEqual(self.publisher("admin"), {"name": "admin", "sent": 9, "accepted": 3, "rejected": 6})
        node = self.publisher("module node")
        self.assertEqual(node["sent"], node["accepted"] + node["rejected"])
        self.assertGreater(node["accepted"], 0)

    def test_a_full_queue_and_an_end_are_told_apart(self):
        receiver = self.admin.create_receiver(EVENTS, credit=0, name="slow")
        sender = self.sender()
        for _ in range(25):
            self.assertTrue(self.send(sender, BUSY))

        def mine():
            return next(one for one in self.call("getSubscriptions") if one["link"] == "slow")
        counts = mine()
        self.assertEqual(counts["queued"], 10)
        self.assertEqual(counts["drops"], {"queue-full": counts["matched"] - 10, "memory-limit": 0, "closed": 0, "failed": 0})
        receiver.link.flow(4)
        for _ in range(4):
            receiver.receive(timeout=30)
            receiver.accept()
        counts = mine()
        self.assertEqual((counts["delivered"], counts["queued"]), (4, 6))
        self.assertEqual(counts["matched"], counts["delivered"] + counts["dropped"] + counts["queued"])
        receiver.close()
        totals = until(lambda: self.ended(6))
        self.assertEqual(totals["matched"], totals["delivered"] + totals["dropped"] + totals["queued"])

    def ended(self, closed):
        totals = self.call("getStatistics")
        return totals if totals["drops"]["closed"] == closed else None

    def test_the_log_tells_the_sums_at_the_end(self):
        self.admin.create_receiver(EVENTS, credit=0)
        sender = self.sender()
        outcomes = [self.send(sender, body) for body in (BUSY, "no event", BUSY, BUSY)]
        self.assertEqual(outcomes, [True, False, True, True])
        self.admin.close()
        self.assertEqual(self.agent.stop(), 0)
        line = self.agent.wait_for_line("accounts: ")
        number = {word: int(count) for word, count in re.findall(r"([a-z-]+) (\d+)", line.partition("accounts: ")[2])}
        self.assertEqual(number["sent"], number["accepted"] + number["rejected"])
        self.assertGreaterEqual(number["accepted"], 3)
        self.assertEqual(number["rejected"], 1)
        self.assertEqual(number["queued"], 0)
        self.assertEqual(number["matched"], number["delivered"] + number["dropped"])
        self.assertGreaterEqual(number["closed"], 3)
        self.assertEqual(number["dropped"], sum(number[why] for why in ("queue-full", "memory-limit", "closed", "failed")))


if __name__ == "__main__":
    unittest.main()
