"""What deploy/ says is what the program understands."""

import re
import runpy
from pathlib import Path

import pytest
import yaml

from workflow import processes
from workflow.cli import COMMANDS
from workflow.settings import Settings, variables

DEPLOY = Path(__file__).parent.parent / "deploy"
FILES = sorted(file for file in DEPLOY.rglob("*") if file.is_file())
VARIABLES = {variable for name in Settings.model_fields for variable in variables(name)}


def named(files):
    return {"argvalues": files, "ids": [str(file.relative_to(DEPLOY)) for file in files]}


@pytest.mark.parametrize("file", **named(FILES))
def test_every_variable_is_a_setting(file):
    assert set(re.findall(r"\bPASSLINE_[A-Z_]+\b", file.read_text())) <= VARIABLES


@pytest.mark.parametrize("file", **named([file for file in FILES if file.suffix == ".service"]))
def test_every_service_runs_a_command(file):
    (command,) = re.findall(r"^ExecStart=/opt/passline/bin/passline (\w+)$", file.read_text(), re.MULTILINE)
    assert command in COMMANDS


@pytest.mark.parametrize("file", **named([file for file in FILES if file.suffix == ".yaml"]))
def test_every_container_of_ours_runs_a_command(file):
    for document in yaml.safe_load_all(file.read_text()):
        for words in commands(document):
            assert words[0] in COMMANDS


def commands(document):
    """The words that containers of our image are started with."""
    services = document.get("services", {}).values()
    yield from (service["command"] for service in services if service["image"] == "passline")
    template = document.get("spec", {}).get("template", {})
    yield from (container["args"] for container in template.get("spec", {}).get("containers", []))


def test_gunicorn_is_configured_as_passline_web_configures_it(tmp_path):
    configured = runpy.run_path(str(DEPLOY / "gunicorn.conf.py"))
    options = {name: value for name, value in configured.items() if not name.startswith("__")}
    command = processes.web(Settings(data=tmp_path, secret="a secret of the tests"))

    assert command[-2:] == ["--no-control-socket", "web.main:app"]
    assert options.pop("control_socket_disable") is True
    given = dict(word.removeprefix("--").split("=") for word in command[3:-2])
    renamed = {"keepalive": "keep-alive", "loglevel": "log-level"}
    assert given == {renamed.get(name, name).replace("_", "-"): str(value) for name, value in options.items()}
