"""The module exec with real programs: what they get, what bounds them, how they end, and what is told of it."""
import json
import os
import pathlib
import pwd
import shutil
import subprocess
import tempfile
import unittest

from agent_fixture import BIN, SOURCE, Agent, connect, until
from proton import Message
from proton.utils import SyncRequestResponse

OF_LIBC = 1 << 31 | 1 << 32  # the signals 32 and 33, which it lets nobody set
MODULES = BIN.parent / "lib/modules"
EVENT = ('<Event xmlns="http://www.gonicus.de/Events"><PhoneStatus><CallerId>{}</CallerId><ReceiverId>2</ReceiverId>'
         "<Status>busy</Status></PhoneStatus></Event>")


def alive(process):
    """A zombie is not."""
    try:
        return "\nState:\tZ" not in pathlib.Path(f"/proc/{process}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


class Exec(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="clacks-exec-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.folder.chmod(0o755)

    def program(self, name, text):
        file = self.folder / name
        file.write_text("#!/bin/sh\n" + text)
        file.chmod(0o755)
        return str(file)

    def settings(self, *command, **values):
        return {"agent": {"modules": MODULES},
                "module exec job": {"filter": "./e:Event/e:PhoneStatus", "command": json.dumps(command),
                                    **{key.replace("_", "-"): value for key, value in values.items()}}}

    def agent(self, *command, environment=None, **values):
        settings = self.settings(*command, **values)
        for name, expression in (environment or {}).items():
            settings["module exec job"]["environment." + name] = expression
        return Agent(settings=settings, tls=False)

    def publish(self, agent, *callers):
        connection = connect(agent)
        sender = connection.create_sender("org.clacks.event")
        for caller in callers:
            sender.send(Message(body=EVENT.format(caller).encode(), inferred=True))
        connection.close()

    def job(self, agent):
        connection = connect(agent)
        request = Message(body=b'{"method": "getExecJobs", "params": [], "id": 1}', content_type="application/json")
        answer = json.loads(bytes(SyncRequestResponse(connection, "org.clacks.command.core").call(request).body))
        connection.close()
        return answer["result"]["job"]

    def until_job(self, agent, **expected):
        return until(lambda: (job := self.job(agent)) and all(job[key] == value for key, value in expected.items()) and job)

    def test_what_a_program_gets(self):
        out = self.folder / "out"
        program = self.program("show", f"cat > {out}.event; env > {out}.env; printf '%s\\n' \"$@\" > {out}.args; "
                                       f"pwd > {out}.pwd; ls -l /proc/$$/fd > {out}.fd; ulimit -n > {out}.limit; "
                                       f"grep SigIgn /proc/$$/status > {out}.ignored; echo well; echo oops >&2\n")
        arguments = ["$(touch x)", "a b", "; reboot", "", '"ü']
        with self.agent(program, *arguments, limit_open_files="77", environment={
                "CALLER": "//e:CallerId", "ALL": "//e:PhoneStatus/* ! string()", "WHO": "declare variable $user-id external; $user-id",
        }) as agent:
            self.publish(agent, "$(touch y)")
            job = self.until_job(agent, succeeded=1)
            self.assertEqual((job["matched"], job["started"], job["failed"], job["running"]), (1, 1, 0, 0))
            until(lambda: [line for line in agent.log_lines() if "module exec: job[" in line and line.endswith("oops")])
            self.assertTrue([line for line in agent.log_lines() if line.endswith("]: well")])
        self.assertEqual(pathlib.Path(f"{out}.event").read_text(), EVENT.format("$(touch y)"))
        self.assertEqual(pathlib.Path(f"{out}.args").read_text().split("\n")[:-1], arguments)
        self.assertEqual(pathlib.Path(f"{out}.pwd").read_text(), "/\n")
        self.assertEqual(pathlib.Path(f"{out}.limit").read_text(), "77\n")
        ignored = int(pathlib.Path(f"{out}.ignored").read_text().split()[1], 16)
        self.assertEqual(ignored & ~OF_LIBC, 0)
        environment = dict(line.split("=", 1) for line in pathlib.Path(f"{out}.env").read_text().splitlines())
        self.assertEqual((environment["CALLER"], environment["ALL"], environment["WHO"]), ("$(touch y)", "$(touch y) 2 busy", "admin"))
        self.assertEqual((environment["CLACKS_EVENT"], environment["CLACKS_JOB"], environment["CLACKS_NODE"]),
                         ("PhoneStatus", "job", "fixture"))
        self.assertLessEqual(set(environment), {
            "PATH", "LANG", "HOME", "USER", "LOGNAME", "CLACKS_JOB", "CLACKS_EVENT", "CLACKS_EVENT_ID", "CLACKS_EVENT_USER",
            "CLACKS_NODE", "CALLER", "ALL", "WHO", "PWD", "OLDPWD", "SHLVL", "_"})
        # Standard input, output and error, the shell's own script, and nothing of the agent's.
        descriptors = [line.split(" -> ")[1] for line in pathlib.Path(f"{out}.fd").read_text().splitlines() if " -> " in line]
        self.assertFalse([name for name in descriptors if "socket" in name or "anon_inode" in name or "/log" in name], descriptors)

    def test_a_time_out_ends_all_that_a_program_started(self):
        pids = self.folder / "pids"
        program = self.program("stuck", f"trap '' TERM\nsh -c \"trap '' TERM; echo \\$\\$ >> {pids}; while :; do sleep 1; done\" &\n"
                                        f"echo $$ >> {pids}\nwhile :; do sleep 1; done\n")
        with self.agent(program, timeout="300 ms", kill_after="100 ms") as agent:
            self.publish(agent, "1")
            job = self.until_job(agent, timedOut=1, failed=1)
            self.assertIn("it had not ended after 300 ms", job["lastFailure"]["why"])
            started = [int(line) for line in pids.read_text().split()]
            self.assertEqual(len(started), 2)
            until(lambda: not any(alive(process) for process in started))

    def test_concurrency_and_queue(self):
        runs, go = self.folder / "runs", self.folder / "go"
        program = self.program("wait", f"echo begin $CALLER >> {runs}; while ! [ -e {go} ]; do sleep 0.05; done; echo end >> {runs}\n")
        with self.agent(program, concurrency="2", queue="3", environment={"CALLER": "//e:CallerId"}) as agent:
            self.publish(agent, *range(8))
            job = self.until_job(agent, matched=8)
            self.assertEqual((job["running"], job["waiting"], job["dropped"]), (2, 3, {"rate": 0, "queue": 3}))
            agent.wait_for_line(r"job dropped an event: it is beyond queue; 1 so far")
            until(lambda: runs.exists() and len(runs.read_text().splitlines()) == 2)
            go.touch()
            self.until_job(agent, succeeded=5, running=0, waiting=0)
        begun = [int(line.split()[1]) for line in runs.read_text().splitlines() if line.startswith("begin")]
        self.assertEqual(sorted(begun), [0, 1, 5, 6, 7])  # the oldest of those that waited have gone

    def test_rate(self):
        with self.agent("/bin/true", rate="2/1 h") as agent:
            self.publish(agent, *range(5))
            job = self.until_job(agent, matched=5, succeeded=2)
            self.assertEqual((job["started"], job["dropped"]), (2, {"rate": 3, "queue": 0}))

    def test_failures_are_told_and_tried_again(self):
        program = self.program("fail", "echo first >&2; echo no paper >&2; exit 3\n")
        with self.agent(program, retries="2", retry_delay="10 ms") as agent:
            self.publish(agent, "1")
            job = self.until_job(agent, failed=3, waiting=0)
            self.assertEqual((job["retried"], job["started"]), (2, 3))
            self.assertEqual(job["lastFailure"]["why"], "it exited with status 3; its last error: no paper")
            lines = [line for line in agent.log_lines() if "job failed for the event " + job["lastFailure"]["event"] in line]
            self.assertEqual(len(lines), 3)

    def test_a_value_that_cannot_be_had_and_a_program_that_is_gone(self):
        program = self.program("gone", "exit 0\n")
        with self.agent(program, environment={"NUMBER": "xs:integer(//e:CallerId)"}) as agent:
            self.publish(agent, "x")
            self.assertIn("environment.NUMBER:", self.until_job(agent, failed=1)["lastFailure"]["why"])
            os.unlink(program)
            self.publish(agent, "1")
            why = self.until_job(agent, failed=2)["lastFailure"]["why"]
            self.assertEqual(why, "the program cannot be executed: No such file or directory")
            self.assertEqual(self.job(agent)["started"], 0)

    def test_output_is_bounded(self):
        program = self.program("talk", "head -c 5000 /dev/zero | tr '\\0' x; i=0; while [ $i -lt 500 ]; do echo line $i; i=$((i+1)); done\n")
        with self.agent(program) as agent:
            self.publish(agent, "1")
            self.until_job(agent, succeeded=1)
            lines = [line for line in agent.log_lines() if "module exec: job[" in line]
            self.assertLess(max(len(line) for line in lines), 1200)
            self.assertLess(len(lines), 300)

    def test_a_stop_ends_what_runs(self):
        pid = self.folder / "pid"
        program = self.program("stay", f"trap '' TERM; echo $$ > {pid}; while :; do sleep 1; done\n")
        with self.agent(program, kill_after="200 ms", timeout="1 h") as agent:
            self.publish(agent, "1", "2")
            process = int(until(lambda: pid.exists() and pid.read_text()))
            self.assertTrue(alive(process))
            self.assertEqual(agent.stop(), 0)
            self.assertFalse(alive(process))
            agent_lines = "\n".join(agent.log_lines())
            self.assertIn("the agent's stop ended it", agent_lines)
            self.assertIn("1 events that waited are lost", agent_lines)

    def test_another_user(self):
        if os.geteuid() != 0:
            self.skipTest("only root may change the user")
        shown = self.folder / "shown"
        shown.touch()
        shown.chmod(0o666)
        program = self.program("who", f"id -un > {shown}; id -G >> {shown}; grep CapEff /proc/$$/status >> {shown}\n")
        with self.agent(program, user="nobody") as agent:
            self.publish(agent, "1")
            self.until_job(agent, succeeded=1)
        name, groups, capabilities = shown.read_text().splitlines()
        self.assertEqual((name, groups), ("nobody", str(pwd.getpwnam("nobody").pw_gid)))
        self.assertEqual(int(capabilities.split()[1], 16), 0)

    def test_what_is_refused(self):
        good = {"filter": "true()", "command": '["/bin/true"]'}
        bad = [("filter", "1 +", "query:1:4: [XPST0003]"), ("command", "/bin/true", "no list of words"),
               ("command", '["true"]', "no absolute path"), ("command", '["/etc/passwd"]', "cannot be executed: Permission denied"),
               ("command", '["/bin"]', "it is no regular file"), ("command", '["/bin/true", 1]', "no list of words"),
               ("environment.A", "foo(", "query:1:5: [XPST0003]"), ("environment.PATH", "1", "may not decide PATH"),
               ("environment.LD_PRELOAD", "1", "may not decide"), ("environment.1A", "1", "no name of a variable"),
               ("user", "no-such-user", "there is no user 'no-such-user'"), ("timeout", "never", "is no duration"),
               ("kill-after", "1 h", "is not within"), ("rate", "10", "is no rate"), ("rate", "0/1 s", "is no rate"),
               ("limit-memory", "much", "is no size"), ("concurrency", "0", "is not within")]
        text = f"[agent]\nmodules = {MODULES}\nevents = {SOURCE}/data/events\n"
        expected = []
        for i, (key, value, message) in enumerate(bad):
            text += f"[module exec job{i}]\n"
            for name, content in {**good, key: value}.items():
                text += f"{name} = {content}\n"
                if name == key:
                    expected.append((text.count("\n"), message))
        file = self.folder / "agent.conf"
        file.write_text(text)
        self.folder.chmod(0o755)
        check = [BIN / "clacks-agent", "--config", file, "--check"]
        result = subprocess.run(check, capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(result.returncode, 1)
        lines = result.stderr.splitlines()
        for number, message in expected:
            self.assertTrue([line for line in lines if line.startswith(f"{file}:{number}:1: ") and message in line], (number, message, lines))
        self.assertEqual(len(lines), len(bad))

    def test_a_user_that_the_agent_may_not_change_to(self):
        if os.geteuid() != 0 or not shutil.which("setpriv"):
            self.skipTest("only root may take its rights away")
        file = self.folder / "agent.conf"
        file.write_text(f"[agent]\nmodules = {MODULES}\nevents = {SOURCE}/data/events\n"
                        '[module exec job]\nfilter = true()\ncommand = ["/bin/true"]\nuser = nobody\n')
        result = subprocess.run(["setpriv", "--bounding-set", "-setuid", "--inh-caps", "-setuid", BIN / "clacks-agent", "--config", file,
                                 "--check"], capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(result.returncode, 1)
        self.assertIn(f"{file}:7:1: [module exec job] user: the agent may not run programs as 'nobody'; let the unit allow it",
                      result.stderr)


unittest.main()
