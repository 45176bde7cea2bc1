"""What a crowd costs a well-behaved client: latency at 1,000 events/s, publisher to subscriber, through an agent that
nobody else knows, through one with many clients that are connected, and through one that has as well a crowd of
strangers who begin a login and never end it, or send garbage, and come again when they are sent away. As all of this
runs on one machine, there is also the latency while the same strangers are at another agent.

Each round starts each of these anew, one after the other. Clients must all be there at the end, and the subscriber
checks every event.
"""
import argparse
import contextlib
import json
import pathlib
import subprocess

from agent_fixture import Agent
from bus_bench import PROGRAMS, row, run, show, resident

QUIET = "quiet"
COMING = 300  # clients on their way in; crowd.cpp lets fewer come at once


@contextlib.contextmanager
def crowd(agent, clients, half_open, garbage, again=10):
    """Yields what tells, once it was called, who is still there; nobody is when nobody was asked for."""
    if not clients + half_open + garbage:
        yield lambda: {}
        return
    # Strangers are elsewhere: they are not to take the processor away from those whom they disturb.
    command = ["chrt", "--idle", "0", PROGRAMS / "crowd", f"127.0.0.1:{agent.amqp_port}", "--clients", str(clients),
               "--half-open", str(half_open), "--garbage", str(garbage), "--garbage-again", str(round(1000 * again))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "READY\n", "the crowd did not come in"

        def told():
            report, _ = process.communicate(timeout=60)
            assert process.returncode == 0, "the crowd ended with an error"
            return json.loads(report)

        try:
            yield told
        finally:
            process.kill()


def measure(options, clients, strangers, elsewhere=False):
    """The figures of one stream of events in such a crowd, and what the crowd said."""
    half_open, garbage = strangers
    settings = {"amqp": {"max-connections": clients + half_open + garbage + 100, "idle-time-out": "1 h",
                         "max-opening": half_open + garbage + COMING}}
    with contextlib.ExitStack() as stack:
        agent = stack.enter_context(Agent(settings, tls=False))
        visited = stack.enter_context(Agent(settings, tls=False)) if elsewhere else agent
        clients_told = stack.enter_context(crowd(agent, clients, 0, 0))
        strangers_told = stack.enter_context(crowd(visited, 0, half_open, garbage, options.again))
        figures = run(f"127.0.0.1:{agent.amqp_port}", agent.process.pid, options.events, rate=1000)
        figures["resident"] = resident(agent.process.pid)
        there = clients_told().get("clients", 0)
        assert there == clients, f"{there} of {clients} clients are still there"
        return figures | strangers_told()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=10_000, help="of one stream")
    parser.add_argument("--runs", type=int, default=3, help="rounds of which the median is taken")
    parser.add_argument("--clients", type=int, default=10_000)
    parser.add_argument("--half-open", type=int, default=4000)
    parser.add_argument("--garbage", type=int, default=1000)
    parser.add_argument("--again", type=float, default=10, help="seconds within which those who send garbage come again")
    parser.add_argument("--out", type=pathlib.Path, help="a JSON file for table.py")
    options = parser.parse_args()

    connected = f"{options.clients} clients"
    strangers = (options.half_open, options.garbage)
    besieged = f"{connected}, {sum(strangers)} strangers"
    elsewhere = f"{connected}, {sum(strangers)} strangers at another agent"
    nobody = (0, 0)
    variants = {QUIET: (0, nobody), connected: (options.clients, nobody), besieged: (options.clients, strangers),
                elsewhere: (options.clients, strangers, True)}
    rounds = {name: [] for name in variants}
    for _ in range(options.runs):
        for name, numbers in variants.items():
            rounds[name].append(measure(options, *numbers))

    def rows(key, title, unit, base=None):
        return [row(f"{title}: {name}", unit, [f[key] for f in figures], base and [f[key] for f in base])
                for name, figures in rounds.items()]

    show(rows("p50", "latency at 1,000 events/s, p50", "µs", rounds[QUIET]) +
         rows("p99", "latency at 1,000 events/s, p99", "µs", rounds[QUIET]) +
         rows("measured", "processor", f"s for {options.events} events", rounds[QUIET]) +
         rows("resident", "resident", "MiB", rounds[QUIET]) +
         [row(f"latency at 1,000 events/s, p99: {besieged}, to those at another agent", "µs",
              [f["p99"] for f in rounds[besieged]], [f["p99"] for f in rounds[elsewhere]]),
          row("half-open connections that stood at the end", "connections", [f["half_open"] for f in rounds[besieged]]),
          row("strangers that came", "a second", [f["came"] for f in rounds[besieged]])], options.out)


if __name__ == "__main__":
    main()
