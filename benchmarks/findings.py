"""What was seen beside the figures."""

from dataclasses import dataclass, field


@dataclass
class Findings:
    """*failures* void the figures; *notes* only tell how to read them."""

    failures: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
