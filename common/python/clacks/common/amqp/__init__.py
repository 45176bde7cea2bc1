"""AMQP 1.0 on python3-qpid-proton's protocol engine. Not an interface: programs use `clacks.common.components`."""
