"""python3 -m clacks listen: shows events as they come, each as it was sent."""
from __future__ import annotations

import argparse
import logging
import os
import sys

from lxml import etree

from clacks.common.components import AMQPEventConsumer, ClientError, ReceivedEvent

DEFAULT_URL = "amqp://admin:secret@localhost/org.clacks"


def _shown(event: ReceivedEvent) -> bytes:
    if not sys.stdout.isatty():
        return event.document.rstrip(b"\n") + b"\n"
    return etree.tostring(event.tree, pretty_print=True, encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 -m clacks", description="A Clacks client in Python.")
    commands = parser.add_subparsers(dest="command", required=True)
    listen = commands.add_parser("listen", help="show events as they come, until Ctrl-C")
    listen.add_argument("--url", default=os.environ.get("CLACKS_URL", DEFAULT_URL),
                        help=f"(amqp|amqps)://user:password@host:port/domain; default $CLACKS_URL, else {DEFAULT_URL}")
    listen.add_argument("--xquery", default=".", help="which events; default all")
    listen.add_argument("--lenient", action="store_true",
                        help="subscribe though no event of the agent can match the XQuery, which it refuses otherwise")
    listen.add_argument("--ca", help="PEM file of certificates to trust for amqps")
    listen.add_argument("--certificate", help="PEM file of a certificate to log in by, with an amqps URL without user")
    listen.add_argument("--private-key", help="PEM file of its private key; default the certificate's file")
    listen.add_argument("--count", type=int, default=0, help="end after so many events")
    listen.add_argument("--quiet", action="store_true", help="events only, no messages")
    return parser.parse_args()


def listen(arguments: argparse.Namespace) -> int:
    """Exit status 0 after Ctrl-C or --count events, 1 when it failed."""
    logging.basicConfig(format="%(message)s", level=logging.ERROR if arguments.quiet else logging.INFO)
    seen = 0

    def show(event: ReceivedEvent) -> None:
        nonlocal seen
        if arguments.count and seen == arguments.count:
            return
        seen += 1
        try:
            sys.stdout.buffer.write(_shown(event))
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # quiet at exit, too
            consumer.close()
        if seen == arguments.count:
            consumer.close()

    try:
        consumer = AMQPEventConsumer(arguments.url, xquery=arguments.xquery, on_event=show, ca=arguments.ca,
                                     certificate=arguments.certificate, private_key=arguments.private_key,
                                     must_connect_first=True, lenient=arguments.lenient)
        with consumer:
            consumer.join()
    except ClientError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        pass
    return 0


if __name__ == "__main__":
    sys.exit(listen(_arguments()))
