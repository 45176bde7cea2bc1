"""What systemd listens on: a datagram socket whose messages are lines NAME=VALUE (sd_notify(3))."""
import shutil
import socket
import tempfile

SECONDS = 60


class NotifySocket:
    def __init__(self, test):
        """Gone with the test. Its `path` belongs into the environment as NOTIFY_SOCKET."""
        folder = tempfile.mkdtemp(prefix="clacks-notify-")
        test.addCleanup(shutil.rmtree, folder)
        self.path = folder + "/notify"
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        test.addCleanup(self._socket.close)
        self._socket.bind(self.path)
        self._socket.settimeout(SECONDS)

    def receive(self):
        lines = self._socket.recv(4096).decode().split("\n")
        return dict(line.split("=", 1) for line in lines if line)

    def until(self, wanted):
        """The first message that `wanted` is true for."""
        while not wanted(message := self.receive()):
            pass
        return message

    def forget(self):
        """Drops what has come so far."""
        self._socket.setblocking(False)
        try:
            while True:
                self._socket.recv(4096)
        except BlockingIOError:
            self._socket.settimeout(SECONDS)
