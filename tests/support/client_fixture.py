"""The real clacks-client in a process of its own, which tells an agent of this machine.

    with Client(test, url, name="alpha") as client:
        client.wait_for_line("connected")
"""
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import uuid

from agent_fixture import SECONDS, until

BIN = pathlib.Path(os.environ["CLACKS_BIN"])


class Client:
    PROGRAM = BIN / "clacks-client"

    def __init__(self, url, name, settings=None, environment=None, start=True):
        """`settings`: of [client], in addition to the fixture's own."""
        self._folder = tempfile.TemporaryDirectory(prefix="clacks-client-")
        self.folder = pathlib.Path(self._folder.name)
        self.id, self.name = str(uuid.uuid4()), name
        self.config = self.folder / "client.conf"
        self._log = self.folder / "log"
        self._wrapper, self._start, self._log_size = [], start, 0
        self._environment = {**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={self.folder}/no-bus", **(environment or {})}
        values = {"id": self.id, "name": name, "ping-interval": "500 ms", "answer-window": "100 ms", **(settings or {})}
        self.config.write_text("[client]\n" + "".join(f"{key} = {value}\n" for key, value in values.items())
                               + f"[amqp]\nurl = {url}\n")
        self.process = None

    def __enter__(self):
        if self._start:
            self.start()
        return self

    def wrap(self, *command):
        """From the next start on the client is run by this command, which must become it (exec)."""
        self._wrapper = [*command]

    def __exit__(self, *_):
        self.kill()
        self._folder.cleanup()

    def start(self):
        with open(self._log, "a") as log:
            self._log_size = self._log.stat().st_size
            self.process = subprocess.Popen([*self._wrapper, self.PROGRAM, "--config", self.config],
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self._environment)

    def log(self):
        """Of this run."""
        return self._log.read_bytes()[self._log_size:].decode(errors="replace")

    def wait_for_line(self, pattern):
        def found():
            if not re.search(pattern, self.log()):
                assert self.process.poll() is None, f"the client ended with {self.process.poll()}:\n{self.log()}"
                return False
            return True
        until(found)

    def stop(self):
        """Its exit status, after SIGTERM."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(SECONDS)

    def kill(self):
        """SIGKILL, where it still runs."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
        if self.process is not None:
            self.process.wait()
