"""A bus in a process of its own, for tests from outside.

It is CLACKS_BUS_COMMAND where that is set (a program that prints "PORT NUMBER", ends at SIGTERM and has
the user admin with the password secret), else the bus-fixture of the tests.
"""
import os
import shlex
import signal
import subprocess
import tempfile
import time


class Server:
    def __init__(self, *arguments):
        self.folder = tempfile.TemporaryDirectory()
        self.log_file = os.path.join(self.folder.name, "log")
        fixture = os.path.join(os.environ["CLACKS_BIN"], "bus-fixture")
        command = shlex.split(os.environ.get("CLACKS_BUS_COMMAND", ""))
        command = command or [fixture, "--sasldb", os.path.join(self.folder.name, "users"), *arguments]
        # Less memory kept back for finding errors, so that what the bus itself takes can be judged.
        environment = dict(os.environ)
        environment["ASAN_OPTIONS"] = environment.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=1"
        with open(self.log_file, "w") as log:
            self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, env=environment)
        self.ports = []
        for line in self.process.stdout:
            if line.startswith("PORT "):
                self.ports.append(int(line.split()[1]))
                if os.environ.get("CLACKS_BUS_COMMAND"):
                    break
            if line.startswith("READY"):
                break
        self.port = self.ports[0] if self.ports else None
        self.counters = {}
        self.code = None

    def alive(self):
        return self.process.poll() is None

    def log(self):
        with open(self.log_file, errors="replace") as log:
            return log.read()

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def memory(self, field="VmRSS"):
        """In MiB: VmRSS now, VmHWM the most so far."""
        with open(f"/proc/{self.process.pid}/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith(field)) // 1024

    def judges_memory(self):
        """Whether the memory is the program's own: the thread sanitizer takes several times as much."""
        with open(f"/proc/{self.process.pid}/maps") as maps:
            return "libtsan" not in maps.read()

    def terminate(self):
        self.process.send_signal(signal.SIGTERM)

    def stop(self):
        """Its exit status, after SIGTERM; `counters` are then what it counted."""
        if self.code is not None:
            return self.code
        if self.alive():
            self.terminate()
        for line in self.process.stdout:
            if line.startswith("COUNTER "):
                _, name, number = line.split()
                self.counters[name] = int(number)
        self.code = self.process.wait(30)
        self.process.stdout.close()
        self.last_log = self.log()
        self.folder.cleanup()
        return self.code


def wait_for(condition, seconds=10):
    """Whether the condition came true in time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True
