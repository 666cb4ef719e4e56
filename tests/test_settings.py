"""Settings: which way of setting wins, and that what cannot be used is named with its place."""

import argparse
import re
from dataclasses import fields
from pathlib import Path

import pytest
from conftest import ROOT

from assistant import settings
from assistant.errors import SettingError
from assistant.settings import Settings

NAMES = [item.name for item in fields(Settings)]
MOST_SETTINGS = 17
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]


def flags(*given: str) -> Settings:
    parser = argparse.ArgumentParser()
    settings.add_flags(parser, *NAMES)
    return settings.from_flags(parser.parse_args(given))


@pytest.mark.parametrize(
    ("name", "default", "in_file", "in_environment", "flag", "typed"),
    [
        ("model", "auto", '"from-file"', "from-environment", "from-flag", str),
        ("hits", 12, "21", "22", "23", int),
        ("timeout", 60.0, "1.5", "2.5", "3.5", float),
        ("base_url", "", '"http://file"', "http://environment", "http://flag", str),
    ],
)
def test_flag_over_environment_over_file_over_default(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    default: object,
    in_file: str,
    in_environment: str,
    flag: str,
    typed: type,
) -> None:
    """Each way of setting overrides those below it, and no other setting changes."""
    monkeypatch.chdir(tmp_path)
    assert getattr(flags(), name) == default
    (tmp_path / settings.FILE).write_text(f"{name} = {in_file}\n", "utf-8")
    assert getattr(flags(), name) == typed(in_file.strip('"'))
    monkeypatch.setenv(settings.variable(name), in_environment)
    assert getattr(flags(), name) == typed(in_environment)
    chosen = flags(f"--{name.replace('_', '-')}", flag)
    assert getattr(chosen, name) == typed(flag)
    others = [other for other in NAMES if other not in (name, "models")]
    assert all(getattr(chosen, other) == getattr(Settings(), other) for other in others)


def test_an_empty_variable_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """``JUSHI_HITS= jushi ask`` leaves the default, as shells that cannot unset expect."""
    monkeypatch.setenv("JUSHI_HITS", "")
    assert settings.load().hits == Settings().hits


def test_models_folder_follows_the_cache_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Downloaded models lie in the user's cache, wherever that is, unless their folder is set."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert Path(settings.load().models) == tmp_path / "jushi" / "models"
    assert settings.load({"models": "/elsewhere"}).models == "/elsewhere"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("colour = 3\n", ["colour", "model"]),
        ("hits = 'many'\n", ["hits", "'many'", "whole number", "JUSHI_HITS", "--hits"]),
        ("timeout = 'soon'\n", ["timeout", "'soon'", "number"]),
        ("model = 3\n", ["model", "3", "string"]),
        ("model = ['a']\n", ["model", "string"]),
        ("hits = [1]\n", ["hits", "[1]"]),
        ("hits = -1\n", ["hits", "-1", "negative"]),
        ("timeout = -0.5\n", ["timeout", "-0.5", "negative"]),
        ("hits = \n", [settings.FILE, "not valid TOML"]),
        ("[model]\nname = 'a'\n", ["model", "string"]),
    ],
)
def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, text: str, says: list[str]) -> None:
    """Every bad jushi.toml is a SettingError that tells what is wrong with which setting."""
    (tmp_path / settings.FILE).write_text(text, "utf-8")
    with pytest.raises(SettingError) as raised:
        settings.load(folder=tmp_path)
    assert [word for word in says if word not in str(raised.value)] == []


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    """Bytes that are not UTF-8 are a SettingError, not a traceback."""
    (tmp_path / settings.FILE).write_bytes('model = "模型"\n'.encode("gb18030"))
    with pytest.raises(SettingError, match=settings.FILE):
        settings.load(folder=tmp_path)


@pytest.mark.parametrize("value", ["1.5", "x", "-3", "1e3"])
def test_a_variable_of_the_wrong_type_is_named(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    """Environment and flags are strings: what is no whole number of nought or more is refused by name."""
    monkeypatch.setenv("JUSHI_HITS", value)
    with pytest.raises(SettingError, match="hits"):
        settings.load()


@pytest.mark.parametrize("value", ["nan", "inf"])
def test_a_time_out_is_a_finite_number(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    """NaN compares as not negative and infinity never ends: neither is a number of seconds."""
    monkeypatch.setenv("JUSHI_TIMEOUT", value)
    with pytest.raises(SettingError, match="timeout"):
        settings.load()


@pytest.mark.parametrize(("text", "name"), [("hits = true\n", "hits"), ("hits = 3.7\n", "hits")])
def test_a_value_is_not_bent_to_its_type(tmp_path: Path, text: str, name: str) -> None:
    """A truth value is no number, and a fraction of a passage is not cut to a whole one unsaid."""
    (tmp_path / settings.FILE).write_text(text, "utf-8")
    with pytest.raises(SettingError, match=name):
        settings.load(folder=tmp_path)


def test_an_unknown_keyword_is_named() -> None:
    """``ask(question, modle=…)`` names the mistyped setting."""
    with pytest.raises(SettingError, match="modle"):
        settings.load({"modle": "none"})


def test_there_are_few_settings() -> None:
    """At most seventeen, each with its own flag and variable, and a word of help."""
    assert len(NAMES) <= MOST_SETTINGS
    assert len({settings.variable(name) for name in NAMES}) == len(NAMES)
    assert all(item.metadata["help"] for item in fields(Settings))


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_every_setting_is_in_the_readme(readme: Path) -> None:
    """A table row names each setting's variable, its flag or itself; no row names one that there is not."""
    if not readme.is_file():
        pytest.skip(f"{readme.name} is not there")
    rows = [row for row in readme.read_text("utf-8").splitlines() if row.lstrip().startswith("|")]
    named = {name for row in rows for name in re.findall(r"JUSHI_([A-Z_]+)|`--([a-z-]+)`|`([a-z_]+)`", row)}
    words = {word.lower().replace("-", "_") for found in named for word in found if word}
    assert sorted(set(NAMES) - words) == []
    variables = {found.lower() for row in rows for found in re.findall(r"JUSHI_([A-Z_]+)", row)} - {
        "shared",
        "chroma_key",
    }
    assert sorted(variables - set(NAMES)) == []
