"""A check of our own: the house may refuse what the document allows, but never as something that does not fit."""

import schemathesis

SHAPELESS = {"invalid-request", "malformed-request", "invalid-header"}


@schemathesis.check
def what_is_documented_fits(ctx, response, case):
    meta = case.meta
    if meta is None or not meta.generation.mode.is_positive or response.status_code not in (400, 422):
        return
    assert response.json()["code"] not in SHAPELESS, response.text
