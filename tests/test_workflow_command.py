"""``passline workflow`` checks and draws."""

import gc

import pytest
from click.testing import CliRunner

from workflow.cli import main
from workflow.state_machine.diagram import mermaid, page
from workflow.state_machine.tables import ITEM, ORDER


def passline(*arguments):
    return CliRunner().invoke(main, ["workflow", *arguments])


def test_a_check_says_how_much_it_saw_and_that_all_is_well():
    result = passline("check", "--items", "1", "--courses", "1")
    assert result.exit_code == 0
    assert "kinds of orders" in result.stdout
    assert result.stdout.count("holds") == 13
    assert "BROKEN" not in result.output
    assert gc.isenabled()


@pytest.mark.parametrize("bounds", [["--items", "0"], ["--items", "9"], ["--courses", "many"]])
def test_bounds_that_would_take_for_ever_are_refused(bounds):
    assert passline("check", *bounds).exit_code == 2


def test_the_diagrams_are_printed():
    assert passline("diagram").stdout == f"{mermaid(ORDER)}\n\n{mermaid(ITEM)}\n"
    assert passline("diagram", "item").stdout == f"{mermaid(ITEM)}\n"
    assert passline("diagram", "oven").exit_code == 2


def test_the_page_is_written_and_compared(tmp_path):
    docs = tmp_path / "docs"
    missing = passline("diagram", "--check", str(docs))
    assert (missing.exit_code, "run passline workflow diagram --write" in missing.output) == (1, True)
    assert passline("diagram", "--write", str(docs)).exit_code == 0
    assert (docs / "workflow.md").read_text(encoding="utf-8") == page()
    assert passline("diagram", "--check", str(docs)).exit_code == 0
    (docs / "workflow.md").write_text("Something else.", encoding="utf-8")
    assert passline("diagram", "--check", str(docs)).exit_code == 1
