"""Runs a command in the sandbox that a unit file describes, where systemd does not run:

    sandbox.py UNIT KEPT… -- COMMAND…

Every setting of the unit's [Service] section is applied by the same means as systemd's (namespaces, mounts, capabilities,
libseccomp's filters), or is listed below as one of the manager's own; an unknown one is an error, so that a unit with a
new line is not thought to be tested. KEPT are folders that stay where they are; the first one, the state directory's,
may be written to. Exits with 125 where the machine does not let the sandbox be built.
"""
import ctypes
import os
import pathlib
import re
import resource
import subprocess
import sys

CANNOT = 125
LIBC = ctypes.CDLL(None, use_errno=True)
# What tells the manager how to start, stop and watch, and whose files are whose: no part of the walls.
OF_THE_MANAGER = set("Type ExecStartPre ExecStart ExecReload Restart RestartSec WatchdogSec TimeoutStopSec User Group StateDirectory "
                     "StateDirectoryMode ConfigurationDirectory RemoveIPC".split())
# What has no more to do once the others are applied, and which ones these are.
COVERED = {
    "AmbientCapabilities": "CapabilityBoundingSet", "PrivateMounts": "ProtectSystem", "ProtectClock": "SystemCallFilter",
    "ProtectControlGroups": "ProtectSystem", "ProtectKernelLogs": "SystemCallFilter", "ProtectKernelModules": "SystemCallFilter",
    "ProcSubset": "ProtectProc", "RestrictRealtime": "SystemCallFilter",
    "SystemCallErrorNumber": "SystemCallFilter", "SystemCallArchitectures": "SystemCallFilter",
}
NEWNS, NEWUTS, NEWUSER = 0x20000, 0x4000000, 0x10000000
NAMESPACES = (0x80, NEWNS, 0x2000000, NEWUTS, 0x8000000, NEWUSER, 0x20000000, 0x40000000)
MS_BIND, MS_REC, MS_PRIVATE = 4096, 16384, 1 << 18
SYS_MOUNT_SETATTR, AT_RECURSIVE, RDONLY = 442, 0x8000, 1
PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT, CLEAR_ALL = 24, 38, 47, 4
ALLOW, EPERM, ENOSYS, EAFNOSUPPORT = 0x7FFF0000, 1, 38, 97
NE, EQ, GT, MASKED = 1, 4, 6, 7  # libseccomp's comparisons
DEVICES = ("null", "zero", "full", "random", "urandom", "tty")


def service(unit):
    """(key, value) of the [Service] section, in order."""
    section = re.search(r"^\[Service\]\n(.*?)(?=^\[|\Z)", pathlib.Path(unit).read_text(), re.M | re.S)[1]
    return re.findall(r"^(\w+)=(.*)$", section, re.M)


def checked(result):
    if result != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def mount(source, target, kind="none", flags=0, data=None):
    checked(LIBC.mount(os.fsencode(source), os.fsencode(target), kind.encode(), ctypes.c_ulong(flags), data and data.encode()))


def read_only(path, on=True):
    attributes = (ctypes.c_uint64 * 4)(RDONLY if on else 0, 0 if on else RDONLY, 0, 0)
    checked(LIBC.syscall(SYS_MOUNT_SETATTR, -100, os.fsencode(path), AT_RECURSIVE, attributes, 32))


def members(name):
    """The system calls of a set of systemd's, sets within it included."""
    if not name.startswith("@"):
        return {name}
    found = set()
    told = subprocess.run(["systemd-analyze", "syscall-filter", name], capture_output=True, text=True, check=False).stdout
    for line in told.splitlines()[1:]:
        if line.startswith("    ") and not line.strip().startswith("#"):
            found |= members(line.strip())
    return found


class Comparison(ctypes.Structure):
    _fields_ = [("argument", ctypes.c_uint), ("operator", ctypes.c_int), ("a", ctypes.c_uint64), ("b", ctypes.c_uint64)]


class Filter:
    def __init__(self, otherwise):
        self.library = ctypes.CDLL("libseccomp.so.2", use_errno=True)
        self.library.seccomp_init.restype = ctypes.c_void_p
        self.context = ctypes.c_void_p(self.library.seccomp_init(ctypes.c_uint32(otherwise)))

    def add(self, action, call, *comparisons):
        number = self.library.seccomp_syscall_resolve_name(call.encode())
        if number < 0:  # of another architecture
            return
        rules = (Comparison * max(len(comparisons), 1))(*(Comparison(*one) for one in comparisons))
        failed = self.library.seccomp_rule_add_array(self.context, ctypes.c_uint32(action), number, len(comparisons), rules)
        if failed:
            raise OSError(-failed, f"no rule for {call}: {os.strerror(-failed)}")

    def load(self):
        checked(self.library.seccomp_load(self.context))


def refuse(error):
    return 0x00050000 | error


class Sandbox:
    def __init__(self, unit, kept):
        self.settings = service(unit)
        self.state = pathlib.Path(kept[0]).resolve()
        self.kept = sorted(pathlib.Path(path).resolve() for path in kept)  # a folder before those within it
        self.calls = members("@default")
        self.walls = Filter(ALLOW)  # what depends on a call's arguments

    def build(self):
        unknown = {key for key, _ in self.settings} - OF_THE_MANAGER - set(COVERED) - {name for name in dir(self) if name[0].isupper()}
        if unknown:
            sys.exit(f"the sandbox does not know {', '.join(sorted(unknown))}: teach tests/support/sandbox.py")
        values = dict(self.settings)
        missing = {other for key, other in COVERED.items() if key in values and other not in values}
        if missing:
            sys.exit(f"the unit lacks {', '.join(sorted(missing))}")
        checked(LIBC.unshare(NEWNS))
        mount("none", "/", flags=MS_REC | MS_PRIVATE)
        handles = [os.open(path, os.O_PATH) for path in self.kept]
        for key in ("PrivateTmp", "ProtectHome", "PrivateDevices", "ProtectProc"):
            if key in values:
                getattr(self, key)(values[key])
        for path, handle in zip(self.kept, handles):
            path.mkdir(parents=True, exist_ok=True)
            mount(f"/proc/self/fd/{handle}", path, flags=MS_BIND | MS_REC)
            os.close(handle)
        for key, value in self.settings:
            if hasattr(self, key) and key not in ("PrivateTmp", "ProtectHome", "PrivateDevices", "ProtectProc", "PrivateUsers",
                                                  "CapabilityBoundingSet", "NoNewPrivileges"):
                getattr(self, key)(value)
        for key in ("PrivateUsers", "NoNewPrivileges", "CapabilityBoundingSet"):
            getattr(self, key)(values[key])
        self.load()

    def load(self):
        self.walls.load()
        allowed = Filter(refuse(EPERM))
        for call in self.calls:
            allowed.add(ALLOW, call)
        allowed.load()

    # One for each setting, with its value.

    def ProtectSystem(self, value):
        assert value == "strict", value
        read_only("/")
        for path in ("/proc", self.state):
            read_only(path, on=False)

    def ProtectKernelTunables(self, _):
        for path in filter(os.path.exists, ("/proc/sys", "/proc/irq", "/proc/bus", "/proc/fs", "/proc/sysrq-trigger")):
            mount(path, path, flags=MS_BIND | MS_REC)
            read_only(path)

    def PrivateTmp(self, _):
        for path in ("/tmp", "/var/tmp"):
            mount("tmpfs", path, "tmpfs")

    def ProtectHome(self, _):
        for path in ("/home", "/root", "/run/user"):
            if os.path.isdir(path):
                mount("tmpfs", path, "tmpfs", data="mode=755")

    def PrivateDevices(self, _):
        handles = {name: os.open(f"/dev/{name}", os.O_PATH) for name in DEVICES}
        mount("tmpfs", "/dev", "tmpfs", data="mode=755")
        for name, handle in handles.items():
            pathlib.Path("/dev", name).touch()
            mount(f"/proc/self/fd/{handle}", f"/dev/{name}", flags=MS_BIND)
            os.close(handle)

    def ProtectProc(self, value):
        mount("proc", "/proc", "proc", data=f"hidepid={value}")

    def ProtectHostname(self, _):
        checked(LIBC.unshare(NEWUTS))

    def PrivateUsers(self, _):
        user, group = os.geteuid(), os.getegid()
        checked(LIBC.unshare(NEWUSER))
        pathlib.Path("/proc/self/setgroups").write_text("deny")
        pathlib.Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        pathlib.Path("/proc/self/gid_map").write_text(f"{group} {group} 1")

    def CapabilityBoundingSet(self, value):
        assert value == "", value
        last = int(pathlib.Path("/proc/sys/kernel/cap_last_cap").read_text())
        for capability in range(last + 1):
            checked(LIBC.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0))
        checked(LIBC.prctl(PR_CAP_AMBIENT, CLEAR_ALL, 0, 0, 0))
        checked(LIBC.capset((ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()))

    def NoNewPrivileges(self, _):
        checked(LIBC.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))

    def UMask(self, value):
        os.umask(int(value, 8))

    def LimitNOFILE(self, value):
        hard = min(int(value), resource.getrlimit(resource.RLIMIT_NOFILE)[1])
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))

    def SystemCallFilter(self, value):
        names = set().union(*(members(name) for name in value.lstrip("~").split()))
        self.calls = self.calls - names if value.startswith("~") else self.calls | names

    def RestrictAddressFamilies(self, value):
        import socket
        allowed = sorted(int(getattr(socket, name)) for name in value.split())
        for family in range(allowed[-1]):
            if family not in allowed:
                self.walls.add(refuse(EAFNOSUPPORT), "socket", (0, EQ, family, 0))
        self.walls.add(refuse(EAFNOSUPPORT), "socket", (0, GT, allowed[-1], 0))

    def RestrictNamespaces(self, _):
        self.walls.add(refuse(ENOSYS), "clone3")  # its flags are in memory; libc goes on with clone
        self.walls.add(refuse(EPERM), "setns")
        for flag in NAMESPACES:
            for call in ("clone", "unshare"):
                self.walls.add(refuse(EPERM), call, (0, MASKED, flag, flag))

    def RestrictSUIDSGID(self, _):
        for call, argument in (("chmod", 1), ("fchmod", 1), ("fchmodat", 2), ("mkdir", 1), ("mkdirat", 2), ("mknod", 1)):
            for bit in (0o4000, 0o2000):
                self.walls.add(refuse(EPERM), call, (argument, MASKED, bit, bit))

    def LockPersonality(self, _):
        self.walls.add(refuse(EPERM), "personality", (0, NE, 0, 0))

    def MemoryDenyWriteExecute(self, _):
        self.walls.add(refuse(EPERM), "mmap", (2, MASKED, 6, 6))
        for call in ("mprotect", "pkey_mprotect"):
            self.walls.add(refuse(EPERM), call, (2, MASKED, 4, 4))
        self.walls.add(refuse(EPERM), "shmat", (2, MASKED, 0o100000, 0o100000))


def main(arguments):
    at = arguments.index("--")
    (unit, *kept), command = arguments[:at], arguments[at + 1:]
    try:
        Sandbox(unit, kept).build()
    except OSError as error:
        print(f"no sandbox here: {error}", file=sys.stderr)
        sys.exit(CANNOT)
    os.execvp(command[0], command)


if __name__ == "__main__":
    main(sys.argv[1:])
