"""The machines for those who read them: as plain data, as Mermaid diagrams, as a page."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any

from workflow.state_machine.machine import Guard, StateMachine, Transition
from workflow.state_machine.tables import ITEM, ORDER

MACHINES = (ORDER, ITEM)
STAYS = "stays"


def described(machine: StateMachine) -> dict[str, Any]:
    """*machine* as JSON-ready data; a transition whose `to` is null leaves the status alone."""
    return {
        "name": machine.name,
        "statuses": _in_order(machine, machine.statuses),
        "initial": _in_order(machine, machine.initial),
        "final": _in_order(machine, machine.final),
        "transitions": [_transition(machine, row) for row in machine.transitions],
    }


def mermaid(machine: StateMachine) -> str:
    """*machine* as a Mermaid `stateDiagram-v2`: guards stand in brackets, what happens by itself in parentheses."""
    labels: dict[tuple[str, str], list[str]] = {}
    for row in machine.transitions:
        for source in _in_order(machine, row.sources):
            labels.setdefault((source, row.target or source), []).append(_label(row))
    lines = [
        *(f"[*] --> {status}" for status in _in_order(machine, machine.initial)),
        *(f"{source} --> {target}: {', '.join(label)}" for (source, target), label in labels.items()),
        *(f"{status} --> [*]" for status in _in_order(machine, machine.final)),
    ]
    return "\n".join(["stateDiagram-v2", *(f"    {line}" for line in lines)])


def page(machines: Sequence[StateMachine] = MACHINES) -> str:
    """A page of Markdown with each machine's diagram and table, and all their guards."""
    guards = {guard.name: guard for machine in machines for row in machine.transitions for guard in row.guards}
    parts = [
        INTRODUCTION,
        *map(_chapter, machines),
        "## Guards",
        GUARDS,
        _table(GUARD_HEAD, map(_guard, guards.values())),
    ]
    return "\n\n".join(parts) + "\n"


INTRODUCTION = """\
# What can happen to an order

This page is written by `passline workflow diagram --write docs/` from the tables that the program runs on
(`workflow/state_machine/tables.py`); a test fails when the two differ. `passline workflow check` explores every small
order that the tables allow."""
GUARDS = "A guard is true when all is well; where it is not, the command is refused with the guard's code."
TABLE_HEAD = ("action", "from", "to", "event", "guards")
GUARD_HEAD = ("guard", "is true when", "code")


def _chapter(machine: StateMachine) -> str:
    rows = [
        (_action(row), ", ".join(_in_order(machine, row.sources)), row.target or STAYS, f"`{row.event}`", _guards(row))
        for row in machine.transitions
    ]
    title = f"## The {machine.name}"
    return "\n\n".join([title, f"```mermaid\n{mermaid(machine)}\n```", _table(TABLE_HEAD, rows)])


def _transition(machine: StateMachine, row: Transition) -> dict[str, Any]:
    return {
        "action": row.action,
        "from": _in_order(machine, row.sources),
        "to": row.target.value if row.target else None,
        "event": row.event,
        "guards": [{"name": guard.name, "doc": guard.doc, "code": guard.refusal.code} for guard in row.guards],
        "internal": row.internal,
    }


def _label(row: Transition) -> str:
    if row.internal:
        return f"({row.action})"
    if row.target is None:
        return row.action
    return " ".join([row.action, *(f"[{_said(guard)}]" for guard in row.guards)])


def _action(row: Transition) -> str:
    return f"`{row.action}` (by itself)" if row.internal else f"`{row.action}`"


def _guards(row: Transition) -> str:
    return ", ".join(map(_said, row.guards))


def _guard(guard: Guard) -> tuple[str, ...]:
    return _said(guard), guard.doc, f"`{guard.refusal.code}`"


def _said(guard: Guard) -> str:
    return guard.name.replace("_", " ")


def _in_order(machine: StateMachine, statuses: Iterable[StrEnum]) -> list[str]:
    """*statuses* in the order of the machine's life."""
    chosen = set(statuses)
    return [status.value for status in machine.statuses if status in chosen]


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
