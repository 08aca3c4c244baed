"""``/problems/{code}``: what a problem means, for people and for programs."""

from html import escape

from web.answers import say, say_bytes
from web.context import Request, Response
from web.contract.models import service as shown
from web.contract.operation import Answer, operation
from web.problems import STATUS, status_of
from web.refusals import NotFound
from workflow.refusals import every_refusal
from workflow.state_machine.refusals import Refusal

HTML = "text/html; charset=utf-8"
ADVICE = {
    400: "The request cannot be read; the detail says where. Sent again unchanged it fails again.",
    401: "Send the header Authorization with the word Bearer and an API key, or sign in at /v1/session.",
    403: "Use a key of a role that may do this; the members name them.",
    404: "Look at the address: it may be misspelt, or belong to another location.",
    405: "The header Allow names the methods of this address.",
    406: "Accept one of the available media types.",
    409: "The state of things does not allow this. Nothing has changed; read the order again, and decide anew.",
    412: "Somebody was faster. Read the order again, and decide anew with its ETag.",
    413: "Send less at once.",
    415: "Send JSON in UTF-8, with the content type application/json.",
    422: "The request can be read but does not fit; errors name each place. Correct it before sending it again.",
    429: "Wait as many seconds as Retry-After says.",
    500: "Tell whoever runs this server the request_id. It is safe to send it again under the same Idempotency-Key.",
    503: "Wait as many seconds as Retry-After says, and send it again under the same Idempotency-Key.",
}


class ProblemType:
    """``/problems/{code}``"""

    @operation(
        "What a problem means.",
        tag="Health",
        answers={200: Answer("The problem.", shown.ProblemType, media_types=("application/json", "text/html"))},
    )
    async def on_get(self, req: Request, resp: Response, code: str) -> None:
        kind = kinds().get(code)
        if kind is None:
            raise NotFound(f"There is no problem {code!r}.")
        if req.client_prefers(["application/json", "text/html"]) == "text/html":
            say_bytes(resp, page(kind), HTML)
            return
        say(resp, {"code": code, "title": kind.title, "status": status_of(kind), "advice": advice(kind)})


def kinds() -> dict[str, type[Refusal]]:
    """Every problem there is, by its code."""
    return {kind.code: kind for kind in every_refusal() if any(known in STATUS for known in kind.__mro__)}


def advice(kind: type[Refusal]) -> str:
    return ADVICE[status_of(kind)]


def page(kind: type[Refusal]) -> bytes:
    title, code, told = escape(kind.title), escape(kind.code), escape(advice(kind))
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>'
        f"<h1>{title}</h1><p><code>{code}</code>, HTTP status {status_of(kind)}</p><p>{told}</p></html>"
    ).encode()
