"""The HTTP interface: a Falcon ASGI app over the engine."""
