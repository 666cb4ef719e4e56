"""Settings, frozen: flags over environment over ``jushi.toml`` over defaults. The only reader of the environment.

``jushi.toml`` is looked for in the working folder; its keys are the field names: ``model = "none"``.
"""

import argparse
import math
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from assistant.address import Address
from assistant.errors import SettingError

FILE = "jushi.toml"
AUTO = "auto"
NONE = "none"
DEFAULT_LOCAL_MODEL = "qwen2.5-coder-1.5b"
CHROMA_KEY = "JUSHI_CHROMA_KEY"  # no setting: it is in no flag, which others can list, in no file, and in no report
ASKING = (
    *("data", "chroma", "model", "base_url", "api_key", "embedder", "models", "threads", "timeout"),
    *("hits", "evidence", "evidence_tokens"),
)
"""The settings that an answer depends on."""


def _setting(default: Any, help: str) -> Any:  # noqa: A002 - the word argparse uses
    return field(default=default, metadata={"help": help})


def models_folder() -> Path:
    """The folder of downloaded models, where the settings name none."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "jushi" / "models"


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting; each has its flag (``--base-url``), its variable (``JUSHI_BASE_URL``) and a line in the README."""

    data: str = _setting("data", "folder of the index")
    chroma: str = _setting("", "address of a Chroma server that holds the index: http://HOST:PORT[/TENANT/DATABASE]")
    model: str = _setting(AUTO, "auto, none, a local model's name or .gguf file, or a hosted model's name")
    base_url: str = _setting("", "OpenAI-compatible endpoint of a hosted model or local server")
    api_key: str = field(default="", repr=False, metadata={"help": "key for the endpoint"})
    embedder: str = _setting("e5-small", "e5-small, or a sentence-transformers model by name or folder")
    reranker: str = _setting(
        "", "a cross-encoder of sentence-transformers, by name or folder, reads the first hits anew"
    )
    models: str = _setting("", "folder of downloaded models (default ~/.cache/jushi/models)")
    threads: int = _setting(0, "threads for local models, 0 for all cores")
    timeout: float = _setting(60.0, "seconds to wait for the endpoint")
    hits: int = _setting(12, "passages retrieved for a question")
    evidence: int = _setting(6, "sentences offered to the model at most")
    evidence_tokens: int = _setting(300, "tokens of evidence offered to the model at most")
    passage_tokens: int = _setting(300, "tokens in a passage at most")
    workers: int = _setting(1, "processes that read files while others are embedded")
    host: str = _setting("127.0.0.1", "address of the page")
    port: int = _setting(7860, "port of the page")

    @property
    def server(self) -> Address | None:
        """The database on a Chroma server that holds the index, or None where the folder does."""
        return Address.read(self.chroma, os.environ.get(CHROMA_KEY, "")) if self.chroma else None

    @property
    def where(self) -> str:
        """Where the index is, for people."""
        return str(self.server or self.data)


def variable(name: str) -> str:
    """The environment variable of a setting: ``base_url`` → ``JUSHI_BASE_URL``."""
    return f"JUSHI_{name.upper()}"


def load(overrides: Mapping[str, Any] | None = None, *, folder: Path | None = None) -> Settings:
    """Settings from ``overrides`` (``None`` values are not given), the environment, ``jushi.toml`` and defaults.

    Raises SettingError for a file that is not TOML, a key that is no setting, or a value of the wrong type.
    """
    known = {item.name: item for item in fields(Settings)}
    values: dict[str, Any] = {}
    path = (folder or Path.cwd()) / FILE
    if path.is_file():
        try:
            values.update(tomllib.loads(path.read_text("utf-8")))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SettingError(f"{path} is not valid TOML: {error}. Correct it, or take it away.") from error
    for name in known:
        if (given := os.environ.get(variable(name))) not in (None, ""):
            values[name] = given
    values.update({name: value for name, value in (overrides or {}).items() if value is not None})
    if unknown := sorted(set(values) - set(known)):
        raise SettingError(f"No setting is called {', '.join(unknown)}. The settings: {', '.join(known)}.")
    read = {name: _typed(name, value, known[name].default) for name, value in values.items()}
    if not read.get("models"):
        read["models"] = str(models_folder())
    chosen = Settings(**read)
    _ = chosen.server  # an address that is none is told of now
    return chosen


def unless_told(name: str, value: str) -> None:
    """Sets a library's own variable where nobody did: one that has no other way to be told."""
    os.environ.setdefault(name, value)


def add_flags(parser: argparse.ArgumentParser, *names: str) -> None:
    """Gives the parser a flag for each named setting; a flag that is not given leaves the other ways to set it."""
    known = {item.name: item for item in fields(Settings)}
    for name in names:
        item = known[name]
        said = f"{item.metadata['help']} ({variable(name)}" + (f", default {item.default})" if item.default else ")")
        parser.add_argument(f"--{name.replace('_', '-')}", dest=name, metavar=name.upper(), help=said)


def from_flags(given: argparse.Namespace) -> Settings:
    """Settings from parsed flags over the other ways to set them."""
    return load({item.name: getattr(given, item.name, None) for item in fields(Settings)})


def _typed(name: str, value: Any, default: Any) -> Any:
    kind = type(default)
    if kind is str and not isinstance(value, str | Path):
        raise SettingError(f"{name} = {value!r}: a string is wanted.")
    whole = isinstance(value, float) and kind is int  # 3.7 is no number of passages
    try:
        typed = kind(str(value) if whole or isinstance(value, bool) else value)
    except (TypeError, ValueError) as error:
        wanted = "a whole number" if kind is int else "a number"
        raise SettingError(
            f"{name} = {value!r}: {wanted} is wanted ({variable(name)}, --{name.replace('_', '-')})."
        ) from error
    if kind in (int, float) and not 0 <= typed < math.inf:
        raise SettingError(f"{name} = {value!r}: it cannot be negative or without end.")
    return typed
