"""How an address is written in the contract, as against Falcon's template with its converters."""

import re

_CONVERTER = re.compile(r":\w+}")
# Falcon takes the trailing slash off before it looks; the clients in the field send it, and so the contract shows it.
_SLASHED = "/update_status"


def documented(template: str) -> str:
    """``/v1/orders/{order_id:order}`` → ``/v1/orders/{order_id}``."""
    plain = _CONVERTER.sub("}", template)
    return f"{plain}/" if plain.endswith(_SLASHED) else plain
