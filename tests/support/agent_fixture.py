"""The real clacks-agent in a process of its own, for tests from outside.

    with Agent() as agent:
        connect(agent.url)

Started with a configuration of its own in a temporary folder, on free ports of 127.0.0.1, with the user
admin and the password secret. Entering waits until it is ready; leaving stops it by SIGTERM and fails
unless it exits with 0.
"""
import json
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import time

from proton import Described, Message, symbol
from proton.reactor import Filter
from proton.utils import BlockingConnection, SyncRequestResponse

BIN = pathlib.Path(os.environ["CLACKS_BIN"])
SOURCE = pathlib.Path(os.environ["CLACKS_SOURCE"])
USER, PASSWORD, DOMAIN = "admin", "secret", "org.clacks"
ACL = f"group agents {USER}\nallow {USER} * xr\n"
SECONDS = 60  # a machine under load, with sanitizers


def connect(agent, user=USER):
    """A logged-in connection of python-qpid-proton."""
    return BlockingConnection(f"amqp://127.0.0.1:{agent.amqp_port}", user=user, password=PASSWORD,
                              allowed_mechs="PLAIN", allow_insecure_mechs=True, timeout=30)


class XQueryFilter(Filter):
    def __init__(self, query):
        super().__init__({symbol("xquery"): Described(symbol("apache.org:xquery-filter:string"), query)})


def until(condition):
    """Its result once it is true."""
    end = time.monotonic() + SECONDS
    while not (result := condition()):
        if time.monotonic() > end:
            raise AssertionError("it did not happen in time")
        time.sleep(0.02)
    return result


class Agent:
    PROGRAM = BIN / "clacks-agent"

    def __init__(self, settings=None, arguments=(), environment=None, events=SOURCE / "data/events", tls=True,
                 acl=None):
        """`settings`: {"agent": {"status-interval": "1 s"}, …}, in addition to the fixture's own.
        `acl`: the access control list's text; else the user may do everything, for any client or node."""
        self._folder = tempfile.TemporaryDirectory(prefix="clacks-agent-")
        self.folder = pathlib.Path(self._folder.name)
        self.config = self.folder / "agent.conf"
        self.acl = self.folder / "agent.acl"
        self.acl.write_text(ACL if acl is None else acl)
        self.state = self.folder / "state"
        self.process = None
        self.amqp_port = self.amqps_port = None
        self._log = self.folder / "log"
        self._arguments = list(arguments)
        self._wrapper = []
        self._environment = {**os.environ, **(environment or {})}
        sections = {
            "core": {"id": "fixture"},
            "amqp": {"url": "amqp://127.0.0.1:0" + (" amqps://127.0.0.1:0" if tls else "")},
            "agent": {"events": events, "state-directory": self.state},
            "acl": {"file": self.acl},
            "quickstart": {"user": USER, "password": PASSWORD},
        }
        for section, values in (settings or {}).items():
            sections.setdefault(section, {}).update(values)
        self.config.write_text("".join(
            f"[{section}]\n" + "".join(f"{key} = {value}\n" for key, value in values.items())
            for section, values in sections.items()))

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.kill()
            raise
        return self

    def __exit__(self, kind, value, trace):
        try:
            if kind is None:
                code = self.stop()
                assert code == 0, f"the agent exited with {code}:\n" + "\n".join(self.log_lines())
        finally:
            self.kill()
            self._folder.cleanup()

    @property
    def url(self):
        return f"amqp://{USER}:{PASSWORD}@127.0.0.1:{self.amqp_port}/{DOMAIN}"

    @property
    def amqps_url(self):
        return f"amqps://{USER}:{PASSWORD}@localhost:{self.amqps_port}/{DOMAIN}"

    @property
    def certificate(self):
        """The self-signed certificate of the amqps listener, PEM."""
        return self.state / "quickstart-cert.pem"

    @property
    def certificate_key(self):
        return self.state / "quickstart-key.pem"

    def start(self):
        self._log_size = self._log.stat().st_size if self._log.exists() else 0
        with self.open_log() as log:
            self.process = subprocess.Popen(
                [*self._wrapper, self.PROGRAM, "--config", self.config, *self._arguments],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self._environment)
        self.wait_for_ready()
        for scheme, port in re.findall(r"listening on (amqps?)://127\.0\.0\.1:(\d+)", self._new_log()):
            setattr(self, scheme + "_port", int(port))

    def wrap(self, *command):
        """From the next start on the agent is run by this command, which must become it (exec)."""
        self._wrapper = [*command]

    def add_user(self, name):
        """With the password of all."""
        subprocess.run([BIN / "clacks", "user", "add", name, "--password-stdin", "--config", self.config],
                       input=PASSWORD + "\n", text=True, check=True, capture_output=True, timeout=60)

    def open_log(self):
        return open(self._log, "a")

    def wait_for_ready(self):
        self.wait_for_line(r"\bready\b")

    def _new_log(self):
        if not self._log.exists():
            return ""
        return self._log.read_bytes()[self._log_size:].decode(errors="replace")

    def log_lines(self):
        """What this run has logged so far."""
        return self._new_log().splitlines()

    def log_size(self):
        """Of all runs, in bytes."""
        return self._log.stat().st_size

    def alive(self):
        return self.process is not None and self.process.poll() is None

    def wait_for_line(self, pattern, seconds=SECONDS):
        """The first logged line that the pattern is found in; fails when the agent ends or time is up."""
        end = time.monotonic() + seconds
        while True:
            alive = self.alive()
            for line in self.log_lines():
                if re.search(pattern, line):
                    return line
            if not alive or time.monotonic() > end:
                reason = "did not log" if alive else f"ended ({self.process.poll()}) without logging"
                raise AssertionError(f"the agent {reason} {pattern!r}:\n" + "\n".join(self.log_lines()))
            time.sleep(0.02)

    def signal(self, number):
        self.process.send_signal(number)

    def reload(self):
        """What the command reload answers, once all is done."""
        connection = connect(self)
        try:
            request = Message(body=b'{"jsonrpc": "2.0", "method": "reload", "id": 1}', content_type="application/json")
            return json.loads(bytes(SyncRequestResponse(connection, f"{DOMAIN}.command.core").call(request).body))
        finally:
            connection.close()

    def stop(self, seconds=SECONDS):
        """Its exit status, after SIGTERM."""
        if self.alive():
            self.signal(signal.SIGTERM)
        return self.process.wait(seconds)

    def kill(self):
        if self.alive():
            self.process.kill()
            self.process.wait()
