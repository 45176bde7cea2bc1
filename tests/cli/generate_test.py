"""clacks events generate: the classes of every event that ships compile, read its example and write it again."""
import importlib.util
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

from agent_fixture import Agent
from clacks.common import values
from clacks.common.components import Publisher
from lxml import etree

SOURCE = pathlib.Path(os.environ["CLACKS_SOURCE"])
BIN = pathlib.Path(os.environ["CLACKS_BIN"])
EVENTS = SOURCE / "data/events"
NAMES = sorted(path.stem for path in EVENTS.glob("*.xsd"))
ROUND_TRIP = """
#include <fstream>
#include <iostream>
#include <iterator>
#include "generated.hpp"
#include "odd.hpp"

template <class T>
int round_trip(const std::string& folder, const std::string& name) {
    std::ifstream file(folder + "/" + name + ".xml");
    clacks::ReceivedEvent event;
    event.document = std::string(std::istreambuf_iterator<char>(file), {});
    const T first = T::read(event);
    event.document = first.document();
    std::ofstream(name + ".out") << event.document;
    return T::read(event) == first ? 0 : 1;
}

// 0 when a class that was filled by hand is read back the same, and a document that it does not fit is told by its place.
int by_hand() {
    events::NodeStatus status;
    status.Id = "n<1";
    status.Load = 0.5;
    status.Workers = 3;
    clacks::ReceivedEvent event;
    event.document = status.document();
    if (events::NodeStatus::read(event) != status || status.Indexed) return 1;
    event.document.replace(event.document.find(">3<"), 3, ">three<");
    try {
        events::NodeStatus::read(event);
        return 1;
    } catch (const clacks::EventError& error) {
        if (std::string(error.what()).find("/Event/NodeStatus/Workers") == std::string::npos) return 1;
    }
    try {
        events::NodeLeave::read(event);
        return 1;
    } catch (const clacks::EventError&) {
    }
    odd::Odd reserved;
    reserved.class_ = "<&";
    reserved.a_b = 1;
    reserved.a_b_ = 2;
    event.document = reserved.document();
    return odd::Odd::read(event) == reserved ? 0 : 1;
}

int main(int, char** argv) try {
    return by_hand()CALLS;
} catch (const clacks::EventError& error) {
    std::cerr << error.what();
    return 2;
}
"""
ODD = """<xs:schema targetNamespace="http://www.gonicus.de/Events" elementFormDefault="qualified"
    xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="Odd"><xs:complexType><xs:sequence>
    <xs:element name="class" type="xs:string"/><xs:element name="a-b" type="xs:int"/>
    <xs:element name="a.b" type="xs:int" minOccurs="0"/></xs:sequence></xs:complexType></xs:element></xs:schema>"""


def generate(*words, status=0, url="amqp://nobody:none@127.0.0.1:1"):
    done = subprocess.run([BIN / "clacks", "events", "generate", *words], capture_output=True, text=True, timeout=60,
                          check=False, env={**os.environ, "CLACKS_URL": url})
    assert done.returncode == status, f"{done.returncode}: {done.stderr}"
    return done.stdout if status == 0 else done.stderr


def canonical(document):
    return etree.tostring(etree.fromstring(document, etree.XMLParser(remove_blank_text=True, remove_comments=True)),
                          method="c14n")


def example(name):
    return (EVENTS / "examples" / f"{name}.xml").read_bytes()


def agree(first, second):
    """Whether two documents have the same elements with the same values, numbers as numbers."""
    def flat(document):
        return [(element.tag, (element.text or "").strip()) for element in etree.fromstring(canonical(document)).iter()]

    def same(a, b):
        try:
            return a == b or float(a) == float(b)
        except ValueError:
            return False
    one, other = sorted(flat(first)), sorted(flat(second))
    return len(one) == len(other) and all(a[0] == b[0] and same(a[1], b[1]) for a, b in zip(one, other))


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="clacks-generate-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def module(self, text):
        path = self.folder / "generated.py"
        path.write_text(text, encoding="utf-8")
        spec = importlib.util.spec_from_file_location("generated", path)
        module = importlib.util.module_from_spec(spec)
        sys.modules["generated"] = module  # dataclasses looks there
        spec.loader.exec_module(module)
        return module


class Cpp(Case):
    def test_every_event_round_trips(self):
        (self.folder / "Odd.xsd").write_text(ODD)
        generate("--language", "c++", "--namespace", "odd", "--folder", self.folder, "--output", self.folder / "odd.hpp", "Odd")
        generate("--language", "c++", "--folder", EVENTS, "--output", self.folder / "generated.hpp", *NAMES)
        calls = "".join(f' + round_trip<events::{name}>(argv[1], "{name}")' for name in NAMES)
        (self.folder / "main.cpp").write_text(ROUND_TRIP.replace("CALLS", calls))
        library = BIN.parent / "lib"
        sanitizers = re.search(r"^CLACKS_SANITIZE:\w+=(.+)$", (BIN.parent / "CMakeCache.txt").read_text(), re.M)
        subprocess.run(["g++", "-std=c++20", "-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Werror", f"-I{SOURCE}",
                        *([f"-fsanitize={sanitizers[1]}"] if sanitizers else []),
                        "main.cpp", f"-L{library}", "-lclacks-common", f"-Wl,-rpath,{library}", "-o", "main"],
                       cwd=self.folder, check=True, timeout=300)
        subprocess.run([self.folder / "main", EVENTS / "examples"], cwd=self.folder, check=True, timeout=60)
        for name in NAMES:
            with self.subTest(name):
                written = (self.folder / f"{name}.out").read_bytes()
                self.assertTrue(agree(written, example(name)), written)

    def test_documented_from_the_annotations(self):
        text = generate("--language", "c++", "--namespace", "site::typed", "--folder", EVENTS, "NodeCapabilities")
        self.assertIn("namespace site::typed {", text)
        self.assertIn("/// The agent's id.\n    std::string Id{};", text)
        self.assertIn("enum class TypeType {", text)


class Python(Case):
    def test_every_event_round_trips(self):
        module = self.module(generate("--language", "python", "--folder", EVENTS, *NAMES))
        with Agent() as agent, Publisher(agent.url) as publisher:
            for name in NAMES:
                with self.subTest(name):
                    kind = getattr(module, name)
                    event = kind.read(example(name))
                    self.assertEqual(kind.read(event.document()), event)
                    self.assertTrue(agree(event.document(), example(name)), event.document())
                    publisher.publish(event.document())  # raises where it is not valid

    def test_built_by_hand_and_misread(self):
        module = self.module(generate("--language", "python", "--folder", EVENTS, "NodeStatus", "NodeLeave"))
        status = module.NodeStatus(Id="n1", Load=0.5, Latency=0.25, Workers=3)
        self.assertEqual(module.NodeStatus.read(status.document()), status)
        self.assertIsNone(status.Indexed)
        with self.assertRaises(values.EventError) as wrong:
            module.NodeStatus.read(status.document().replace(">3<", ">three<"))
        self.assertEqual(wrong.exception.path, "/Event/NodeStatus/Workers")
        with self.assertRaisesRegex(values.EventError, "/Event/NodeLeave is missing"):
            module.NodeLeave.read(status.document())

    def test_documented_from_the_annotations(self):
        module = self.module(generate("--language", "python", "--folder", EVENTS, "PhoneStatus"))
        self.assertIn("the state of a call", module.PhoneStatus.__doc__)


class Command(Case):
    def test_the_agents_definitions_are_the_same(self):
        with Agent() as agent:
            for language in ("c++", "python"):
                self.assertEqual(generate("--language", language, *NAMES, url=agent.url),
                                 generate("--language", language, "--folder", EVENTS, *NAMES))

    def test_names_that_the_languages_reserve(self):
        (self.folder / "Odd.xsd").write_text(ODD)
        module = self.module(generate("-l", "python", "--folder", self.folder, "Odd"))
        odd = module.Odd(class_="<&", a_b=1, a_b_=2)
        self.assertEqual(module.Odd.read(odd.document()), odd)
        self.assertIn("std::string class_{};", generate("-l", "c++", "--folder", self.folder, "Odd"))

    def test_mistakes(self):
        self.assertIn("did you mean 'PhoneStatus'?",
                      generate("-l", "c++", "--folder", EVENTS, "PhoneStatsu", status=1))
        self.assertIn("--language", generate("--folder", EVENTS, "PhoneStatus", status=2))
        self.assertIn("namespace", generate("-l", "c++", "--namespace", "a b", "--folder", EVENTS, "NodeLeave", status=2))
        self.assertIn("cannot be written", generate("-l", "c++", "--folder", EVENTS, "-o", self.folder / "none/x",
                                                    "NodeLeave", status=1))


unittest.main()
