"""Events: EventMaker builds them, ReceivedEvent is one that arrived."""
from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from lxml import builder, etree, objectify

NAMESPACE = "http://www.gonicus.de/Events"

# Documents come from strangers: no entities, no network, no giant trees.
_PARSER = objectify.makeparser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def _float_text(value: float) -> str:
    """As XML Schema writes xs:double."""
    if math.isnan(value):
        return "NaN"
    return repr(value) if math.isfinite(value) else ("INF" if value > 0 else "-INF")


class EventMaker(builder.ElementMaker):
    """Builds an event without direct strings.

        e = EventMaker()
        event = e.Event(e.PhoneStatus(e.CallerId("012345"), e.ReceiverId("12343424"), e.Status("busy")))

    Each call makes an lxml element of that name in the events' namespace, holding its arguments in order:
    elements, strings, numbers, booleans, dates. It does not validate: the agent does.
    """

    def __init__(self) -> None:
        super().__init__(namespace=NAMESPACE, nsmap={None: NAMESPACE}, typemap={
            bool: lambda element, value: "true" if value else "false",
            int: lambda element, value: str(value),
            float: lambda element, value: _float_text(value),
            datetime: lambda element, value: value.isoformat(),
        })


def parse(document: bytes | str) -> objectify.ObjectifiedElement:
    """A document's root as an lxml objectify tree; raises lxml.etree.XMLSyntaxError."""
    return objectify.fromstring(document, _PARSER)


def document_of(event: object) -> str:
    """An event to send, as its document: a string, UTF-8 bytes as of etree.tostring(), or an lxml element."""
    if isinstance(event, str):
        return event
    if isinstance(event, etree._Element):
        return etree.tostring(event, encoding="unicode", with_tail=False)
    if isinstance(event, (bytes, bytearray, memoryview)):
        try:
            return bytes(event).decode()
        except UnicodeDecodeError as error:
            raise ValueError(f"the event's bytes are not UTF-8 ({error}); "
                             "write etree.tostring(event, encoding='unicode')") from None
    raise TypeError(f"an event is a string, bytes or an lxml element, not {type(event).__name__}")


@dataclass(frozen=True)
class ReceivedEvent:
    """An event as a subscriber gets it: the sender's bytes, and what the agent says about them."""

    document: bytes
    """Exactly what was sent, an XML document."""
    name: str = ""
    """The event's name, as "PhoneStatus"."""
    id: str = ""
    """The UUID that the agent gave it."""
    sender: str = ""
    """The authenticated user who sent it."""
    node: str = ""
    """The agent that took it."""
    time: datetime | None = None
    """When the agent took it, in UTC."""
    dropped: int = 0
    """Events lost just before this one, because this subscriber was too slow."""
    properties: dict[str, Any] = field(default_factory=dict)
    """The sender's own application-properties."""

    @cached_property
    def tree(self) -> objectify.ObjectifiedElement:
        """The document as an lxml objectify tree: event.tree.PhoneStatus.CallerId.text"""
        return parse(self.document)
