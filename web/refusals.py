"""What the web refuses before the engine is asked."""

from workflow.state_machine.refusals import Refusal


class MalformedRequest(Refusal):
    code = "malformed-request"
    title = "The request cannot be read."


class InvalidHeader(Refusal):
    """members: header."""

    code = "invalid-header"
    title = "A header of the request cannot be read."


class Unauthorized(Refusal):
    code = "unauthorized"
    title = "This needs a valid API key, or a session."


class Forbidden(Refusal):
    """members: role, allowed (the roles that may), where it is the role that may not."""

    code = "forbidden"
    title = "You may not do this."


class NotFound(Refusal):
    code = "not-found"
    title = "There is nothing at this address."


class MethodNotAllowed(Refusal):
    code = "method-not-allowed"
    title = "This address does not know the method."


class NotAcceptable(Refusal):
    """members: available."""

    code = "not-acceptable"
    title = "There is no such representation."


class ContentTooLarge(Refusal):
    """members: limit_bytes."""

    code = "content-too-large"
    title = "The body is too large."


class UnsupportedMediaType(Refusal):
    code = "unsupported-media-type"
    title = "The body has to be JSON."


class RateLimited(Refusal):
    """members: retry_after_seconds."""

    code = "rate-limited"
    title = "Too many requests."


class TooManyStreams(Refusal):
    """members: retry_after_seconds."""

    code = "too-many-streams"
    title = "Too many streams are open."


class PagesNotBuilt(Refusal):
    code = "pages-not-built"
    title = "The pages are not built."


class InternalError(Refusal):
    code = "internal-error"
    title = "Something went wrong on our side."


class NotReady(Refusal):
    code = "not-ready"
    title = "The server cannot take orders now."
