"""What systemd listens on: a datagram socket whose messages are lines NAME=VALUE (sd_notify(3))."""
import queue
import shutil
import socket
import tempfile
import threading

SECONDS = 60


class NotifySocket:
    """Reads all the time, as systemd does: what comes while a socket is full may be lost."""

    def __init__(self, test):
        """Gone with the test. Its `path` belongs into the environment as NOTIFY_SOCKET."""
        folder = tempfile.mkdtemp(prefix="clacks-notify-")
        test.addCleanup(shutil.rmtree, folder)
        self.path = folder + "/notify"
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        test.addCleanup(self._socket.close)
        self._socket.bind(self.path)
        self._messages = queue.Queue()
        reader = threading.Thread(target=self._read)
        reader.start()
        test.addCleanup(reader.join)
        test.addCleanup(self._socket.sendto, b"", self.path)  # ends the reader

    def _read(self):
        while message := self._socket.recv(4096):
            self._messages.put(message)

    def receive(self):
        lines = self._messages.get(timeout=SECONDS).decode().split("\n")
        return dict(line.split("=", 1) for line in lines if line)

    def until(self, wanted):
        """The first message that `wanted` is true for."""
        while not wanted(message := self.receive()):
            pass
        return message

    def forget(self):
        """Drops what has come so far."""
        while not self._messages.empty():
            self._messages.get()
