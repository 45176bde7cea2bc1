"""`clacks user` on a user database, and what the agent that reads it makes of that."""
import json
import os
import pathlib
import pty
import stat
import subprocess
import tempfile
import unittest

from agent_fixture import Agent

CLACKS = pathlib.Path(os.environ["CLACKS_BIN"]) / "clacks"


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="clacks-user-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.file = self.folder / "users.sasldb"
        self.where = ["--sasldb", self.file, "--realm", "clacks"]

    def user(self, *words, status=0, password="", where=None):
        """What it writes: the result, or where it fails why."""
        done = subprocess.run([CLACKS, "user", *words, *(self.where if where is None else where)], capture_output=True,
                              text=True, timeout=60, input=password, start_new_session=True)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        if status:
            self.assertEqual(done.stdout, "")
        if password.strip():
            self.assertNotIn(password.strip(), done.stdout + done.stderr)
        return done.stderr if status else done.stdout

    def add(self, name, password="opensesame", **options):
        return self.user("add", name, "--password-stdin", password=password + "\n", **options)


class Database(Case):
    def test_add_list_and_remove(self):
        self.assertEqual(self.user("list"), "")
        self.assertEqual(self.add("bob"), "the user 'bob' is added\n")
        self.add("alice")
        self.assertEqual(self.user("list"), "alice\nbob\n")
        self.assertEqual(json.loads(self.user("list", "--json")), ["alice", "bob"])
        self.assertEqual(self.user("remove", "alice"), "the user 'alice' is removed\n")
        self.assertEqual(json.loads(self.user("remove", "bob", "--json")), {"user": "bob", "done": "removed"})
        self.assertEqual(json.loads(self.user("list", "--json")), [])

    def test_realms_are_kept_apart(self):
        self.add("alice")
        other = ["--sasldb", self.file, "--realm", "elsewhere"]
        self.assertEqual(self.user("list", where=other), "")
        self.assertIn("there is no user 'alice' in the realm elsewhere", self.user("remove", "alice", where=other, status=1))

    def test_what_is_there_is_not_added_and_what_is_not_there_is_not_changed(self):
        self.add("alice")
        self.assertIn("clacks user passwd", self.add("alice", status=1))
        self.assertIn("clacks user add", self.user("passwd", "alicia", "--password-stdin", password="x\n", status=1))
        self.assertIn("did you mean 'alice'?", self.user("remove", "alic", status=1))

    def test_names_that_something_would_take_apart(self):
        for name in ("a@b", "a:b", "a/b", "a b", ""):
            self.assertIn("a user's name has no blanks", self.add(name, status=2))
        self.assertFalse(self.file.exists())

    def test_a_password_is_no_argument(self):
        self.user("add", "alice", "opensesame", status=2)

    def test_an_empty_password_changes_nothing(self):
        self.assertIn("the password is empty", self.add("alice", password="", status=1))
        self.assertEqual(self.user("list"), "")

    def test_without_a_terminal_the_pipe_is_named(self):
        self.assertIn("--password-stdin", self.user("add", "alice", status=1))

    def test_a_new_file_is_private_and_an_old_one_keeps_mode_and_owner(self):
        root = os.geteuid() == 0
        if root:
            os.chown(self.folder, 12345, 54321)
        self.add("alice")
        made = self.file.stat()
        self.assertEqual(stat.S_IMODE(made.st_mode), 0o600)
        if root:
            self.assertEqual((made.st_uid, made.st_gid), (12345, 54321), "root adds for the agent, the folder's owner")
            os.chown(self.file, 23456, 65432)
        self.file.chmod(0o640)
        self.add("bob")
        self.user("passwd", "bob", "--password-stdin", password="other\n")
        self.user("remove", "alice")
        after = self.file.stat()
        self.assertEqual(stat.S_IMODE(after.st_mode), 0o640)
        if root:
            self.assertEqual((after.st_uid, after.st_gid), (23456, 65432))

    def test_a_file_that_is_no_database(self):
        self.file.write_text("alice:secret\n" * 1000)
        self.assertIn(f"{self.file}: the user database cannot be read", self.user("list", status=1))

    def test_a_folder_that_is_not_there(self):
        where = ["--sasldb", self.folder / "none/users", "--realm", "clacks"]
        self.assertIn("No such file", self.add("alice", where=where, status=1))

    def test_without_a_configuration_both_options_are_asked_for(self):
        where = ["--config", self.folder / "none.conf", "--realm", "clacks"]
        self.assertIn("name both --sasldb and --realm", self.user("list", where=where, status=1))


class Terminal(Case):
    def typed(self, *lines, status=0):
        """What a terminal shows when these are typed."""
        child, terminal = pty.fork()
        if child == 0:
            os.execv(CLACKS, [str(word) for word in [CLACKS, "user", "add", "alice", *self.where]])
        shown = b""
        for line in (*lines, None):
            while line is None or not shown.endswith(b": "):
                try:
                    more = os.read(terminal, 1000)
                except OSError:
                    more = b""
                if not more:
                    break
                shown += more
            if line is not None:
                os.write(terminal, line)
                shown += b"|"
        os.close(terminal)
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), status, shown)
        self.assertNotIn(b"opensesame", shown, "the password was shown")
        return shown.decode()

    def test_it_is_asked_for_twice_and_not_shown(self):
        self.assertIn("the user 'alice' is added", self.typed(b"opensesame\n", b"opensesame\n"))
        self.assertEqual(self.user("list"), "alice\n")

    def test_two_that_differ_change_nothing(self):
        self.assertIn("the two passwords differ", self.typed(b"opensesame\n", b"opensesam\n", status=1))
        self.assertEqual(self.user("list"), "")

    def test_an_interrupt_changes_nothing(self):
        self.assertIn("nothing was changed", self.typed(b"opensesame\x03", status=1))
        self.assertEqual(self.user("list"), "")


class Running(Case):
    """The agent looks into the database at every login; nobody reloads it."""

    def login(self, agent, name, password, status=0):
        done = subprocess.run([CLACKS, "call", "getSessionUser", "--json"], capture_output=True, text=True, timeout=60,
                              env={**os.environ, "CLACKS_URL": f"amqp://{name}:{password}@127.0.0.1:{agent.amqp_port}/org.clacks"})
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout.strip() if status == 0 else done.stderr

    def test_added_changed_and_removed_while_it_runs(self):
        with Agent(acl="allow * {d}.command.core.getSessionUser x\n") as agent:
            self.where = ["--config", agent.config]
            self.assertEqual(self.user("list"), "admin\n")
            self.login(agent, "alice", "opensesame", status=1)
            self.add("alice")
            self.assertEqual(self.login(agent, "alice", "opensesame"), '"alice"')
            self.user("passwd", "alice", "--password-stdin", password="other\n")
            self.login(agent, "alice", "opensesame", status=1)
            self.assertEqual(self.login(agent, "alice", "other"), '"alice"')
            self.user("remove", "alice")
            self.login(agent, "alice", "other", status=1)
            self.assertEqual(self.login(agent, "admin", "secret"), '"admin"')


if __name__ == "__main__":
    unittest.main()
