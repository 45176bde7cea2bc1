"""Events per second from a Python publisher through the agent to a Python subscriber: with the package `clacks`, and
with bare python3-qpid-proton as its own examples use it. Each in processes of their own, one after the other in
rounds; no event may be lost, and neither process may grow.

    python_client.py [--events N] [--rounds N] [--out FILE]

The publisher is told how far the subscriber has come and keeps at most WINDOW events ahead of it, as an agent drops
the oldest when a subscriber is too slow. Exits with 1 on a loss or on growth. FILE gets the rates as rows for table.py.
"""
import argparse
import json
import os
import select
import statistics
import subprocess
import sys
import time

WINDOW, STEP = 4000, 250
QUERY = "./e:Event/e:PhoneStatus"
GROWTH = 8192  # KiB that a process may grow after its first tenth; a lost 100 bytes an event would be 10,000


def document(number):
    return ('<Event xmlns="http://www.gonicus.de/Events"><PhoneStatus><CallerId>012345</CallerId>'
            f'<ReceiverId>{number}</ReceiverId><Status>busy</Status></PhoneStatus></Event>')


def memory():
    """The process's own, in KiB."""
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))


class Memory:
    """What the process takes after a tenth of the events, and at the end."""

    def __init__(self, events):
        self.early_at, self.early = events // 10, None

    def look(self, number):
        if number == self.early_at:
            self.early = memory()

    def report(self):
        used = os.times()
        return {"early": self.early, "late": memory(), "processor": used.user + used.system}


class Pace:
    """The subscriber's progress, as numbers on standard input."""

    def __init__(self):
        self.done, self.rest = 0, b""

    def room(self, sent, wait):
        """How many more may be sent; with `wait`, at least one."""
        while True:
            while select.select([0], [], [], 0)[0] or (wait and sent - self.done >= WINDOW):
                data = os.read(0, 4096)
                if not data:
                    sys.exit("the subscriber is gone")
                *lines, self.rest = (self.rest + data).split(b"\n")
                self.done = int(lines[-1]) if lines else self.done
            return WINDOW - (sent - self.done)


class Tally:
    """Checks on the subscriber's side that each event comes once and in order, and tells its progress."""

    def __init__(self, events):
        self.events, self.seen, self.start, self.memory = events, 0, None, Memory(events)

    def take(self, number):
        if self.seen == 0:
            self.start = time.perf_counter()
        if number != self.seen:
            print(json.dumps({"lost": f"event {self.seen} did not come, but {number}"}), flush=True)
            os._exit(1)
        self.seen += 1
        self.memory.look(self.seen)
        if self.seen % STEP == 0:
            print(self.seen, flush=True)
        return self.seen == self.events

    def report(self):
        seconds = time.perf_counter() - self.start
        print(json.dumps({"rate": (self.events - 1) / seconds, **self.memory.report()}), flush=True)


def clacks_subscriber(url, events):
    from clacks.common.components import AMQPEventConsumer
    tally = Tally(events)

    def callback(event):
        if tally.take(int(event.PhoneStatus.ReceiverId.text)):
            consumer.close()

    with AMQPEventConsumer(url, xquery=QUERY, callback=callback) as consumer:
        assert consumer.wait_until_subscribed(30)
        print("ready", flush=True)
        consumer.join()
    tally.report()


def clacks_publisher(url, events):
    from clacks.common.components import Publisher
    pace, remember = Pace(), Memory(events)
    with Publisher(url) as publisher:
        futures, room = [], 0
        for number in range(events):
            if room == 0:
                room = pace.room(number, wait=True)
            room -= 1
            future = publisher.send(document(number))
            if number % STEP == 0:
                futures.append(future)
            remember.look(number)
    for future in futures:
        future.result(30)
    print(json.dumps(remember.report()))


def bare_subscriber(url, events):
    from proton import Described, symbol
    from proton.handlers import MessagingHandler
    from proton.reactor import AtMostOnce, Container, Filter
    tally = Tally(events)

    class Receive(MessagingHandler):
        def on_start(self, event):
            connection = event.container.connect(url, allowed_mechs="PLAIN")
            described = Described(symbol("apache.org:xquery-filter:string"), QUERY)
            event.container.create_receiver(connection, "org.clacks.event",
                                            options=[Filter({symbol("xquery"): described}), AtMostOnce()])

        def on_link_opened(self, event):
            print("ready", flush=True)

        def on_message(self, event):
            text = bytes(event.message.body)
            start = text.index(b"<ReceiverId>") + len(b"<ReceiverId>")
            if tally.take(int(text[start:text.index(b"<", start)])):
                event.connection.close()

    Container(Receive(prefetch=1000)).run()
    tally.report()


def bare_publisher(url, events):
    from proton import Message
    from proton.handlers import MessagingHandler
    from proton.reactor import Container
    pace, remember = Pace(), Memory(events)

    class Send(MessagingHandler):
        def __init__(self):
            super().__init__()
            self.sent = self.accepted = 0

        def on_start(self, event):
            connection = event.container.connect(url, allowed_mechs="PLAIN")
            event.container.create_sender(connection, "org.clacks.event")

        def on_sendable(self, event):
            self.send(event.sender)

        def send(self, sender):
            room = pace.room(self.sent, wait=self.sent == self.accepted)
            while sender.credit and room > 0 and self.sent < events:
                sender.send(Message(body=document(self.sent).encode(), inferred=True, content_type="application/xml"))
                self.sent, room = self.sent + 1, room - 1
                remember.look(self.sent)

        def on_accepted(self, event):
            self.accepted += 1
            if self.accepted == events:
                event.connection.close()
            elif self.accepted == self.sent:
                self.send(event.sender)

        def on_rejected(self, event):
            sys.exit(f"rejected: {event.delivery.remote.condition}")

    Container(Send()).run()
    print(json.dumps(remember.report()))


def run(kind, url, events):
    """One publisher to one subscriber; their reports."""
    def start(role, **options):
        return subprocess.Popen([sys.executable, __file__, "--role", f"{kind}_{role}", "--url", url, "--events", str(events)],
                                stdout=subprocess.PIPE, **options)

    subscriber = start("subscriber")
    assert subscriber.stdout.readline() == b"ready\n"
    publisher = start("publisher", stdin=subprocess.PIPE)
    for line in subscriber.stdout:
        if line.startswith(b"{"):
            break
        try:
            publisher.stdin.write(line)
            publisher.stdin.flush()
        except BrokenPipeError:
            pass  # has sent all
    else:
        sys.exit(f"the {kind} subscriber ended early")
    report = {"subscriber": json.loads(line)}
    if "lost" in report["subscriber"]:
        sys.exit(f"{kind}: {report['subscriber']['lost']}")
    out, _ = publisher.communicate(timeout=60)
    report["publisher"] = json.loads(out)
    if subscriber.wait(60) or publisher.returncode:
        sys.exit(f"a {kind} process failed")
    return report


def measure(url, events, rounds):
    rates = {"bare": [], "clacks": []}
    grown = []
    for number in range(rounds):
        for kind in ("bare", "clacks") if number % 2 else ("clacks", "bare"):
            report = run(kind, url, events)
            rates[kind].append(report["subscriber"]["rate"])
            sizes = {role: (r["early"], r["late"]) for role, r in report.items()}
            print(f"{kind:7} {rates[kind][-1]:8.0f} events/s   " + "   ".join(
                f"{role} {1e6 * r['processor'] / events:.0f} µs of processor an event, grew {r['late'] - r['early']} KiB"
                for role, r in report.items()), flush=True)
            if kind == "clacks":
                grown += [f"the {role} grew by {late - early} KiB" for role, (early, late) in sizes.items()
                          if late - early > GROWTH]
    return {kind: statistics.median(values) for kind, values in rates.items()}, grown


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--out", help="file for the figures, JSON")
    parser.add_argument("--role", help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.role:
        return globals()[options.role](options.url, options.events)
    from agent_fixture import Agent
    with Agent() as agent:
        medians, grown = measure(agent.url, options.events, options.rounds)
    share = medians["clacks"] / medians["bare"]
    print(f"{options.events} events, none lost; median rates: bare python3-qpid-proton {medians['bare']:.0f}/s, "
          f"clacks {medians['clacks']:.0f}/s: {share:.2f} of it")
    if options.out:
        rows = [{"name": f"Python to Python, {name}", "figure": medians[kind], "unit": "events/s", "ratio": medians[kind] / medians["bare"]}
                for kind, name in (("bare", "bare python3-qpid-proton"), ("clacks", "the package clacks"))]
        with open(options.out, "w", encoding="utf-8") as file:
            json.dump({"rows": rows}, file)
    for problem in grown:
        print(problem)
    return int(bool(grown))


sys.exit(main())
