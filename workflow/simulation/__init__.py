"""A restaurant played against a running server over HTTP, with books of its own to hold against the server's."""
