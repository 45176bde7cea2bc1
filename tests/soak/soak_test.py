"""Everything at once, for a while: two hundred connections with two thousand subscriptions, publishers as fast as they can
by each way, slow readers, peers that are killed, peers that send garbage, a reload every second. At the end the accounts add
up and agree with what those know who lived through it, nothing is left open, and memory has not grown.

    CLACKS_SOAK_SECONDS   how long (default: 120)
    CLACKS_SOAK_SEED      of the run that is to be repeated
"""
import contextlib
import json
import os
import pathlib
import random
import re
import signal
import statistics
import struct
import subprocess
import sys
import threading
import time
import unittest

import raw_amqp as raw
from agent_fixture import DOMAIN, Agent, connect, until
from proton import Message
from proton.utils import SyncRequestResponse

SECONDS = int(os.environ.get("CLACKS_SOAK_SECONDS", "120"))
SEED = os.environ.get("CLACKS_SOAK_SEED") or str(random.SystemRandom().randrange(10**6))
LOAD = pathlib.Path(__file__).with_name("load.py")
CONNECTIONS, LINKS = 25, 10  # of one subscriber process
STEADY, MORTAL = 4, 4        # such processes: those that live through it, and those of which one is killed now and then
PUBLISHERS = ("link", "relay", "request")
# Queues are full soon after the start, so that what they hold grows no more when memory is looked at.
SETTINGS = {"amqp": {"queue-events": "20", "open-deadline": "3 s", "idle-time-out": "10 s"},
            "agent": {"status-interval": "1 h", "node-timeout": "3 h"}}
EVERYBODY = "allow * * xr\n"
GROWTH, SPARE = 1.1, 4  # what the last third may hold more than the second one: a tenth, and MiB


class Worker:
    """A process of load.py."""

    def __init__(self, agent, role, user, seed):
        arguments = [str(CONNECTIONS), str(LINKS)] if role == "subscriber" else []
        self.user = user
        self.process = subprocess.Popen([sys.executable, LOAD, role, user, str(agent.amqp_port), seed, *arguments],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def wait_until_ready(self):
        assert self.process.stdout.readline() == "READY\n", f"{self.user} did not get to work"

    def say(self, *words):
        self.process.stdin.write(" ".join(map(str, words)) + "\n")
        self.process.stdin.flush()

    def end(self, *words):
        """What it says at its end."""
        self.say("end", *words)
        said, _ = self.process.communicate(timeout=300)
        assert self.process.returncode == 0, f"{self.user} ended with {self.process.returncode}"
        return json.loads(said.splitlines()[-1])

    def kill(self):
        self.process.kill()
        self.process.communicate()


class Garbage(threading.Thread):
    """Peers that mean no good, a few at a time."""

    def __init__(self, agent, seed):
        super().__init__(daemon=True)
        self.agent, self.rng, self.done, self.peers = agent, random.Random(seed), threading.Event(), []
        self.sent = 0

    def run(self):
        kinds = [self.noise, self.half_open, self.half_frame, self.bad_login, self.no_login, self.without_id, self.nested]
        while not self.done.wait(0.05):
            with contextlib.suppress(OSError):
                self.rng.choice(kinds)()
                self.sent += 1
            while len(self.peers) > 40:
                peer = self.peers.pop(self.rng.randrange(len(self.peers)))
                with contextlib.suppress(OSError):
                    raw.reset(peer) if self.rng.random() < 0.5 else peer.close()
        for peer in self.peers:
            peer.close()

    def send(self, *parts):
        peer = raw.connect(self.agent.amqp_port)
        self.peers.append(peer)
        for part in parts:
            peer.sendall(part)

    def user(self):
        peer = raw.login(self.agent.amqp_port)
        self.peers.append(peer)
        return peer

    def noise(self):
        self.send(self.rng.randbytes(self.rng.randrange(1, 5000)))

    def half_open(self):
        self.send(raw.SASL_HEADER[:self.rng.randrange(8)])

    def half_frame(self):
        peer = self.user()
        peer.sendall(raw.attach_sender("half", 0, f"{DOMAIN}.event"))
        frame = raw.transfer(0, 0, raw.data_message(b"<Event" * 1000))
        peer.sendall(frame[:self.rng.randrange(len(frame))])

    def bad_login(self):
        self.send(raw.SASL_HEADER, self.rng.choice((raw.sasl_init(mechanism=raw.NULL), raw.sasl_response(),
                                                    raw.sasl_init(response=b"\0admin\0wrong"))))

    def no_login(self):
        self.send(raw.AMQP_HEADER, raw.open_frame(), raw.begin(), raw.attach_sender("x", 0, f"{DOMAIN}.event"))

    def without_id(self):
        peer = self.user()
        peer.sendall(raw.attach_sender("L", 0, f"{DOMAIN}.event"))
        peer.sendall(raw.frame(raw.composite(0x14, raw.uint(0), raw.NULL, b"\xa0\x01x", raw.uint(0), raw.FALSE, raw.TRUE)))

    def nested(self):
        self.user().sendall(struct.pack(">IBBH", 4000, 2, 0, 0) + b"\xc0\xff\x01" * 1400)


class Soak(unittest.TestCase):
    def setUp(self):
        print(f"seed {SEED}, {SECONDS} s", flush=True)
        self.rng = random.Random(SEED)
        self.agent = Agent(SETTINGS, tls=False, acl=EVERYBODY)
        self.agent.__enter__()
        self.addCleanup(self.agent.__exit__, None, None, None)
        self.workers = []
        self.addCleanup(lambda: [worker.kill() for worker in self.workers])

    def worker(self, role, user):
        worker = Worker(self.agent, role, user, str(self.rng.random()))
        self.workers.append(worker)
        return worker

    def status(self, field):
        with open(f"/proc/{self.agent.process.pid}/status") as lines:
            return next(int(line.split()[1]) for line in lines if line.startswith(field)) / 1024

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.agent.process.pid}/fd"))

    def sanitized(self):
        with open(f"/proc/{self.agent.process.pid}/maps") as maps:
            return re.search("lib[at]san", maps.read())

    @contextlib.contextmanager
    def caller(self):
        """Calls commands over a connection of its own."""
        connection = connect(self.agent)
        client = SyncRequestResponse(connection, f"{DOMAIN}.command.core")

        def call(method):
            request = {"jsonrpc": "2.0", "method": method, "params": [], "id": 1}
            return json.loads(bytes(client.call(Message(body=json.dumps(request).encode())).body))["result"]
        yield call
        connection.close()

    def adds_up(self, counts):
        self.assertEqual(counts["matched"], counts["delivered"] + counts["dropped"] + counts["queued"], counts)

    def test_everything_at_once(self):
        steady = [f"steady-{i}" for i in range(STEADY)]
        mortal = [f"mortal-{i}" for i in range(MORTAL)]
        for user in (*steady, *mortal, *PUBLISHERS, "mortal-publisher"):
            self.agent.add_user(user)
        before = self.descriptors()
        subscribers = [self.worker("subscriber", user) for user in steady]
        victims = [self.worker("subscriber", user) for user in mortal]
        for worker in (*subscribers, *victims):
            worker.wait_until_ready()
        publishers = [self.worker(role, role) for role in PUBLISHERS]
        for worker in publishers:
            worker.wait_until_ready()
        victims.append(self.worker("link", "mortal-publisher"))
        memory = self.storm(victims)

        counts = {worker.user: worker.end() for worker in publishers}
        for victim in victims:
            victim.kill()
        with self.caller() as call:
            self.check_publishers(call, counts)
            self.check_subscriptions(call, subscribers)
        for worker in self.workers:
            self.assertIsNotNone(worker.process.poll(), worker.user)
        until(lambda: self.descriptors() <= before)
        self.check_memory(memory)
        self.assertEqual(self.agent.stop(), 0, "\n".join(self.agent.log_lines()[-40:]))
        said = "\n".join(self.agent.log_lines())
        self.assertNotRegex(said, "Sanitizer|runtime error|not reloaded")

    def storm(self, victims):
        """Its memory in MiB, second by second."""
        garbage = Garbage(self.agent, str(self.rng.random()))
        garbage.start()
        memory, begin = [], time.monotonic()
        while (second := len(memory)) < SECONDS:
            time.sleep(max(0.0, begin + second + 1 - time.monotonic()))
            self.assertTrue(self.agent.alive(), "\n".join(self.agent.log_lines()[-40:]))
            self.agent.signal(signal.SIGHUP)
            memory.append(self.status("VmRSS"))
            if second % 5 == 4:  # while it is at work, or not yet
                victim = self.rng.choice(victims)
                victim.kill()
                role = "link" if "publisher" in victim.user else "subscriber"
                victims[victims.index(victim)] = self.worker(role, victim.user)
        garbage.done.set()
        garbage.join()
        print(f"{garbage.sent} garbage peers, {sum('reloaded' in line for line in self.agent.log_lines())} reloads told", flush=True)
        return memory

    def check_publishers(self, call, counts):
        told = {one["name"]: one for one in call("getStatistics")["publishers"]}
        for user, known in counts.items():
            self.assertGreater(known["accepted"], 0, user)
            self.assertGreater(known["rejected"], 0, user)
            self.assertEqual({"name": user, **known}, told[user])
        for one in told.values():
            self.assertEqual(one["sent"], one["accepted"] + one["rejected"], one)
        print("sent: " + ", ".join(f"{one['name']} {one['sent']}" for one in told.values()), flush=True)

    def check_subscriptions(self, call, subscribers):
        """Once the slow ones have read all, too: what each got and was told of as lost is what the agent counted."""
        for worker in subscribers:
            worker.say("drain")

        def settled():
            listed = call("getSubscriptions")
            for one in listed:
                self.adds_up(one)
            steady = {one["link"]: one for one in listed if one["owner"].startswith("steady")}
            done = len(steady) == sum(one["owner"].startswith(("steady", "mortal")) for one in listed)
            return steady if done and not any(one["queued"] for one in steady.values()) else None
        counted = until(settled)
        self.assertEqual(len(counted), STEADY * CONNECTIONS * LINKS)
        self.adds_up(call("getStatistics"))
        got, lost = {}, {}
        for worker in subscribers:
            known = worker.end(sum(one["delivered"] for one in counted.values() if one["owner"] == worker.user))
            got.update(known["got"])
            lost.update(known["lost"])
        for link, one in counted.items():
            self.assertEqual((got[link], lost[link]), (one["delivered"], one["dropped"]), one)
        print(f"matched {sum(one['matched'] for one in counted.values())}, delivered {sum(got.values())}, "
              f"dropped {sum(lost.values())}", flush=True)
        self.assertGreater(sum(got.values()), 0)
        self.assertGreater(sum(lost.values()), 0, "nobody was too slow")

    def check_memory(self, memory):
        third = len(memory) // 3
        second, last = statistics.median(memory[third:2 * third]), statistics.median(memory[2 * third:])
        print(f"resident: {second:.0f} MiB, then {last:.0f} MiB", flush=True)
        if self.sanitized():
            return print("memory is not judged: a sanitizer keeps what was freed", flush=True)
        self.assertLess(last, GROWTH * second + SPARE)


if __name__ == "__main__":
    unittest.main()
