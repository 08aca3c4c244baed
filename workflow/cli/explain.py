"""What went wrong, in a sentence for the operator."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from pydantic import ValidationError

from workflow.settings import Settings, variables


@contextmanager
def explained() -> Iterator[None]:
    """Turns what an operator can mend into a message and exit code 1. A mistake of ours keeps its traceback."""
    try:
        yield
    except Exception as error:
        message = explanation(error)
        if message is None:
            raise
        raise click.ClickException(message) from error


def explanation(error: Exception) -> str | None:
    """A sentence for the operator, or None where *error* is not his to mend."""
    if isinstance(error, ValidationError) and error.title == Settings.__name__:
        return unfit_settings(error)
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: {error.strerror}."
    return unreachable(error)


def unfit_settings(error: ValidationError) -> str:
    """One line for each setting that does not fit, by the names that it can be set with."""
    return "\n".join(
        f"The setting {name} ({' or '.join(variables(name))}) does not fit: {detail}."
        for problem in error.errors()
        # This one only repeats that another field, which is listed itself, did not fit.
        if problem["type"] != "default_factory_not_called"
        for name, detail in [(_field(problem["loc"]), problem["msg"].removeprefix("Value error, "))]
    )


def _field(location: tuple[int | str, ...]) -> str:
    named = str(location[0])
    return next((name for name in Settings.model_fields if named in {name, *variables(name)}), named)


def unreachable(error: Exception) -> str | None:
    """What to say where a server does not answer."""
    # Whoever raised the error has imported its library; nobody else pays for that.
    if (sqlalchemy := sys.modules.get("sqlalchemy.exc")) and isinstance(error, sqlalchemy.OperationalError):
        reason = str(error.orig).strip().splitlines()[0]
        return f"The database does not answer: {reason}."
    if (redis := sys.modules.get("redis.exceptions")) and isinstance(error, redis.ConnectionError):
        return f"The broker does not answer: {error}."
    return None
