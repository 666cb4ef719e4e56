"""Settings in, the model that they choose out: by name, ready to be made, or those that could be chosen instead."""

from collections.abc import Callable
from pathlib import Path

from assistant import embed, llm, models
from assistant.errors import SettingError
from assistant.settings import AUTO, DEFAULT_LOCAL_MODEL, NONE, Settings


def choose_model(settings: Settings) -> Callable[[], llm.Chat | None]:
    """What makes the settings' model when it is first needed. Raises ModelMissing and SettingError at once."""
    name = model_name(settings)
    if name == NONE:
        return lambda: None
    if settings.base_url:
        return lambda: llm.hosted(name, settings.base_url, settings.api_key, settings.timeout)
    path = models.path(name, Path(settings.models), models.CHAT)
    return lambda: llm.embedded(name, path, settings.threads)


def model_name(settings: Settings) -> str:
    """The model that the settings choose: ``auto`` is the default local model where its file is, otherwise none."""
    if settings.model != AUTO:
        return settings.model
    if settings.base_url:
        raise SettingError("JUSHI_BASE_URL is set but no model is named: set JUSHI_MODEL (or --model) to its name.")
    here = Path(settings.models) / models.find(DEFAULT_LOCAL_MODEL).file
    return DEFAULT_LOCAL_MODEL if here.is_file() else NONE


def usable_models(settings: Settings) -> tuple[str, ...]:
    """The models that can be chosen without a download: that of the settings first, the local ones, ``none`` last."""
    here = [
        one.model.name for one in models.listing(Path(settings.models)) if one.model.kind == models.CHAT and one.present
    ]
    local = [] if settings.base_url else here  # an endpoint serves the models that it names itself
    return tuple(dict.fromkeys([model_name(settings), *local, NONE]))


def needed_models(settings: Settings) -> tuple[str, ...]:
    """The local models that the settings would use and that can be fetched: the bundled embedder, a chat model."""
    embedders = (embed.BUNDLED,) if settings.embedder == embed.BUNDLED else ()
    if settings.base_url or settings.model == NONE or settings.model.endswith(".gguf"):
        return embedders
    return *embedders, DEFAULT_LOCAL_MODEL if settings.model == AUTO else settings.model
