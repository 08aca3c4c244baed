"""A table that contradicts itself is found when it is drawn."""

from enum import StrEnum

import pytest

from workflow.state_machine.machine import MisdrawnMachine, StateMachine, row
from workflow.state_machine.tables import ITEM, ORDER


class Lamp(StrEnum):
    OFF = "off"
    ON = "on"
    BROKEN = "broken"


OFF, ON, BROKEN = Lamp
SOUND = [row("switch", OFF, ON, "lamp.switched", repeatable=True), row("drop", {OFF, ON}, BROKEN, "lamp.dropped")]


def lamp(*rows, initial=(OFF,), final=(BROKEN,)):
    return StateMachine("lamp", statuses=Lamp, initial=initial, final=final, transitions=rows)


def test_a_sound_table_answers():
    machine = lamp(*SOUND, row("age", ON, None, "lamp.aged", internal=True))
    assert machine.find("switch", OFF).target is ON
    assert machine.find("switch", ON) is None
    assert machine.repeats("switch", ON)
    assert not machine.repeats("drop", BROKEN)
    assert [found.action for found in machine.rows_from(ON)] == ["drop"]
    assert [found.action for found in machine.rows_between(ON, BROKEN)] == ["drop"]
    assert machine.actions == ("switch", "drop")


def test_two_rows_for_one_action_in_one_status_are_misdrawn():
    with pytest.raises(MisdrawnMachine, match="two rows for drop in on"):
        lamp(*SOUND, row("drop", ON, OFF, "lamp.caught"))


def test_a_row_that_explains_counts_too():
    with pytest.raises(MisdrawnMachine, match="two rows for switch in off"):
        lamp(*SOUND, row("switch", ON, OFF, "lamp.switched", explains={OFF}))


def test_a_status_that_nothing_leads_to_is_misdrawn():
    with pytest.raises(MisdrawnMachine, match="nothing leads to"):
        lamp(row("drop", {OFF, ON}, BROKEN, "lamp.dropped"))


def test_a_status_without_a_way_to_the_end_is_misdrawn():
    with pytest.raises(MisdrawnMachine, match="no end can be reached from"):
        lamp(row("switch", OFF, ON, "lamp.switched"), row("drop", OFF, BROKEN, "lamp.dropped"))


def test_what_only_explains_leads_nowhere():
    with pytest.raises(MisdrawnMachine, match="no end can be reached from"):
        lamp(SOUND[0], row("drop", OFF, BROKEN, "lamp.dropped", explains={ON}))


@pytest.mark.parametrize("machine", [ORDER, ITEM])
def test_every_guard_and_refusal_has_its_sentence(machine):
    for guard in {guard for found in machine.transitions for guard in found.guards}:
        assert guard.doc.endswith(".")
        assert guard.refusal.title.endswith(".")
