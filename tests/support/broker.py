"""A peer that speaks just enough AMQP 1.0 to take a login and a receiver, and answers the attach as a test wants."""
import re
import socket
import threading

import raw_amqp as raw


def described_filter(query):
    text = query.encode()
    value = b"\xb1" + len(text).to_bytes(4, "big") + text
    return raw.mapping(raw.symbol("xquery"), b"\x00" + raw.symbol("apache.org:xquery-filter:string") + value)


class Broker:
    """`answers`: one for each connection, the last one for all that follow. An answer is the filter set that is
    confirmed (bytes), or a function that is given the socket and the link's name."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    @property
    def url(self):
        return f"amqp://admin:secret@127.0.0.1:{self.port}/org.clacks"

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(10)

    def serve(self):
        while True:
            try:
                peer, _ = self.listener.accept()
            except OSError:
                return
            answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
            with peer:
                try:
                    self.talk(peer, answer)
                except OSError:
                    pass

    def talk(self, peer, answer):
        peer.settimeout(30)
        raw.read_until(peer, raw.SASL_HEADER)
        mechanisms = raw.frame(raw.composite(0x40, raw.symbol("PLAIN")), kind=1)
        peer.sendall(raw.SASL_HEADER + mechanisms)
        raw.read_until(peer, b"PLAIN")
        peer.sendall(raw.frame(raw.composite(0x44, b"\x50\x00"), kind=1))
        got = raw.read_until(peer, raw.AMQP_HEADER)
        peer.sendall(raw.AMQP_HEADER + raw.open_frame("broker"))
        attach = b"\x00\x53\x12"
        if attach not in got:
            got += raw.read_until(peer, b"\x00\x53\x11")
        # The session is answered on the channel it came on, 0.
        peer.sendall(raw.frame(raw.composite(0x11, raw.ushort(0), raw.uint(0), raw.uint(2048), raw.uint(2048))))
        if attach not in got:
            got += raw.read_until(peer, attach)
        while not (name := re.search(rb"\x00\x53\x12(?:\xc0..|\xd0.{8})\xa1(.)", got, re.S)) or \
                len(got) < name.end() + name[1][0]:
            got += peer.recv(65536)
        name = got[name.end():name.end() + name[1][0]].decode()
        if callable(answer):
            return answer(peer, name)
        self.attach(peer, name, answer)
        raw.read_until(peer, b"\x00\x53\x18")  # the client's close
        peer.sendall(raw.close())

    @staticmethod
    def attach(peer, name, filters):
        source = raw.composite(0x28, raw.string("org.clacks.event"), raw.NULL, raw.NULL, raw.NULL, raw.NULL, raw.NULL,
                               raw.NULL, filters)
        peer.sendall(raw.frame(raw.composite(0x12, raw.string(name), raw.uint(0), raw.FALSE, raw.NULL, raw.NULL, source,
                                             raw.target("here"), raw.NULL, raw.NULL, raw.uint(0))))
