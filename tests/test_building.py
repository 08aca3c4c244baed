"""The package is built with its pages in it, or without them where somebody says so."""

import configparser
import importlib.util
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def backend():
    spec = importlib.util.spec_from_file_location("build_backend", TOP / "web" / "ui" / "build_backend.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def extras():
    setup = configparser.ConfigParser()
    setup.read(TOP / "setup.cfg")
    return setup["options.extras_require"]["dev"].split()


def test_deno_comes_with_the_build_in_the_version_that_developers_have(backend, monkeypatch):
    monkeypatch.delenv("PASSLINE_SKIP_UI", raising=False)
    assert backend.DENO in backend.get_requires_for_build_wheel()
    assert backend.DENO in backend.get_requires_for_build_editable()
    assert backend.DENO in extras()


def test_who_skips_the_pages_needs_no_deno(backend, monkeypatch):
    monkeypatch.setenv("PASSLINE_SKIP_UI", "1")
    monkeypatch.setenv("PATH", "")
    assert backend.DENO not in backend.get_requires_for_build_wheel()
    backend.build_pages()


def test_without_deno_the_build_says_what_is_missing(backend, monkeypatch):
    monkeypatch.setenv("PASSLINE_SKIP_UI", "0")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SystemExit, match="Deno"):
        backend.build_pages()
