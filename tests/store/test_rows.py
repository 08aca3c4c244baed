"""What is written as a row has the table's columns, and each that is shown has what it is shown from."""

import pytest

from workflow import schema
from workflow.state_machine.model import Item
from workflow.store import rows
from workflow.views import ItemView


@pytest.mark.parametrize(
    "columns", [rows.ORDER, rows.ITEM, rows.JOB, rows.KEPT], ids=lambda columns: columns.table.name
)
def test_a_row_has_every_column(columns):
    assert sorted(columns.names) == sorted(columns.table.columns.keys())


def test_an_event_has_no_position_yet():
    assert {*rows.EVENT.names, "position"} == set(schema.events.columns.keys())


def test_an_item_is_shown_member_by_member():
    assert ItemView.__struct_fields__[:-1] == Item.__struct_fields__[:-1]
