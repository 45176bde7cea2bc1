"""Messages to and from proton's form."""
from __future__ import annotations

from datetime import datetime, timezone
from typing import Any, Mapping

from proton import Message

from clacks.common.errors import ClientError
from clacks.common.event import ReceivedEvent

CONTENT_XML, CONTENT_JSON = "application/xml", "application/json"


def body_of(message: Message) -> bytes:
    """The bytes of a data section, binary or string."""
    body = message.body
    if isinstance(body, str):
        return body.encode()
    if isinstance(body, (bytes, bytearray, memoryview)):
        return bytes(body)
    raise ClientError("message-unreadable", "a message's body is neither a data section nor a string")


def event_of(message: Message) -> ReceivedEvent:
    """ "event", "node" and "dropped" among the application-properties are the agent's, all others the sender's."""
    properties: dict[str, Any] = message.properties or {}
    created = message.creation_time
    return ReceivedEvent(
        document=body_of(message),
        name=str(properties.pop("event", "")),
        id=str(message.id or ""),
        sender=bytes(message.user_id or b"").decode(errors="replace"),
        node=str(properties.pop("node", "")),
        time=datetime.fromtimestamp(created, timezone.utc) if created else None,
        dropped=int(properties.pop("dropped", 0)),
        properties=properties)


def encode(body: str, content_type: str, properties: Mapping[str, Any] | None = None, **fields: Any) -> bytes:
    message = Message(body=body.encode(), inferred=True, content_type=content_type, **fields)  # a data section
    if properties:
        message.properties = dict(properties)
    encoded: bytes = message.encode()
    return encoded
