"""The drawings show the tables, and the documentation shows the drawings."""

from pathlib import Path

import pytest

from workflow.state_machine.diagram import MACHINES, described, mermaid, page
from workflow.state_machine.tables import ITEM, ORDER

DOCUMENTATION = Path(__file__).parents[2] / "docs" / "workflow.md"


def test_the_documentation_shows_the_machines_as_they_are():
    assert DOCUMENTATION.read_text(encoding="utf-8") == page(), "run: passline workflow diagram --write docs/"


@pytest.mark.parametrize(
    "line",
    [
        "[*] --> scheduled",
        "scheduled --> pending: (release)",
        "pending --> rejected: reject [reason given]",
        "ready --> preparing: recall [within recall window], (reopen)",
        "scheduled --> scheduled: rush, unrush, delay",
        "cancelled --> [*]",
    ],
)
def test_the_order_is_drawn(line):
    assert f"    {line}\n" in f"{mermaid(ORDER)}\n"


def test_the_item_is_drawn():
    assert mermaid(ITEM).startswith("stateDiagram-v2\n    [*] --> held\n    [*] --> pending\n")
    assert "    voided --> voided: acknowledge\n" in mermaid(ITEM)


def test_a_machine_is_described_as_plain_data():
    order = described(ORDER)
    assert (order["name"], order["initial"]) == ("order", ["scheduled", "pending"])
    assert order["final"] == ["completed", "cancelled", "rejected"]
    assert order["statuses"][0] == "scheduled"
    recall = next(row for row in order["transitions"] if row["action"] == "recall")
    assert recall == {
        "action": "recall",
        "from": ["ready", "completed"],
        "to": "preparing",
        "event": "order.recalled",
        "guards": [
            {
                "name": "within_recall_window",
                "doc": "The order was bumped or completed not longer ago than the location recalls.",
                "code": "recall-window-passed",
            }
        ],
        "internal": False,
    }


def test_every_transition_is_described():
    for machine in MACHINES:
        rows = described(machine)["transitions"]
        assert [row["action"] for row in rows] == [row.action for row in machine.transitions]
        assert {row["action"] for row in rows if not row["internal"]} == set(machine.actions)
