"""systemd-logind as python3-dbusmock plays it, on a system bus of its own.

    logind = Logind(test)
    Client(..., environment=logind.environment)
    logind.log_on("c1", 1000, "joe")
"""
import os
import subprocess
import tempfile

import dbus
from agent_fixture import until

SERVICE, PATH, MANAGER = "org.freedesktop.login1", "/org/freedesktop/login1", "org.freedesktop.login1.Manager"
MOCK = "org.freedesktop.DBus.Mock"


class Logind:
    def __init__(self, test):
        """Ends with the test."""
        folder = tempfile.TemporaryDirectory(prefix="clacks-logind-")
        test.addCleanup(folder.cleanup)
        self._test = test
        self._daemon = self._start(["dbus-daemon", "--session", "--nofork", "--print-address",
                                    f"--address=unix:path={folder.name}/bus"])
        self.address = self._daemon.stdout.readline().strip()
        self.environment = {"DBUS_SYSTEM_BUS_ADDRESS": self.address}
        self._bus = dbus.bus.BusConnection(self.address)
        test.addCleanup(self._bus.close)
        self.start()

    def _start(self, command, **environment):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, **environment})
        self._test.addCleanup(process.stdout.close)
        self._test.addCleanup(process.wait)
        self._test.addCleanup(process.kill)
        return process

    def start(self):
        self._start(["/usr/bin/python3", "-m", "dbusmock", "--system", "--template", "logind"], **self.environment)
        until(lambda: self._bus.name_has_owner(SERVICE))
        self._manager = self._bus.get_object(SERVICE, PATH)
        # It has the name before it has the methods.
        until(lambda: "AddSession" in self._manager.Introspect(dbus_interface="org.freedesktop.DBus.Introspectable"))

    def log_on(self, session, uid, user):
        path = self._manager.AddSession(session, "seat0", dbus.UInt32(uid), user, True, dbus_interface=MOCK)
        self._tell("SessionNew", session, path)
        return path

    def log_off(self, session, path):
        self._manager.RemoveObject(path, dbus_interface=MOCK)
        self._tell("SessionRemoved", session, path)

    def _tell(self, signal, session, path):
        self._manager.EmitSignal(MANAGER, signal, "so", [session, path], dbus_interface=MOCK)
