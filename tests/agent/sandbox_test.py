"""The agent under the sandbox of its unit, applied by hand from the unit file itself: everything works, and what is to be
refused is refused."""
import json
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import unittest

import sandbox
from agent_fixture import BIN, SOURCE, Agent, connect, until
from ctest_main import main
from proton import Message

UNIT = SOURCE / "systemd/clacks-agent.service"
EVENT = (SOURCE / "data/events/examples/PhoneStatus.xml").read_bytes()
SANDBOX = ("/usr/bin/python3", sandbox.__file__)

# Tried within; each prints its name when it is refused as it should be.
TRIES = r"""
import ctypes, errno, os, socket
libc = ctypes.CDLL(None, use_errno=True)
def call(result):
    if result == -1: raise OSError(ctypes.get_errno(), "refused")
def connect_to(family):
    socket.socket(family, socket.SOCK_RAW if family == socket.AF_NETLINK else socket.SOCK_STREAM).close()
libc.mmap.restype = ctypes.c_ssize_t
tries = {
    "mount": (errno.EPERM, lambda: call(libc.mount(b"none", b"/mnt", b"tmpfs", 0, None))),
    "a namespace": (errno.EPERM, lambda: call(libc.unshare(0x10000000))),
    "netlink": (errno.EAFNOSUPPORT, lambda: connect_to(socket.AF_NETLINK)),
    "writable code": (errno.EPERM, lambda: call(libc.mmap(None, 4096, 7, 0x22, -1, 0))),
    "another user": (errno.EPERM, lambda: os.setuid(65534)),
    "a process's priority": (errno.EPERM, lambda: os.setpriority(os.PRIO_PROCESS, 0, 5)),
    "the host's name": (errno.EPERM, lambda: socket.sethostname("x")),
    "a file of setuid": (errno.EPERM, lambda: os.chmod(STATE, 0o4755)),
    "personality": (errno.EPERM, lambda: call(libc.personality(8))),
    "the system's files": (errno.EROFS, lambda: open("/usr/share/x", "w")),
    "the kernel's settings": (errno.EROFS, lambda: open("/proc/sys/kernel/hostname", "w")),
    "the configuration": (errno.EROFS, lambda: open(STATE + "/../x", "w")),
}
for name, (expected, attempt) in tries.items():
    try:
        attempt()
        print(name, "is not refused")
    except OSError as error:
        print(name if error.errno == expected else f"{name}: {error}")
open(STATE + "/kept", "w").close()
print("privileges", [line for line in open("/proc/self/status") if line.startswith(("CapEff", "CapBnd", "NoNewPrivs"))])
print("end of tries", sorted(os.listdir("/dev")))
"""
REFUSED = re.findall(r'^    "([^"]+)": \(', TRIES, re.M)


class Sandboxed(unittest.TestCase):
    def setUp(self):
        if not shutil.which("systemd-analyze"):
            self.skipTest("systemd is not installed")
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="clacks-sandbox-"))
        self.addCleanup(shutil.rmtree, self.folder)
        (self.folder / "state").mkdir()

    def within(self, *command):
        done = subprocess.run([*SANDBOX, UNIT, self.folder / "state", self.folder, "--", *command], capture_output=True,
                              text=True, timeout=60, check=False)
        if done.returncode == sandbox.CANNOT:
            self.skipTest(done.stderr.strip())
        return done

    def test_what_the_unit_forbids_is_refused(self):
        done = self.within("/usr/bin/python3", "-c", f"STATE = {str(self.folder / 'state')!r}\n{TRIES}")
        lines = done.stdout.splitlines()
        self.assertEqual(lines[:len(REFUSED)], REFUSED, done.stderr)
        self.assertTrue((self.folder / "state/kept").exists())
        self.assertEqual([int(mask, 16) for mask in re.findall(r"Cap\w+:\\t(\w+)", lines[-2])], [0, 0])
        self.assertIn(r"NoNewPrivs:\t1", lines[-2])
        self.assertEqual(lines[-1], f"end of tries {sorted(sandbox.DEVICES)}")

    def test_the_same_is_not_refused_without(self):
        """Else the tries above would show nothing."""
        self.within("/bin/true")  # skips where there is no sandbox, as a chroot refuses namespaces, too
        tries = TRIES.split("for name, (expected")[0]
        harmless = ("netlink", "writable code", "a namespace")
        check = "\nfor name in %r:\n    if os.fork() == 0:\n        tries[name][1]()\n        os._exit(0)\n    print(os.wait()[1])"
        done = subprocess.run(["/usr/bin/python3", "-c", "STATE = ''\n" + tries + check % (harmless,)], capture_output=True,
                              text=True, timeout=60, check=False)
        self.assertEqual(done.stdout.split(), ["0"] * len(harmless), done.stderr)

    def test_an_unknown_setting_is_an_error(self):
        unit = self.folder / "other.service"
        unit.write_text(UNIT.read_text().replace("[Service]\n", "[Service]\nPrivatePeople=yes\n"))
        done = subprocess.run([*SANDBOX, unit, self.folder / "state", "--", "/bin/true"], capture_output=True, text=True,
                              timeout=60, check=False)
        self.assertIn("does not know PrivatePeople", done.stderr)

    def test_the_agent_does_all_it_is_for(self):
        self.within("/bin/true")  # skips where there is no sandbox
        program = self.folder / "job"
        program.write_text("#!/bin/sh\ncat > /dev/null; echo done\n")
        program.chmod(0o755)
        agent = Agent(settings={"agent": {"modules": BIN.parent / "lib/modules"}, "module exec job": {
            "filter": "./e:Event/e:PhoneStatus", "command": json.dumps([str(program)])}},
            environment={"ASAN_OPTIONS": "detect_leaks=0"})
        with agent:  # the first start makes the quickstart's user and certificate, which a service does not have
            self.assertEqual(agent.stop(), 0)
            agent.wrap(*SANDBOX, UNIT, agent.state, agent.folder, SOURCE, BIN.parent, self.folder, "--")
            agent.start()
            connection = connect(agent)
            receiver = connection.create_receiver("org.clacks.event", credit=10)
            connection.create_sender("org.clacks.event").send(Message(body=EVENT), timeout=30)
            while receiver.receive(timeout=30).properties["event"] != "PhoneStatus":
                receiver.accept()
            connection.close()
            until(lambda: [line for line in agent.log_lines() if line.endswith("]: done")])
            agent.signal(signal.SIGHUP)
            agent.wait_for_line("reloaded")
            status = pathlib.Path(f"/proc/{agent.process.pid}/status").read_text()
            self.assertRegex(status, r"Seccomp:\s+2")
            self.assertRegex(status, r"CapEff:\s+0+\n")


main()
