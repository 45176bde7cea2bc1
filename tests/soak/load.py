"""What the soak test's processes do: many subscriptions, or one publisher. Each is a user of its own.

    load.py subscriber USER PORT SEED CONNECTIONS LINKS
    load.py link|relay|request USER PORT SEED

Says READY on standard output when it is at work. On its standard input, "end" ends a publisher: it sends no more, and once
it knows what became of all that it sent it says so. "drain" lets a subscriber's slow links read as the others do; "end
NUMBER" ends it when it has got so many events in all: it says what each link got and was told of as lost.
"""
import json
import random
import sys
import threading

from agent_fixture import XQueryFilter
from proton import Delivery, Message
from proton.handlers import MessagingHandler
from proton.reactor import ApplicationEvent, Container, EventInjector
from proton.utils import BlockingConnection, SyncRequestResponse

DOMAIN = "org.clacks"
EVENTS = f"{DOMAIN}.event"
PASSWORD = "secret"
LOGIN = {"password": PASSWORD, "allowed_mechs": "PLAIN"}
PHONE = ('<Event xmlns="http://www.gonicus.de/Events"><PhoneStatus><CallerId>{}</CallerId><ReceiverId>{}</ReceiverId>'
         '<Status>{}</Status></PhoneStatus></Event>')
CALLERS = 500
PATH = "./e:Event/e:PhoneStatus"


def filter_of(number):
    """Most name one caller, as people's filters do; the others are met by more events, by all, by none, or fail."""
    rare = f"{PATH}[e:CallerId = '{number % CALLERS}']"
    return {0: PATH, 1: f"{PATH}/e:ReceiverId > 900", 2: f"starts-with({PATH}/e:CallerId, '1')",
            3: f"{PATH}/e:Status = 'nothing'", 4: "",
            5: f"sum(string-to-codepoints({PATH}/e:CallerId)) mod 7 = {number % 7}",
            6: f"xs:integer({PATH}/e:Status) = 1"}.get(number % 60, rare)


def some_event(rng):
    """One in twenty is no event."""
    text = PHONE.format(rng.randrange(CALLERS), rng.randrange(1000), rng.choice(("busy", "idle", "17")))
    return text.replace("CallerId", "Caller") if rng.random() < 0.05 else text


class Worker(MessagingHandler):
    def __init__(self, user, port, **options):
        super().__init__(**options)
        self.url, self.user = f"127.0.0.1:{port}", user
        self.ending = False

    def connect(self, container):
        return container.connect(self.url, user=self.user, reconnect=False, **LOGIN)

    def on_start(self, event):
        self.container, injector = event.container, EventInjector()
        event.container.selectable(injector)

        def listen():
            for line in sys.stdin:
                word, *numbers = line.split()
                injector.trigger(ApplicationEvent(word, subject=[int(number) for number in numbers]))
        threading.Thread(target=listen, daemon=True).start()
        self.start(event.container)

    def on_transport_error(self, event):
        sys.exit(f"the connection broke: {event.transport.condition}")

    def on_link_error(self, event):
        sys.exit(f"a link was closed: {event.link.remote_condition}")


class Subscriber(Worker):
    """Some of its links read slowly: one event each time that they get around to it."""

    def __init__(self, user, port, rng, connections, links):
        super().__init__(user, port, prefetch=0, auto_accept=True)
        self.rng, self.connections, self.links = rng, connections, links
        self.slow, self.got, self.lost, self.opened, self.wanted = [], {}, {}, 0, None

    def start(self, container):
        for _ in range(self.connections):
            connection = self.connect(container)
            for _ in range(self.links):
                name = f"{self.user}-{len(self.got)}"
                first = not self.got  # it reads slowly what all events match, and so loses some for certain
                query = filter_of(0 if first else self.rng.randrange(100_000))
                receiver = container.create_receiver(connection, EVENTS, name=name,
                                                     options=XQueryFilter(query) if query else None)
                self.got[name] = self.lost[name] = 0
                if first or self.rng.random() < 0.1:
                    self.slow.append(receiver)
                else:
                    receiver.flow(100)
        container.schedule(0.2, self)

    def on_link_opened(self, event):
        self.opened += 1
        if self.opened == len(self.got):
            print("READY", flush=True)

    def on_timer_task(self, event):
        for receiver in self.slow:
            if receiver.credit == 0:
                receiver.flow(1)
        event.container.schedule(0.2, self)

    def on_message(self, event):
        name = event.receiver.name
        self.got[name] += 1
        self.lost[name] += (event.message.properties or {}).get("dropped", 0)
        if event.receiver not in self.slow and event.receiver.credit < 50:
            event.receiver.flow(50)

        self.end_when_all_came()

    def on_drain(self, event):
        for receiver in self.slow:
            receiver.flow(100)
        self.slow.clear()

    def on_end(self, event):
        self.wanted = event.subject[0]
        self.end_when_all_came()

    def end_when_all_came(self):
        if self.wanted == sum(self.got.values()):
            print(json.dumps({"got": self.got, "lost": self.lost}), flush=True)
            self.container.stop()


class Publisher(Worker):
    """As fast as credit allows."""

    def __init__(self, user, port, rng, relay):
        super().__init__(user, port)
        self.rng, self.relay = rng, relay
        self.counts = {"sent": 0, "accepted": 0, "rejected": 0}

    def start(self, container):
        self.sender = container.create_sender(self.connect(container), None if self.relay else EVENTS)

    def on_link_opened(self, event):
        print("READY", flush=True)

    def on_sendable(self, event):
        while event.sender.credit and not self.ending and event.sender.queued < 50:
            event.sender.send(Message(body=some_event(self.rng), address=EVENTS if self.relay else None))
            self.counts["sent"] += 1

    def on_settled(self, event):
        outcome = event.delivery.remote_state
        self.counts["accepted" if outcome == Delivery.ACCEPTED else "rejected"] += 1
        if self.ending:
            return self.end_when_settled()
        self.on_sendable(event)

    def on_end(self, event):
        self.ending = True
        self.end_when_settled()

    def end_when_settled(self):
        if self.counts["sent"] == self.counts["accepted"] + self.counts["rejected"]:
            print(json.dumps(self.counts), flush=True)
            self.container.stop()


def request(user, port, rng):
    """One sendEvent after the other."""
    ending = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.readline(), ending.set()), daemon=True).start()
    connection = BlockingConnection(f"127.0.0.1:{port}", user=user, allow_insecure_mechs=True, timeout=60, **LOGIN)
    client = SyncRequestResponse(connection, f"{DOMAIN}.command.core")
    counts = {"sent": 0, "accepted": 0, "rejected": 0}
    print("READY", flush=True)
    while not ending.is_set():
        body = json.dumps({"jsonrpc": "2.0", "method": "sendEvent", "params": [some_event(rng)], "id": 1})
        answer = json.loads(bytes(client.call(Message(body=body.encode())).body))
        counts["sent"] += 1
        counts["accepted" if "result" in answer else "rejected"] += 1
    print(json.dumps(counts), flush=True)
    connection.close()


def main():
    role, user, port, seed = sys.argv[1:5]
    rng = random.Random(seed)
    if role == "request":
        return request(user, port, rng)
    if role == "subscriber":
        connections, links = map(int, sys.argv[5:7])
        return Container(Subscriber(user, port, rng, connections, links)).run()
    return Container(Publisher(user, port, rng, role == "relay")).run()


if __name__ == "__main__":
    main()
