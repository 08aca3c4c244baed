"""The measurements still work; what they measured here means nothing."""

import json

import pytest

from benchmarks.live.__main__ import main as live
from benchmarks.write_path import main

STREAMS = {"watcher_of_one_order": "p99_ms", "kitchen": "last_p50_ms"}
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


@pytest.mark.slow
def test_a_short_run_of_the_streams_measures_everything(tmp_path, capsys):
    output = tmp_path / "live.json"

    assert live(["--smoke", "--output", str(output)]) == 0

    result = json.loads(output.read_text())
    for part, figure in STREAMS.items():
        assert all(row[figure] > 0 for row in result[part].values())
    assert result["polling"]["unchanged_a_second"] > 0
    assert "streams" in capsys.readouterr().out
