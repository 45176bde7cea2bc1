"""AMQP 1.0 frames made by hand (OASIS AMQP 1.0, parts 1, 2 and 5), for peers that misbehave on purpose."""
import re
import socket
import struct

SASL_HEADER = b"AMQP\x03\x01\x00\x00"
AMQP_HEADER = b"AMQP\x00\x01\x00\x00"
NULL, TRUE, FALSE = b"\x40", b"\x41", b"\x42"


def symbol(text):
    return b"\xa3" + bytes([len(text)]) + text.encode()


def string(text):
    return b"\xa1" + bytes([len(text)]) + text.encode()


def binary(data):
    return b"\xb0" + struct.pack(">I", len(data)) + data


def uint(number):
    return b"\x70" + struct.pack(">I", number)


def ushort(number):
    return b"\x60" + struct.pack(">H", number)


def sequence(*items):
    body = b"".join(items)
    return b"\xd0" + struct.pack(">II", len(body) + 4, len(items)) + body


def composite(code, *fields):
    return b"\x00\x53" + bytes([code]) + sequence(*fields)


def frame(body, channel=0, kind=0, payload=b""):
    return struct.pack(">IBBH", 8 + len(body) + len(payload), 2, kind, channel) + body + payload


def mapping(*items):
    body = b"".join(items)
    return b"\xd1" + struct.pack(">II", len(body) + 4, len(items)) + body


def sasl_init(mechanism=symbol("PLAIN"), response=b"\0admin\0secret"):
    return frame(composite(0x41, mechanism, binary(response), string("host")), kind=1)


def sasl_response(data=b"x"):
    return frame(composite(0x43, binary(data)), kind=1)


def open_frame(name="raw", idle=None):
    return frame(composite(0x10, string(name), NULL, NULL, NULL, uint(idle) if idle else NULL))


def begin(channel=0, window=2048):
    return frame(composite(0x11, NULL, uint(0), uint(window), uint(window)), channel)


def source(address):
    return composite(0x28, string(address) if address else NULL)


def target(address):
    return composite(0x29, string(address) if address else NULL)


def attach_sender(name, handle, address, channel=0):
    return frame(composite(0x12, string(name), uint(handle), FALSE, NULL, NULL, source("here"), target(address), NULL,
                           NULL, uint(0)), channel)


def attach_receiver(name, handle, address, channel=0, presettled=False):
    return frame(composite(0x12, string(name), uint(handle), TRUE, b"\x50\x01" if presettled else NULL, NULL,
                           source(address), target("here")), channel)


def transfer(handle, number, payload, more=False, settled=False, aborted=False, channel=0):
    tag = b"\xa0\x04" + struct.pack(">I", number)
    return frame(composite(0x14, uint(handle), uint(number), tag, uint(0), TRUE if settled else FALSE,
                           TRUE if more else FALSE, NULL, NULL, NULL, TRUE if aborted else FALSE), channel, 0, payload)


def flow(handle, credit, channel=0, window=2048):
    return frame(composite(0x13, uint(0), uint(window), uint(0), uint(window), uint(handle), uint(0), uint(credit)),
                 channel)


def end(channel=0):
    return frame(composite(0x17), channel)


def close():
    return frame(composite(0x18))


def detach(handle, channel=0):
    return frame(composite(0x16, uint(handle), TRUE), channel)


def data_message(body=b"<Event/>"):
    return b"\x00\x53\x75" + binary(body)


def connect(port, timeout=10, host="127.0.0.1"):
    peer = socket.create_connection((host, port), timeout)
    peer.settimeout(timeout)
    return peer


def reset(peer):
    """Ends the connection at once, without the orderly end of TCP."""
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.close()


def read_until(peer, wanted, timeout=10):
    """What arrived up to and with `wanted`, or all of it when the peer closed first or time ran out."""
    peer.settimeout(timeout)
    got = b""
    try:
        while wanted not in got:
            more = peer.recv(65536)
            if not more:
                break
            got += more
    except OSError:
        pass
    return got


def closed_within(peer, seconds):
    """Whether the other side ends the connection in time, whatever it says before."""
    peer.settimeout(seconds)
    try:
        while peer.recv(65536):
            pass
        return True
    except socket.timeout:
        return False
    except OSError:
        return True


def login(port, window=2048):
    """A connection that is authenticated and has sent its open and one begin."""
    return log_in(connect(port), window)


def log_in(peer, window=2048):
    peer.sendall(SASL_HEADER + sasl_init())
    read_until(peer, b"\x00\x53\x44")  # the outcome
    peer.sendall(AMQP_HEADER + open_frame() + begin(window=window))
    read_until(peer, b"\x00\x53\x11")
    return peer


def condition_of(frames):
    """Condition and description of the first error (AMQP 1.0 part 2, 2.8.14) among the bytes of frames; ("", "") for none."""
    found = re.search(rb"\x00\x53\x1d(?:\xc0..|\xd0.{8})\xa3(.)", frames, re.DOTALL)
    if not found:
        return "", ""
    name_end = found.end() + found.group(1)[0]
    name, rest = frames[found.end():name_end].decode(), frames[name_end:]
    if rest[:1] == b"\xa1":
        return name, rest[2:2 + rest[1]].decode()
    if rest[:1] == b"\xb1":
        return name, rest[5:5 + struct.unpack(">I", rest[1:5])[0]].decode()
    return name, ""
