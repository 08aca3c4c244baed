"""The report as it is filed."""


def render(body: bytes) -> bytes:
    return body
