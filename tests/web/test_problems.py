"""Every refusal has a status, a page and advice."""

import importlib
import pkgutil

import pytest

import workflow
from tests.web.test_conventions import assert_problem
from web.problems import status_of
from web.resources.problem_types import ADVICE
from workflow.refusals import every_refusal
from workflow.state_machine.refusals import ReasonRequired, Refusal


@pytest.fixture
def database(sqlite_database):
    return sqlite_database


def all_refusals():
    """Those of modules that the web does not import count as well."""
    for module in pkgutil.walk_packages(workflow.__path__, "workflow."):
        if not module.name.startswith(("workflow.cli", "workflow.tasks", "workflow.__main__")):
            importlib.import_module(module.name)
    return [kind for kind in every_refusal() if kind is not Refusal]


@pytest.mark.parametrize("kind", all_refusals(), ids=lambda kind: kind.__name__)
def test_every_refusal_has_a_status_and_advice(kind):
    assert status_of(kind) in ADVICE
    assert kind.title.endswith(".")
    assert kind.code != Refusal.code or kind.__subclasses__()


def test_a_code_is_of_one_family():
    """Two refusals of one code would be told apart by nobody."""
    by_code = {}
    for kind in all_refusals():
        first = by_code.setdefault(kind.code, kind)
        assert first is kind or issubclass(kind, first) or issubclass(first, kind)


def test_the_nearest_class_wins_and_a_stranger_has_no_status():
    class Nearer(ReasonRequired):
        pass

    class Stranger(Refusal):
        pass

    assert status_of(Nearer) == 422
    with pytest.raises(LookupError):
        status_of(Stranger)


async def test_every_problem_is_explained_to_programs_and_to_people(house):
    for code in ("items-pending", "stale-version", "rate-limited", "order-not-found"):
        told = (await house.guest.get(f"/problems/{code}")).json
        assert told["code"] == code
        page = await house.guest.get(f"/problems/{code}", accept="text/html")
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert told["title"] in page.text
    assert_problem(await house.guest.get("/problems/nope"), 404, "not-found")
