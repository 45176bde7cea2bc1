"""Clacks for Python: receive, send and build events, and call an agent's commands.

    from clacks.common.components import AMQPEventConsumer, AMQPServiceProxy, Publisher
    from clacks.common.event import EventMaker
    from clacks.aio import subscribe, AsyncServiceProxy

`python3 -m clacks listen` shows events as they come.
"""
