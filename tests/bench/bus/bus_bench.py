"""Events over real sockets: a publisher, what is measured, and a subscriber, each a process of its own.

What is measured: the agent, which validates each event and asks the subscriber's filter; a raw relay on
proton's C proactor, which forwards the same bytes unread; and a relay on proton's C++ container. They take
turns, several rounds, and each figure is the median of the rounds; a ratio is that of one round. The
subscriber checks every event's place and bytes, so a figure without all events in order does not exist.

With --subscriptions N the same of two agents: one as above, and one that has N further subscriptions, each with a
text of its own, on 20 connections that have nothing to do.

With --fan-out N each event goes to N subscribers on 20 connections: through the agent, which encodes it once; through
the raw relay, which has it encoded; and through the C++ container, which encodes it for each. Deliveries a second, and
ratios to the last one.

With --idle N the memory that each of N subscriptions takes, which have nothing to do, in the agent, with filters that the
index decides and with filters that it does not, and in the raw relay, which knows of links only.

Also the agent alone: from exec to READY, and its memory when idle.
"""
import argparse
import contextlib
import json
import os
import pathlib
import queue
import re
import socket
import statistics
import subprocess
import tempfile
import threading
import time

from proton.utils import BlockingConnection

from agent_fixture import BIN, Agent, XQueryFilter, connect

PROGRAMS = BIN.parent / "bench" / "bus"
SECONDS = 300
CONNECTIONS = 20
RAW, CONTAINER, AGENT = "raw relay (C proactor)", "C++ container relay", "clacks-agent"


@contextlib.contextmanager
def relay(program):
    """Its address and process id."""
    process = subprocess.Popen([PROGRAMS / program], stdout=subprocess.PIPE, text=True)
    try:
        word, port = process.stdout.readline().split()
        assert word == "PORT"
        yield f"127.0.0.1:{port}", process.pid
        assert process.poll() is None, f"{program} ended ({process.returncode})"
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@contextlib.contextmanager
def agent(events, others=0):
    """`others`: subscriptions beside the one that is measured."""
    # A subscriber on two busy cores may fall behind for a while; nothing may be dropped meanwhile.
    settings = {"queue-events": max(events, 10000), "queue-bytes": "1024 MiB",
                "max-links": others // CONNECTIONS + 1, "idle-time-out": "1 h"} if others else \
               {"queue-events": max(events, 10000), "queue-bytes": "1024 MiB"}
    with Agent({"amqp": settings}, tls=False) as running:
        connections = [connect(running) for _ in range(CONNECTIONS if others else 0)]
        for i in range(others):
            connections[i % CONNECTIONS].create_receiver(
                "org.clacks.event", name=f"idle-{i}", credit=1,
                options=XQueryFilter(f"/e:Event/e:PhoneStatus/e:CallerId = 'nobody {i}'"))
        yield f"127.0.0.1:{running.amqp_port}", running.process.pid


def processor_seconds(pid):
    """Of all threads that the process has."""
    tasks = pathlib.Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9


def stream(receiving, address, events, rate=0):
    """What the receiving program and the publisher say of one stream of events."""
    common = [address, "--events", str(events)]
    with subprocess.Popen([PROGRAMS / receiving[0], *common, *receiving[1:]], stdout=subprocess.PIPE, text=True) as receiver:
        publisher = None
        try:
            assert receiver.stdout.readline().strip() == "READY", f"{receiving[0]} could not subscribe"
            publisher = subprocess.run([PROGRAMS / "publisher", *common, "--rate", str(rate)], text=True,
                                       stdout=subprocess.PIPE, timeout=SECONDS, check=True)
            received, _ = receiver.communicate(timeout=SECONDS)
        finally:
            receiver.kill()
    assert receiver.returncode == 0, f"{receiving[0]} did not get every event, in order and unchanged"
    return json.loads(received), json.loads(publisher.stdout)


def run(address, pid, events, rate=0):
    """One stream of events to one subscriber; the figures of its processes."""
    before = processor_seconds(pid)
    received, published = stream(["subscriber"], address, events, rate)
    return {
        "events/s": received["rate"], "p50": received["p50"], "p99": received["p99"],
        "publisher": published["processor"],
        "measured": processor_seconds(pid) - before, "subscriber": received["processor"],
    }


def fan_out(runs, events, subscribers):
    """Rows of deliveries a second to so many subscribers, with ratios to encoding for each of them."""
    receiving = ["subscribers", "--connections", str(CONNECTIONS), "--links", str(subscribers // CONNECTIONS)]
    programs = {CONTAINER: relay("container_relay"), RAW: relay("raw_relay"), AGENT: agent(events)}

    def to_all(address, pid, events, _):
        before = processor_seconds(pid)
        received, _ = stream(receiving, address, events)
        return {"deliveries": received["deliveries"], "measured": processor_seconds(pid) - before}

    return rows_of(in_turn(runs, events, programs, of=to_all),
                   [("deliveries", f"to {subscribers} subscribers", "deliveries/s"),
                    ("measured", f"processor for {events * subscribers} deliveries", "s")])


def relays_and_agent(events):
    return {RAW: relay("raw_relay"), CONTAINER: relay("container_relay"), AGENT: agent(events)}


def in_turn(runs, events, programs, rate=0, of=run):
    """{variant: [figures of each round]}"""
    rounds = {}
    with contextlib.ExitStack() as stack:
        variants = {name: stack.enter_context(program) for name, program in programs.items()}
        for _ in range(runs):
            for name, (address, pid) in variants.items():
                rounds.setdefault(name, []).append(of(address, pid, events, rate))
    return rounds


def row(name, unit, figures, base=None):
    """`base`: what the figures are a ratio of, round by round."""
    ratio = statistics.median(f / b for f, b in zip(figures, base)) if base else None
    return {"name": name, "unit": unit, "figure": statistics.median(figures), "ratio": ratio}


def rows_of(rounds, columns):
    """For each (key, title, unit) one row a variant, with ratios to the first one."""
    base = next(iter(rounds.values()))
    return [row(f"{title}: {name}", unit, [f[key] for f in figures], [f[key] for f in base])
            for key, title, unit in columns for name, figures in rounds.items()]


class ServiceManager(threading.Thread):
    """Its socket, and when it was told READY."""

    def __init__(self, path):
        super().__init__(daemon=True)
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(path)
        self.ready = queue.Queue()
        self.start()

    def run(self):
        while message := self.socket.recv(4096):
            if b"READY=1" in message.split(b"\n"):
                self.ready.put(time.monotonic())


def alone(runs):
    """Start and memory of an agent as a service, with users and a certificate of its own, that has nothing to do.

    What makes them is a first start as the quickstart agent, which is left out.
    """
    seconds, memory = [], []
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "notify")
        manager = ServiceManager(path)
        with Agent(environment={"NOTIFY_SOCKET": path}) as running:
            manager.ready.get(timeout=SECONDS)
            assert running.stop() == 0
            own = f"[amqp]\ncertificate = {running.certificate}\nprivate-key = {running.certificate_key}\n"
            running.config.write_text(running.config.read_text().split("[quickstart]")[0] + own)
            for _ in range(runs):
                begin = time.monotonic()
                running.start()
                seconds.append(manager.ready.get(timeout=SECONDS) - begin)
                memory.append(resident(running.process.pid))
                assert running.stop() == 0
            running.start()
    return [row("from exec to READY: " + AGENT, "s", seconds),
            row("resident when idle: " + AGENT, "MiB", memory)]


def resident(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s*(\d+)", status).group(1)) / 1024


INDEXED, EVALUATED = "/e:Event/e:PhoneStatus/e:CallerId = '{}'", "count(//e:CallerId[. = '{}']) = 2"


def growth(pid, connections, subscriptions, query):
    """KiB that the process has more after each of them, by links on these connections."""
    before = resident(pid)
    for i in range(subscriptions):
        connections[i % len(connections)].create_receiver("org.clacks.event", name=f"idle-{i}", credit=1,
                                                          options=XQueryFilter(query.format(i)))
    return (resident(pid) - before) * 1024 / subscriptions


def idle(subscriptions):
    """A row for each kind of subscription, and one for links alone."""
    title = f"resident for each of {subscriptions} subscriptions"
    with relay("raw_relay") as (address, pid):
        connections = [BlockingConnection(f"amqp://{address}", allowed_mechs="ANONYMOUS") for _ in range(CONNECTIONS)]
        rows = [row(f"{title}: {RAW}", "KiB", [growth(pid, connections, subscriptions, INDEXED)])]
    settings = {"max-links": subscriptions // CONNECTIONS + 1, "idle-time-out": "1 h"}
    for kind, query in (("the index decides", INDEXED), ("evaluated", EVALUATED)):
        with Agent({"amqp": settings}, tls=False) as running:
            connections = [connect(running) for _ in range(CONNECTIONS)]
            rows.append(row(f"{title}: {AGENT}, {kind}", "KiB",
                            [growth(running.process.pid, connections, subscriptions, query)]))
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=200_000, help="of one run at full speed")
    parser.add_argument("--paced-events", type=int, default=3000, help="of one run at 1,000 events/s")
    parser.add_argument("--runs", type=int, default=5, help="rounds of which the median is taken")
    parser.add_argument("--subscriptions", type=int, default=0, help="an agent with so many others instead of relays")
    parser.add_argument("--fan-out", type=int, default=0, help="subscribers that each event goes to")
    parser.add_argument("--idle", type=int, default=0, help="subscriptions whose memory is measured")
    parser.add_argument("--out", type=pathlib.Path, help="a JSON file for table.py")
    options = parser.parse_args()

    def programs(events):
        if options.subscriptions == 0:
            return relays_and_agent(events)
        return {AGENT: agent(events),
                f"with {options.subscriptions} others": agent(events, options.subscriptions)}

    if options.fan_out:
        return show(fan_out(options.runs, options.events, options.fan_out), options.out)
    if options.idle:
        return show(idle(options.idle), options.out)
    seconds = f"s for {options.events} events"
    rows = rows_of(in_turn(options.runs, options.events, programs(options.events)),
                   [("events/s", "throughput", "events/s"), ("measured", "processor", seconds),
                    ("publisher", "processor of the publisher", seconds),
                    ("subscriber", "processor of the subscriber", seconds)])
    rows += rows_of(in_turn(options.runs, options.paced_events, programs(options.paced_events), rate=1000),
                    [("p50", "latency at 1,000 events/s, p50", "µs"), ("p99", "latency at 1,000 events/s, p99", "µs")])
    if options.subscriptions == 0:
        rows += alone(options.runs)
    return show(rows, options.out)


def show(rows, out):
    if out:
        out.write_text(json.dumps({"rows": rows}))
        return
    for entry in rows:
        ratio = "" if entry["ratio"] is None else f"{entry['ratio']:8.2f}"
        print(f"{entry['name']:65} {entry['figure']:12.3f} {entry['unit']:22} {ratio}")


if __name__ == "__main__":
    main()
