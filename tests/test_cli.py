import json
import socket

import click
import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from workflow.cli import COMMANDS, main
from workflow.settings import Settings, variables


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch, tmp_path):
    for name in Settings.model_fields:
        for variable in variables(name):
            monkeypatch.delenv(variable, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def passline():
    def run(*words, **environment):
        return CliRunner().invoke(main, words, env=environment, prog_name="passline")

    return run


def test_help_names_every_command(passline):
    shown = passline("--help")
    assert shown.exit_code == 0
    assert [name for name in COMMANDS if f"\n  {name} " not in shown.output] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(passline, name):
    shown = passline(name, "--help")
    assert shown.exit_code == 0, shown.output
    assert shown.output.startswith(f"Usage: passline {name} ")


@pytest.mark.parametrize(
    "words", [["serve"], ["config", "--color"], ["web", "--port", "http"], ["up", "--port", "70000"]]
)
def test_what_it_does_not_know_is_a_usage_error(passline, words):
    shown = passline(*words)
    assert shown.exit_code == 2
    assert "Usage: passline" in shown.output


def test_a_setting_that_does_not_fit_is_named_with_its_variable(passline):
    shown = passline("migrate", PASSLINE_PORT="http")

    assert shown.exit_code == 1
    assert shown.output == (
        "Error: The setting port (PASSLINE_PORT) does not fit: "
        "Input should be a valid integer, unable to parse string as an integer.\n"
    )


def test_of_several_settings_that_do_not_fit_each_is_named_once(passline):
    shown = passline("migrate", "--database", "mysql://db", "--broker", "http://broker")

    assert shown.exit_code == 1
    first, second = shown.output.splitlines()
    assert first.startswith("Error: The setting database (PASSLINE_DATABASE or DATABASE_URL) does not fit: ")
    assert second.startswith("The setting broker (PASSLINE_BROKER or BROKER_URL) does not fit: ")


def test_a_database_that_does_not_answer_is_no_traceback(passline):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        shown = passline("migrate", "--database", f"postgresql://ada@127.0.0.1:{nobody.getsockname()[1]}/orders")

    assert shown.exit_code == 1
    assert shown.output.startswith("Error: The database does not answer: connection")


def test_a_directory_that_cannot_be_made_is_no_traceback(passline, tmp_path):
    (tmp_path / "taken").write_text("")

    shown = passline("migrate", "--data", str(tmp_path / "taken" / "var"))

    assert shown.exit_code == 1
    assert shown.output == f"Error: {tmp_path}/taken/var/secret: Not a directory.\n"


def test_migrate_makes_the_database_and_may_be_run_again(passline, tmp_path):
    for _ in range(2):
        shown = passline("migrate", "--data", str(tmp_path / "var"))
        assert shown.exit_code == 0, shown.output

    engine = sa.create_engine(f"sqlite:///{tmp_path}/var/passline.db", poolclass=sa.NullPool)
    assert {"orders", "events", "jobs"} <= set(sa.inspect(engine).get_table_names())


def test_config_shows_every_setting_and_where_it_came_from(passline, tmp_path):
    shown = passline(
        "config", "--json", "--data", str(tmp_path), PASSLINE_PORT="9000", DATABASE_URL="postgres://db/orders"
    )
    settings = {setting["name"]: setting for setting in json.loads(shown.output)}

    assert list(settings) == list(Settings.model_fields)
    assert settings["port"] | {"description": ""} == {
        "name": "port",
        "value": 9000,
        "source": "PASSLINE_PORT",
        "variables": ["PASSLINE_PORT"],
        "description": "",
    }
    assert settings["database"]["source"] == "DATABASE_URL"
    assert settings["data"]["source"] == "--data"
    assert settings["host"]["source"] == "default"


def test_config_shows_no_secret_and_makes_none(passline, tmp_path):
    hidden = {
        "PASSLINE_SECRET": "hunter2-hunter2-hunter2",
        "PASSLINE_DATABASE": "postgres://ada:hunter2@db/orders",
        "PASSLINE_BROKER": "redis://:hunter2@broker",
        "PASSLINE_SMTP": "smtp://ada:hunter2@mail",
    }
    for words in ["config"], ["config", "--json"]:
        assert "hunter2" not in passline(*words, **hidden).output

    assert passline("config").exit_code == 0
    assert list(tmp_path.iterdir()) == []


def test_a_worker_needs_a_broker(passline):
    shown = passline("worker")
    assert shown.exit_code == 1
    assert "A worker needs a broker" in shown.output


def test_up_refuses_a_port_that_is_taken(passline, tmp_path):
    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", 0))
        somebody.listen()
        port = somebody.getsockname()[1]

        shown = passline("up", "--data", str(tmp_path / "var"), "--port", str(port))

    assert shown.exit_code == 1
    assert shown.output == f"Error: Cannot listen on 127.0.0.1:{port}: Address already in use. Choose another --port.\n"


def test_up_takes_a_broker_or_none(passline):
    shown = passline("up", "--broker", "redis://broker", "--no-broker")
    assert shown.exit_code == 2
    assert "exclude each other" in shown.output


def test_our_own_mistakes_keep_their_traceback(monkeypatch):
    @click.command()
    def wrong():
        raise ZeroDivisionError

    monkeypatch.setattr(main, "get_command", lambda ctx, name: wrong)
    assert isinstance(CliRunner().invoke(main, ["wrong"]).exception, ZeroDivisionError)


@pytest.mark.parametrize(("words", "code"), [(["audit"], 2), (["jobs", "list"], 1)])
def test_a_database_without_tables_asks_for_its_migration(passline, tmp_path, words, code):
    """An audit that could not look is told from one that found something by its exit code."""
    shown = passline(*words, "--data", str(tmp_path))
    assert shown.exit_code == code
    assert "passline migrate" in shown.output


@pytest.mark.parametrize("words", [["audit"], ["jobs", "list"], ["keys", "list"]])
def test_a_directory_that_is_named_by_mistake_is_not_made(passline, tmp_path, words):
    shown = passline(*words, "--data", str(tmp_path / "typo"))
    assert shown.exit_code == 2
    assert "does not exist" in shown.output
    assert not list(tmp_path.iterdir())
