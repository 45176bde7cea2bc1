"""To talk to an agent: AMQPEventConsumer receives events, AMQPServiceProxy calls commands, Publisher sends many events."""
from clacks.common.errors import ClientError, JSONRPCException
from clacks.common.event import ReceivedEvent

from .consumer import AMQPEventConsumer
from .publisher import Publisher
from .proxy import AMQPServiceProxy

__all__ = ["AMQPEventConsumer", "AMQPServiceProxy", "ClientError", "JSONRPCException", "Publisher", "ReceivedEvent"]
