import json
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import ValidationError

from workflow.settings import Settings, kept_secret, normalised, redis_address, variables


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch):
    for name in Settings.model_fields:
        for variable in variables(name):
            monkeypatch.delenv(variable, raising=False)


@pytest.fixture
def settings(tmp_path):
    def make(**given):
        return Settings(**{"data": tmp_path, "secret": "a secret of the tests"} | given)

    return make


def test_the_database_is_a_file_in_the_data_directory_unless_one_is_named(settings, tmp_path):
    assert settings().database == f"sqlite:///{tmp_path}/passline.db"
    assert settings(database="sqlite:////srv/orders.db").database == "sqlite:////srv/orders.db"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_a_postgresql_gets_the_driver_that_is_installed(scheme):
    assert normalised(f"{scheme}://ada:pw@db/orders?sslmode=require") == (
        "postgresql+psycopg://ada:pw@db/orders?sslmode=require"
    )


def test_a_relative_sqlite_file_is_the_same_file_in_every_directory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert normalised("sqlite:///orders.db?mode=rw") == f"sqlite:///{tmp_path}/orders.db?mode=rw"


@pytest.mark.parametrize("url", ["mysql://db/orders", "sqlite://", "sqlite:///", "orders.db", ""])
def test_another_database_is_refused(url):
    with pytest.raises(ValueError, match="begins with postgresql:// or with sqlite:///"):
        normalised(url)


def test_passline_variables_come_before_the_common_ones_and_options_before_both(settings, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://common/orders")
    assert settings().database == "postgresql+psycopg://common/orders"

    monkeypatch.setenv("PASSLINE_DATABASE", "postgres://own/orders")
    assert settings().database == "postgresql+psycopg://own/orders"

    assert settings(database="postgres://option/orders").database == "postgresql+psycopg://option/orders"


def test_an_empty_variable_counts_as_unset(settings, monkeypatch):
    monkeypatch.setenv("PASSLINE_BROKER", "")
    monkeypatch.setenv("BROKER_URL", "redis://common/0")

    assert settings().broker == "redis://common/0"


def test_a_broker_must_be_one_that_can_carry_bells(settings):
    assert settings().broker is None
    with pytest.raises(ValidationError, match="begins with one of"):
        settings(broker="http://broker")


@pytest.mark.parametrize(
    ("broker", "address"),
    [
        ("redis://broker:6379/1", "redis://broker:6379/1"),
        ("rediss://broker:6379/1", "rediss://broker:6379/1"),
        ("redis+socket:///run/broker.sock", "unix:///run/broker.sock?db=0"),
        ("redis+socket:///run/broker.sock?virtual_host=3", "unix:///run/broker.sock?db=3"),
        ("amqp://broker", None),
    ],
)
def test_a_redis_broker_has_an_address_for_redis_clients_too(broker, address):
    assert redis_address(broker) == address


def test_the_secret_is_made_once_and_for_its_owner_only(tmp_path):
    data = tmp_path / "var"
    first = Settings(data=data).secret

    assert Settings(data=data).secret == first
    assert len(first) >= 32
    assert stat.S_IMODE((data / "secret").stat().st_mode) == 0o600
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    assert [file.name for file in data.iterdir()] == ["secret"]


def test_processes_that_start_together_agree_on_the_secret(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(kept_secret, [tmp_path / "var"] * 8))) == 1


def test_a_short_secret_is_refused(settings):
    with pytest.raises(ValidationError, match="secret"):
        settings(secret="short")


def test_secrets_do_not_show_in_logs(settings):
    shown = repr(settings(database="postgres://ada:hunter2@db/orders", smtp="smtp://ada:hunter2@mail"))
    assert "hunter2" not in shown
    assert "a secret of the tests" not in shown


def test_a_fail_point_needs_the_tests_leave(settings):
    assert settings(failpoint="after_commit").failpoint is None
    assert settings(failpoint="after_commit", testing=True).failpoint == "after_commit"


def test_settings_never_change(settings):
    with pytest.raises(ValidationError, match="frozen"):
        settings().port = 1


def test_the_data_directory_is_the_same_in_every_directory(settings, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert settings(data=Path("var")).data == tmp_path / "var"


def test_every_setting_says_what_it_is_for():
    assert [name for name, field in Settings.model_fields.items() if not (field.description or "").endswith(".")] == []
    assert json.dumps({name: variables(name) for name in Settings.model_fields})
