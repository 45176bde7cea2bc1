"""The module collectd against Debian's collectd with its plugin amqp1, in both formats."""
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

from agent_fixture import Agent, XQueryFilter, connect, until
from proton import Message
from proton.utils import BlockingConnection, SendException
from lxml import etree

BIN = pathlib.Path(os.environ["CLACKS_BIN"])
MODULES = BIN.parent / "lib/modules"
COLLECTD = "/usr/sbin/collectd"
NAMESPACE = {"e": "http://www.gonicus.de/Events"}

# Every value comes from files and processes that the test knows: df has fixed fields, and "table" reads a file.
CONFIG = """
Hostname "lab \\"host\\""
FQDNLookup false
BaseDir "{folder}"
PIDFile "{folder}/pid"
PluginDir "/usr/lib/collectd"
TypesDB "/usr/share/collectd/types.db"
Interval 1
LoadPlugin logfile
LoadPlugin table
LoadPlugin amqp1
<Plugin logfile>
  LogLevel info
  File "{folder}/collectd.log"
</Plugin>
<Plugin table>
  <Table "{folder}/octets">
    Instance "eth 0"
    Separator " "
    <Result>
      Type if_octets
      InstancePrefix "wire"
      ValuesFrom 0 1
    </Result>
  </Table>
  <Table "{folder}/degrees">
    Plugin "room"
    Separator " "
    <Result>
      Type temperature
      ValuesFrom 0
    </Result>
  </Table>
</Plugin>
<Plugin amqp1>
  <Transport "agent">
    Host "127.0.0.1"
    Port "{port}"
    Address "collectd"
    RetryDelay 1
    <Instance "telemetry">
      Format {format}
      PreSettle {presettle}
    </Instance>
  </Transport>
</Plugin>
"""
# One temperature is above what the filter wants, the other below.
WARM = "./e:Event/e:CollectD[e:Type = 'temperature']/e:DataSource[e:Value > 30.5]"
OCTETS = "./e:Event/e:CollectD[e:Type = 'if_octets'][e:DataSource/e:Kind = 'derive']"


class Collectd:
    """The daemon in the foreground, sending to `port`."""

    def __init__(self, folder, port, form, presettle):
        self.folder = pathlib.Path(folder)
        (self.folder / "octets").write_text("9007199254740993 12\n")
        self.set_degrees("20.25")
        config = self.folder / "collectd.conf"
        config.write_text(CONFIG.format(folder=folder, port=port, format=form, presettle=presettle))
        with open(self.folder / "output", "w") as output:
            self.process = subprocess.Popen([COLLECTD, "-f", "-C", config], stdout=output, stderr=output)

    def set_degrees(self, degrees):
        new = self.folder / "degrees.new"
        new.write_text(degrees + "\n")
        new.rename(self.folder / "degrees")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:  # its own plugin may wait for a connection for ever
            self.process.kill()
            self.process.wait()


def fields(message):
    event = etree.fromstring(bytes(message.body))[0]
    text = {etree.QName(child).localname: child.text for child in event if len(child) == 0}
    sources = [tuple(source[i].text for i in range(3)) for source in event.findall("e:DataSource", NAMESPACE)]
    return text, sources


def settings_of(process):
    return {"agent": {"modules": MODULES}, "module collectd": {"url": "amqp://127.0.0.1:0/collectd", "process": process}}


def port_of(agent):
    return int(re.search(r":(\d+), without", agent.wait_for_line("listening for 'collectd'")).group(1))


class Real(unittest.TestCase):
    def both_ways(self, form, presettle, process="agent"):
        settings = settings_of(process)
        with tempfile.TemporaryDirectory() as folder, Agent(settings=settings, tls=False) as agent:
            connection = connect(agent)
            octets = connection.create_receiver("org.clacks.event", credit=100, name="octets", options=XQueryFilter(OCTETS))
            warm = connection.create_receiver("org.clacks.event", credit=100, name="warm", options=XQueryFilter(WARM))
            collectd = Collectd(folder, port_of(agent), form, presettle)
            self.addCleanup(collectd.stop)
            text, sources = fields(octets.receive(timeout=60))
            octets.accept()
            self.assertEqual((text["Host"], text["Plugin"], text["PluginInstance"], text["Type"], text["TypeInstance"]),
                             ('lab "host"', "table", "eth 0", "if_octets", "wire"))
            self.assertEqual(float(text["Interval"]), 1)
            self.assertGreater(float(text["Time"]), 1.7e9)
            self.assertEqual(sources, [("rx", "derive", "9007199254740993"), ("tx", "derive", "12")])
            # Events come in the order of their sending, so a warm one before this point would be there by now.
            self.assertEqual(len(warm.fetcher.incoming), 0)
            collectd.set_degrees("31.5")
            text, sources = fields(warm.receive(timeout=60))
            warm.accept()
            self.assertEqual((text["Plugin"], text["Type"]), ("room", "temperature"))
            self.assertEqual(sources, [("value", "gauge", "31.5")])
            self.assertFalse([line for line in agent.log_lines() if "refus" in line], agent.log_lines())
            collectd.stop()
            connection.close()

    def test_json_with_settlement(self):
        self.both_ways("JSON", "false")

    def test_json_to_a_process_of_its_own(self):
        self.both_ways("JSON", "false", "own")

    def test_commands_without(self):
        self.both_ways("Command", "true")


class Hostile(unittest.TestCase):
    def test_what_is_not_collectds_is_refused_with_a_counted_line(self):
        for process in ("agent", "own"):
            with self.subTest(process=process):
                self.refused(settings_of(process))

    def refused(self, settings):
        good = (b'[{"values":[1],"dstypes":["gauge"],"dsnames":["value"],"time":1.5,"interval":1,"host":"h",'
                b'"plugin":"p","plugin_instance":"","type":"t","type_instance":""}]')
        with Agent(settings=settings, tls=False) as agent:
            inside = connect(agent)
            receiver = inside.create_receiver("org.clacks.event", credit=10, options=XQueryFilter("./e:Event/e:CollectD"))
            connection = BlockingConnection(f"amqp://127.0.0.1:{port_of(agent)}", timeout=30, sasl_enabled=False)
            sender = connection.create_sender("collectd")
            for bad in (b"[" * 1000000, b"PUTVAL", b"PUTVAL h/p/t interval=1 1:1", b"a.b.c 1 2\n", b"\xff\xfe", b"[1,",
                        good.replace(b'"h"', b'"\\u0001"'), good.replace(b"1.5", b"1e400"), good * 2, b"{}", b"[[]]"):
                sender.send(Message(body=bad))
            with self.assertRaises(SendException):
                sender.send(Message(body=[1]))
            sender.send(Message(body=good))
            text, sources = fields(receiver.receive(timeout=60))
            receiver.accept()
            self.assertEqual((text["Host"], sources), ("h", [("value", "gauge", "1")]))
            agent.wait_for_line(r"module collectd: refused what collectd sent, 10 refusals so far: ")
            lines = [line for line in agent.log_lines() if "refused what collectd sent" in line]
            self.assertEqual(len(lines), 10)
            self.assertIn("nested more than 8 deep", lines[0])
            connection.close()
            inside.close()

    def test_a_process_that_ends_loses_what_comes_meanwhile_and_no_more(self):
        value = (b'[{"values":[1],"dstypes":["gauge"],"dsnames":["value"],"time":1.5,"interval":1,"host":"%s",'
                 b'"plugin":"p","plugin_instance":"","type":"t","type_instance":""}]')
        settings = settings_of("own")
        with tempfile.TemporaryDirectory() as folder:
            module = pathlib.Path(shutil.copy(MODULES / "collectd.so", folder))
            settings["agent"]["modules"] = folder
            self.lost_and_kept(settings, module, value)

    def lost_and_kept(self, settings, module, value):
        pattern = r"module collectd: it runs in a process of its own, (\d+)"
        away = module.with_suffix(".away")
        with Agent(settings=settings, tls=False) as agent:
            inside = connect(agent)
            receiver = inside.create_receiver("org.clacks.event", credit=10, options=XQueryFilter("./e:Event/e:CollectD"))
            connection = BlockingConnection(f"amqp://127.0.0.1:{port_of(agent)}", timeout=30, sasl_enabled=False)
            sender = connection.create_sender("collectd")
            number = int(re.search(pattern, agent.wait_for_line(pattern)).group(1))
            module.rename(away)  # until it is back, no start succeeds
            os.kill(number, signal.SIGKILL)
            agent.wait_for_line(rf"module collectd: its process {number} was ended by SIGKILL")
            sender.send(Message(body=value % b"lost"))
            away.rename(module)
            until(lambda: sum(re.search(pattern, line) is not None for line in agent.log_lines()) == 2)
            sender.send(Message(body=value % b"kept"))
            text, _ = fields(receiver.receive(timeout=60))
            receiver.accept()
            self.assertEqual(text["Host"], "kept")
            connection.close()
            inside.close()
            agent.signal(signal.SIGTERM)
            self.assertEqual(agent.process.wait(60), 0)
            self.assertRegex("\n".join(agent.log_lines()), r"messages dropped 1\b")

    def test_settings_that_cannot_be_are_told_with_their_line(self):
        for line, words in (("url = amqp://0.0.0.0:5674/collectd", "is no place for collectd"),
                            ("url = amqps://127.0.0.1:5674/collectd", "is no place for collectd"),
                            ("url = amqp://127.0.0.1:5674", "is no place for collectd"),
                            ("types-db = /nonexistent/types.db", "/nonexistent/types.db: it cannot be read")):
            with tempfile.TemporaryDirectory() as folder:
                file = pathlib.Path(folder, "agent.conf")
                file.write_text(f"[agent]\nmodules = {MODULES}\nevents = {os.environ['CLACKS_SOURCE']}/data/events\n"
                                f"[module collectd]\n{line}\n")
                done = subprocess.run([BIN / "clacks-agent", "--config", file, "--check"], capture_output=True, text=True,
                                      timeout=60, check=False)
            self.assertEqual(done.returncode, 1)
            self.assertIn(words, done.stderr)
            if line.startswith("url"):
                self.assertIn("agent.conf:5:", done.stderr)


if not os.path.exists(COLLECTD):
    print("collectd is not installed (collectd-core, libyajl2)")
    sys.exit(77)
unittest.main()
