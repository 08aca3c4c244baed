"""The report for a spreadsheet."""

import csv
import io

import msgspec
import pytest

from tests.reporting.scenes import DAY, FIRST, Scene, item
from workflow.reporting.renderers.as_csv import TABLES, safe
from workflow.reporting.rendering import EXTENSIONS, RENDERERS


@pytest.fixture
def sections():
    scene = Scene()
    scene.place(item(name='=HYPERLINK("http://x")', sku=None), item(name="Crème, brûlée", sku=None))
    scene.do(scene.place(item()), "cancel", reason="@guest left")
    scene.now += DAY
    text = RENDERERS["text/csv"](msgspec.json.encode(scene.close(FIRST))).decode()
    found, rows = {}, list(csv.reader(io.StringIO(text)))
    while rows:
        end = rows.index([])
        found[rows[0][0]] = rows[1:end]
        rows = rows[end + 1 :]
    return found


def test_it_has_a_section_for_each_table(sections):
    assert set(sections) == {"Report", *TABLES}
    assert len(sections["By hour"]) == 25
    assert sections["By station"][0][:3] == ["station", "ordered", "taken_off"]


def test_single_values_are_lines(sections):
    lines = dict(sections["Report"])
    assert (lines["business_day"], lines["gross"], lines["cancellations / amount"]) == ("2026-10-22", "3000", "1000")
    assert lines["stations"] == "bar grill"


def test_no_cell_is_a_formula(sections):
    names = {row[1] for row in sections["By item"][1:]}
    assert '\'=HYPERLINK("http://x")' in names
    assert "Crème, brûlée" in names
    assert sections["Cancellations by reason"][1][0] == "'@guest left"


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", "\tx", "\rx"])
def test_text_that_looks_like_a_formula_is_text(cell):
    assert safe(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", [-5, None, "Burger", "", "2026-10-22"])
def test_everything_else_stays(cell):
    assert safe(cell) == cell


def test_every_extension_has_a_renderer():
    assert set(EXTENSIONS.values()) == set(RENDERERS)
    assert RENDERERS["application/json"](b"{}") == b"{}"
