"""Makes the listener's corpus: what real clients send, recorded on its way to a bus, and what the tests of hostile
peers send. In place of the reply addresses that the bus made up there are zeros, which the listener's fuzzer replaces
by those that it is told.

    CLACKS_BIN=build/release/bin CLACKS_SOURCE=$PWD PYTHONPATH=tests/support:tests/hostile /usr/bin/python3 tests/fuzz/record.py
"""
import os
import pathlib
import re
import socket
import threading
import uuid

import raw_amqp as raw
from broker import described_filter
from bus_server import Server
from proton import Described, Message, symbol, ulong
from proton.reactor import AtLeastOnce, AtMostOnce, Filter
from proton.utils import BlockingConnection, LinkDetached, SendException, SyncRequestResponse

CORPUS = pathlib.Path(os.environ["CLACKS_SOURCE"], "tests", "fuzz", "corpus", "listener")
EVENTS, CORE = "org.clacks.event", "org.clacks.command.core"
CLIENT = "org.clacks.client.0b2c5b5e-0d5c-4f9c-9a51-5b3b1a3c2d1e"
UNKNOWN = b"00000000-0000-0000-0000-000000000000"  # as tests/fuzz/amqp/peer.cpp has it
EVENT = b"<Event/>"
LOGIN = raw.SASL_HEADER + raw.sasl_init() + raw.AMQP_HEADER
OPENED = LOGIN + raw.open_frame() + raw.begin()
WITHOUT_ID = raw.frame(raw.composite(0x14, raw.uint(0), raw.NULL, b"\xa0\x01x", raw.uint(0), raw.FALSE, raw.TRUE))


class Relay:
    """Passes on the bytes of one connection in both directions, and keeps the client's."""

    def __init__(self, port):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.recorded = b""
        self.thread = threading.Thread(target=self.serve, args=(port,))
        self.thread.start()

    def serve(self, port):
        client, _ = self.listener.accept()
        self.listener.close()
        with client, socket.create_connection(("127.0.0.1", port)) as bus:
            back = threading.Thread(target=self.pass_on, args=(bus, client))
            back.start()
            self.recorded = self.pass_on(client, bus)
            back.join()

    @staticmethod
    def pass_on(source, sink):
        passed = b""
        try:
            while data := source.recv(65536):
                passed += data
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass
        return passed


def record(server, name, talk):
    relay = Relay(server.port)
    connection = BlockingConnection(f"amqp://127.0.0.1:{relay.port}", user="admin", password="secret",
                                    allowed_mechs="PLAIN", allow_insecure_mechs=True, timeout=20)
    talk(connection)
    connection.close()
    relay.thread.join()
    (CORPUS / name).write_bytes(re.sub(rb"(org\.clacks\.reply\.)[0-9a-f-]{36}", rb"\g<1>" + UNKNOWN, relay.recorded))


def publish(connection):
    for options in (AtLeastOnce(), AtMostOnce()):
        sender = connection.create_sender(EVENTS, options=options)
        sender.send(Message(body=EVENT, id=uuid.UUID(int=1), subject="event", properties={"k": "v", "n": 1, "b": True}))
        sender.close()


def publish_what_is_refused(connection):
    sender = connection.create_sender(EVENTS)
    for body in (b"no event", {"a": 1}):
        try:
            sender.send(Message(body=body))
        except SendException:
            pass


def subscribe(connection):
    sender = connection.create_sender(EVENTS)
    for descriptor in (symbol("apache.org:xquery-filter:string"), ulong(0x0000468C00000005)):
        receiver = connection.create_receiver(EVENTS, credit=5, options=Filter({symbol("q"): Described(descriptor, ".")}))
        sender.send(Message(body=EVENT))
        receiver.receive(timeout=20)
        receiver.accept()
        receiver.close()
    try:
        connection.create_receiver(EVENTS, options=Filter({symbol("q"): "undescribed"}))
    except LinkDetached:
        pass


def call(connection):
    client = SyncRequestResponse(connection, CORE)
    client.call(Message(body='{"method":"getNodes","params":[],"id":1}', content_type="application/json"))


def send_to_a_client(connection):
    receiver = connection.create_receiver(CLIENT, credit=1)
    reply_to = connection.create_receiver(None, dynamic=True).link.remote_source.address
    connection.create_sender(None).send(Message(body="{}", address=CLIENT, reply_to=reply_to, id=1))
    receiver.receive(timeout=20)


def by_hand():
    """What no well-behaved client sends."""
    yield "frames-before-login", raw.SASL_HEADER + raw.open_frame() + raw.begin() + raw.attach_sender("L", 0, EVENTS)
    yield "no-sasl", raw.AMQP_HEADER + raw.open_frame() + raw.begin() + raw.attach_receiver("R", 0, EVENTS)
    yield "wrong-password", raw.SASL_HEADER + raw.sasl_init(response=b"\0admin\0wrong") + raw.AMQP_HEADER + raw.open_frame()
    yield "scram-begun", raw.SASL_HEADER + raw.sasl_init(raw.symbol("SCRAM-SHA-256"), b"n,,n=admin,r=abc") + raw.sasl_response()
    yield "no-mechanism", raw.SASL_HEADER + raw.frame(raw.composite(0x41), kind=1)
    yield "tls", b"AMQP\x02\x01\x00\x00" + b"\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00"
    yield "second-login", LOGIN + raw.open_frame() + raw.sasl_init(response=b"\0eve\0wrong")
    halves = raw.transfer(0, 0, raw.data_message(), more=True)
    yield "transfer-in-parts", OPENED + raw.attach_sender("L", 0, EVENTS) + halves + halves + raw.transfer(0, 0, b"")
    yield "transfer-aborted", OPENED + raw.attach_sender("L", 0, EVENTS) + halves + raw.transfer(0, 0, b"", aborted=True)
    yield "transfer-without-its-id", OPENED + raw.attach_sender("L", 0, EVENTS) + WITHOUT_ID
    yield "two-sessions", OPENED + raw.begin(1) + raw.attach_sender("L", 0, EVENTS, 1) + raw.end(1) + raw.end() + raw.close()
    receiver = raw.frame(raw.composite(0x12, raw.string("R"), raw.uint(1), raw.TRUE, raw.NULL, raw.NULL,
                                       raw.composite(0x28, raw.string(EVENTS), *[raw.NULL] * 6, described_filter("bad")),
                                       raw.target("here")))
    yield "bad-filter", OPENED + receiver + raw.flow(1, 10)
    yield "drain", OPENED + raw.attach_receiver("R", 1, EVENTS, presettled=True) + raw.flow(1, 10) + raw.detach(1)
    yield "to-the-intake", raw.AMQP_HEADER + raw.open_frame() + raw.begin() + raw.attach_sender("L", 0, "collectd") + \
        raw.transfer(0, 0, raw.data_message(b"{}"))
    asked = raw.frame(raw.composite(0x12, raw.string("C"), raw.uint(1), raw.TRUE, raw.NULL, raw.NULL, raw.source(CLIENT),
                                    raw.target("here")))
    properties = b"\x00\x53\x73" + raw.sequence(raw.string("1"), raw.NULL, raw.NULL, raw.NULL, raw.string(CLIENT))
    yield "request", OPENED + raw.attach_sender("L", 0, CORE) + asked + raw.flow(1, 10) + \
        raw.transfer(0, 0, properties + raw.data_message(b"{}"))
    yield "nested", OPENED + raw.attach_sender("L", 0, EVENTS) + raw.transfer(0, 0, b"\x00\x53\x77" + b"\xc0\xff\x01" * 99)


def main():
    CORPUS.mkdir(parents=True, exist_ok=True)
    for name, sent in by_hand():
        (CORPUS / name).write_bytes(sent)
    server = Server()
    for talk in (publish, publish_what_is_refused, subscribe, call, send_to_a_client):
        record(server, talk.__name__.replace("_", "-"), talk)
    server.stop()


if __name__ == "__main__":
    main()
