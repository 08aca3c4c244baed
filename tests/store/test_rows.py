"""Each struct that is written as a row has the table's columns, and each that is shown has what it is shown from."""

import msgspec
import pytest

from workflow import schema
from workflow.state_machine.model import Item
from workflow.store import rows
from workflow.store.changes import Kept
from workflow.subscriptions import Job
from workflow.views import ItemView

ROWS = [
    (schema.orders, rows.OrderRow),
    (schema.order_items, rows.ItemRow),
    (schema.jobs, Job),
    (schema.idempotency_keys, Kept),
]


@pytest.mark.parametrize(("table", "row"), ROWS, ids=lambda either: getattr(either, "name", None))
def test_a_row_has_every_column(table, row):
    assert set(row.__struct_fields__) == set(table.columns.keys())


def test_an_event_goes_without_its_facts():
    assert set(rows.EventRow.__struct_fields__) == set(schema.events.columns.keys()) - {"data"}


@pytest.mark.parametrize("row", [rows.OrderRow, rows.OrderChange, rows.ItemRow, rows.ItemChange, rows.EventRow])
def test_what_a_row_leaves_out_is_null(row):
    defaults = [field.default for field in msgspec.structs.fields(row) if field.default is not msgspec.NODEFAULT]
    assert set(defaults) <= {None}


def test_an_item_is_shown_member_by_member():
    assert ItemView.__struct_fields__[:-1] == Item.__struct_fields__[:-1]
