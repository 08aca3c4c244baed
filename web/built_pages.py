"""The pages as Vite built them: found on disk, kept in memory, packed once for those who take gzip."""

import re
from dataclasses import dataclass
from gzip import compress
from hashlib import blake2b
from pathlib import Path

from web.answers import say_bytes
from web.conditions import known_already
from web.context import Request, Response

STATIC = Path(__file__).parent / "static"
HTML = "text/html; charset=utf-8"
MEDIA_TYPES = {
    ".html": HTML,
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".webmanifest": "application/manifest+json",
    ".txt": "text/plain; charset=utf-8",
}
# A font is packed by itself.
UNPACKED = frozenset({".woff2"})
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
_GZIP = re.compile(r"(?:^|,)\s*gzip\s*(?:;\s*q=(?!0(?:\.0*)?\s*(?:,|$))[^,]*)?(?:,|$)")


@dataclass(frozen=True, slots=True)
class Part:
    """One file; `packed` where gzip makes it smaller."""

    media_type: str
    body: bytes
    packed: bytes | None
    tag: str
    written_ns: int


class BuiltPages:
    """The files under *directory*. Built anew, they are read anew."""

    def __init__(self, directory: Path = STATIC) -> None:
        self._directory = directory
        self._known: dict[str, Part] = {}

    def find(self, name: str, folder: str = "") -> Part | None:
        """The file of this name, which may be anything a stranger thinks up."""
        path = self._directory / folder / name
        if not _NAME.fullmatch(name) or path.suffix not in MEDIA_TYPES:
            return None
        try:
            written_ns = path.stat().st_mtime_ns
        except OSError:
            return None
        part = self._known.get(f"{folder}/{name}")
        if part is None or part.written_ns != written_ns:
            part = self._known[f"{folder}/{name}"] = _read(path, written_ns)
        return part


def _read(path: Path, written_ns: int) -> Part:
    body = path.read_bytes()
    packed = None if path.suffix in UNPACKED else compress(body, 9, mtime=0)
    tag = f'"{blake2b(body, digest_size=12).hexdigest()}"'
    smaller = packed if packed and len(packed) < len(body) else None
    return Part(MEDIA_TYPES[path.suffix], body, smaller, tag, written_ns)


def say_part(req: Request, resp: Response, part: Part) -> None:
    """*part*, packed if the client takes it so; 304 if it has it."""
    # Weak, as it stands for the packed bytes as well as for the plain ones (RFC 9110 §8.8.1).
    resp.set_headers([("etag", f"W/{part.tag}"), ("vary", "Accept-Encoding")])
    if known_already(req, part.tag):
        resp.status = 304
        return
    if part.packed and takes_gzip(req.get_header("Accept-Encoding") or ""):
        resp.set_header("content-encoding", "gzip")
        say_bytes(resp, part.packed, part.media_type)
        return
    say_bytes(resp, part.body, part.media_type)


def takes_gzip(accepted: str) -> bool:
    """Whether an Accept-Encoding names gzip, and not with a weight of nothing (RFC 9110 §12.5.3)."""
    return _GZIP.search(accepted.lower()) is not None
