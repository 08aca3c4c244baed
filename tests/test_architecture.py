"""The rooms of the house: who may import what."""

import ast
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent
CORE = "workflow/state_machine/"
FORBIDDEN = {
    "workflow/tasks/": {"falcon", "web"},
    "workflow/": {"celery", "kombu", "falcon", "web", "workflow.tasks"},
    "web/": {"sqlalchemy", "celery", "kombu", "psycopg", "workflow.tasks"},
    "migrations/versions/": {"workflow", "web"},
}


def modules():
    return [
        path.relative_to(TOP).as_posix()
        for room in ("workflow", "web", "migrations")
        for path in sorted((TOP / room).rglob("*.py"))
        if "node_modules" not in path.parts
    ]


def imports(path):
    for node in ast.walk(ast.parse((TOP / path).read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def within(name, room):
    return name == room or name.startswith(f"{room}.")


@pytest.mark.parametrize("path", modules())
def test_a_room_imports_only_what_it_may(path):
    room = next((room for room in FORBIDDEN if path.startswith(room)), None)
    wrong = [name for name in imports(path) for gone in FORBIDDEN.get(room, ()) if within(name, gone)]
    assert wrong == []


@pytest.mark.parametrize("path", [path for path in modules() if path.startswith(CORE)])
def test_the_core_needs_nothing_but_the_standard_library_and_structs(path):
    roots = {name.partition(".")[0] for name in imports(path)} - {"workflow", "msgspec"}
    inside = [name for name in imports(path) if within(name, "workflow")]
    assert roots <= set(sys.stdlib_module_names)
    assert all(within(name, "workflow.state_machine") for name in inside)


@pytest.mark.parametrize("path", [path for path in modules() if path.startswith(CORE)])
def test_the_core_has_no_clock(path):
    names = {node.attr for node in ast.walk(ast.parse((TOP / path).read_text())) if isinstance(node, ast.Attribute)}
    assert not names & {"now", "utcnow", "time_ns", "monotonic"}
