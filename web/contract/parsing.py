"""From bytes and query strings to models, or to every complaint at once."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from web.refusals import MalformedRequest
from workflow.refusals import InvalidDraft

Model = TypeVar("Model")


def parsed_body(adapter: TypeAdapter[Model], body: bytes) -> Model:
    """An empty body is an empty object. Raises MalformedRequest for broken JSON, InvalidDraft for what does not fit."""
    try:
        return adapter.validate_json(body or b"{}")
    except ValidationError as invalid:
        complaints = invalid.errors(include_url=False, include_context=False, include_input=False)
    if complaints[0]["type"] == "json_invalid":
        raise MalformedRequest(f"{complaints[0]['msg']}.")
    raise _invalid([{"pointer": _pointer(one["loc"]), "detail": _sentence(one["msg"])} for one in complaints])


def parsed_query(adapter: TypeAdapter[Model], params: Mapping[str, Any]) -> Model:
    """Raises InvalidDraft; a parameter that is given twice does not fit either."""
    if twice := [name for name, value in params.items() if isinstance(value, list)]:
        raise _invalid([{"parameter": name, "detail": "Give it once."} for name in twice])
    try:
        return adapter.validate_strings(dict(params))
    except ValidationError as invalid:
        complaints = invalid.errors(include_url=False, include_context=False, include_input=False)
    raise _invalid([{"parameter": str(one["loc"][0]), "detail": _sentence(one["msg"])} for one in complaints])


def refuse_query(params: Mapping[str, Any]) -> None:
    """Raises InvalidDraft where an address without parameters is given some."""
    if params:
        raise _invalid([{"parameter": name, "detail": "This address takes no such parameter."} for name in params])


def _invalid(errors: list[dict[str, str]]) -> InvalidDraft:
    rest = f" And {len(errors) - 1} more." if len(errors) > 1 else ""
    first = errors[0]
    place = first.get("pointer") or first.get("parameter") or "body"
    return InvalidDraft(f"{place}: {first['detail']}{rest}", errors=errors)


def _pointer(location: tuple[int | str, ...]) -> str:
    """A JSON pointer (RFC 6901)."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in location)


def _sentence(message: str) -> str:
    text = message.removeprefix("Value error, ")
    return f"{text[:1].upper()}{text[1:]}."
