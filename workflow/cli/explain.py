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
    return silent_server(error)


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


def silent_server(error: Exception) -> str | None:
    """What to say where a database or a broker does not serve us."""
    # Whoever raised the error has imported its library; nobody else pays for that.
    if (sqlalchemy := sys.modules.get("sqlalchemy.exc")) and isinstance(error, sqlalchemy.DBAPIError):
        return database_trouble(error.orig, answers=not isinstance(error, sqlalchemy.OperationalError))
    if (redis := sys.modules.get("redis.exceptions")) and isinstance(error, redis.ConnectionError):
        return f"The broker does not answer: {error}."
    return None


def database_trouble(reason: BaseException | None, *, answers: bool) -> str | None:
    """What to say where the driver raised *reason*; None where a statement of ours is wrong."""
    if "no such table" in str(reason) or type(reason).__name__ == "UndefinedTable":
        return "The database has not this version's tables yet: run `passline migrate`."
    return None if answers else f"The database does not answer: {str(reason).strip().splitlines()[0]}."
