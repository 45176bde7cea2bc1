"""Modules that the agent cannot use, and event definitions of modules, good and broken: told at start, by --check, on reload."""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from agent_fixture import Agent, connect
from proton import Message
from proton.utils import SendException

BIN = pathlib.Path(os.environ["CLACKS_BIN"])
SOURCE = pathlib.Path(os.environ["CLACKS_SOURCE"])
BUILD = BIN.parent
VERSION = int(re.search(r"kModuleApiVersion = (\d+)", (SOURCE / "agent/api/module.hpp").read_text())[1])
OTHER_VERSION = (f'extern "C" int clacks_module_api_version() {{ return {VERSION + 1}; }}\n'
                 'extern "C" void* clacks_module_create() { __builtin_trap(); }\n')
TICK = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="http://www.gonicus.de/Events">
<xs:element name="Tick" type="xs:{}"/></xs:schema>"""
EVENT = "<Event xmlns='http://www.gonicus.de/Events'><Tick>{}</Tick></Event>"


class Folder(unittest.TestCase):
    def setUp(self):
        """A folder of modules, which the agent is told of."""
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="clacks-refused-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def agent(self, module):
        return Agent(settings={"agent": {"modules": self.folder}, f"module {module}": {}}, tls=False)

    def told(self, module):
        """What --check and a start say alike, and end with 1."""
        agent = self.agent(module)
        said = []
        for arguments in (["--check"], []):
            result = subprocess.run([BIN / "clacks-agent", "--config", agent.config, *arguments], capture_output=True,
                                    text=True, timeout=60, check=False)
            self.assertEqual(result.returncode, 1, result.stderr)
            said.append(result.stderr)
        self.assertFalse(agent.state.exists())
        self.assertIn(said[0].strip(), said[1])
        return said[0]

    def compile(self, name, text):
        compiler = re.search(r"^CMAKE_CXX_COMPILER:\w+=(.*)$", (BUILD / "CMakeCache.txt").read_text(), re.M)[1]
        subprocess.run([compiler, "-shared", "-fPIC", "-x", "c++", "-", "-o", self.folder / f"{name}.so"], input=text,
                       text=True, check=True, timeout=60)


class Refused(Folder):
    def test_another_version_of_the_interface(self):
        self.compile("future", OTHER_VERSION)
        self.assertIn(f"{self.folder}/future.so: the module was built for version {VERSION + 1} of the interface, and this "
                      f"agent has {VERSION}; build it anew with this agent's headers\n", self.told("future"))

    def test_a_library_that_is_no_module(self):
        self.compile("plain", "int nothing;\n")
        self.assertIn(f"{self.folder}/plain.so: the file is no module of this agent; write CLACKS_MODULE(Type) in one of its "
                      "source files\n", self.told("plain"))

    def test_a_file_that_is_no_library(self):
        (self.folder / "text.so").write_text("This is no ELF file. " * 100)
        self.assertRegex(self.told("text"), r"/text\.so: the module cannot be loaded: .*invalid ELF header; build it against "
                                            r"the agent's headers\n")

    def test_a_module_of_another_name(self):
        shutil.copy(BUILD / "lib/modules/phone-status.so", self.folder / "telephone.so")
        self.assertIn(f"{self.folder}/telephone.so: the module calls itself 'phone-status'; give the file the name of the "
                      "module\n", self.told("telephone"))


class Events(Folder):
    def setUp(self):
        super().setUp()
        shutil.copy(BUILD / "lib/modules/phone-status.so", self.folder)
        self.definition = self.folder / "phone-status/events/Tick.xsd"
        self.definition.parent.mkdir(parents=True)

    def test_a_broken_definition_stops_the_start(self):
        self.definition.write_text(TICK.format("imt"))
        self.assertRegex(self.told("phone-status"), rf"{re.escape(str(self.definition))}:2:\d+: .*imt")

    def test_a_broken_definition_leaves_a_running_agent_as_it_is(self):
        self.definition.write_text(TICK.format("int"))
        with self.agent("phone-status") as agent:
            connection = connect(agent)
            sender = connection.create_sender("org.clacks.event")

            def send(value):
                sender.send(Message(body=EVENT.format(value).encode()), timeout=30)

            send(1)
            self.definition.write_text(TICK.format("imt"))
            problems = agent.reload()["error"]["data"]
            self.assertRegex("\n".join(problems), rf"{re.escape(str(self.definition))}:2:\d+: ")
            send(2)
            with self.assertRaises(SendException):
                send("soon")
            self.definition.write_text(TICK.format("string"))
            self.assertIn("result", agent.reload())
            send("soon")
            connection.close()


unittest.main()
