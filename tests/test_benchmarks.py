"""The measurements still work; what they measured here means nothing."""

import json

import pytest

from benchmarks.write_path import main

RATIOS = {"postgresql": {"orders", "transitions", "growth"}, "sqlite": {"orders"}}


@pytest.mark.slow
@pytest.mark.postgresql
def test_a_short_run_of_the_benchmarks_measures_everything(tmp_path, capsys):
    output = tmp_path / "write-path.json"

    code = main(["--smoke", "--output", str(output)])

    result = json.loads(output.read_text())
    assert (code, result["findings"]["failures"]) == (0, [])
    for database, ratios in RATIOS.items():
        assert all(result[database][ratio] > 0 for ratio in ratios)
    assert "postgresql.orders" in capsys.readouterr().out
