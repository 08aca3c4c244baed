"""One line a fact: for people, or as JSON for machines."""

import io
import logging
import sys
from contextlib import suppress
from typing import TextIO, cast

import structlog

from workflow.settings import Settings


class Forgiving(io.TextIOBase):
    """Standard error as it is at that moment. What it does not take is lost, as where the disk is full: nothing that
    is worth a line in the log may fail for the line's sake."""

    def write(self, text: str, /) -> int:
        with suppress(OSError, ValueError):
            sys.stderr.write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError, ValueError):
            sys.stderr.flush()

    def isatty(self) -> bool:
        return sys.stderr.isatty()


STDERR = cast(TextIO, Forgiving())


def configure(settings: Settings) -> None:
    """For entry modules, once: what is logged at `log_level` and above goes to standard error."""
    level = logging.getLevelNamesMapping()[settings.log_level]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _renderer(settings),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(STDERR),
        cache_logger_on_first_use=True,
    )


def _renderer(settings: Settings) -> structlog.typing.Processor:
    if settings.log_json:
        return structlog.processors.JSONRenderer(default=str)
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())


def include_standard_library(settings: Settings) -> None:
    """What libraries log goes the same way, in the same shape."""
    handler = logging.StreamHandler(STDERR)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer(settings)],
            foreign_pre_chain=[
                structlog.processors.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                structlog.processors.format_exc_info,
            ],
        )
    )
    logging.root.handlers[:] = [handler]
    logging.root.setLevel(settings.log_level)
