"""Every error that Jushi raises on purpose, in one tree.

JushiError                  exit code 2 on the command line
├── SettingError            a setting, flag or jushi.toml that cannot be used
│   └── KeyRefused          a key that the endpoint does not take
├── PromptError             a prompt file that is missing, or whose variables differ
├── SourceError             a page that cannot be read
├── EngineFailed           workers that read pages in gave up
├── IndexMissing            no index where one is expected
├── IndexMismatch           an index made by another embedder, or by another version
├── StoreError              the index cannot be read or written
│   ├── StoreBusy           another process is writing it
│   ├── StoreAway           the Chroma server does not answer
│   └── IndexSpoiled        a file of it is damaged
├── EmbedderError           an embedder that is not installed, or cannot be loaded
├── GoldError               a gold set that cannot be read (raised in evals.gold)
├── Stopped                 a question that was taken back while it was answered
├── Busy                    too many wait already (raised in assistant.web)
└── ModelError              a chat model that cannot be used
    ├── ModelMissing        its file is not here
    ├── DownloadError       no source gave the file, or not the right one
    └── ModelUnreachable    the endpoint is dead, slow, or answers rubbish

Each message names the thing, the place and the next step.
"""


class JushiError(Exception):
    """Base of the tree; its text is fit to be shown to a user."""


class SettingError(JushiError):
    """A setting that cannot be used."""


class KeyRefused(SettingError):
    """A key that the endpoint does not take: nothing is answered until it is corrected."""


class PromptError(JushiError):
    """A prompt file that cannot be used."""


class SourceError(JushiError):
    """A page that cannot be read."""


class EngineFailed(JushiError):
    """Workers that read pages in gave up."""


class IndexMissing(JushiError):
    """No index where one is expected."""


class IndexMismatch(JushiError):
    """An index made by another embedder or version."""


class StoreError(JushiError):
    """The index cannot be read or written."""


class StoreBusy(StoreError):
    """Another process is writing the index."""


class StoreAway(StoreError):
    """The Chroma server that has the index does not answer."""


class IndexSpoiled(StoreError):
    """A file of the index is damaged."""


class EmbedderError(JushiError):
    """An embedder that cannot be loaded."""


class Stopped(JushiError):
    """A question that was taken back."""


class Busy(JushiError):
    """Too many wait already: to be asked again a little later."""


class ModelError(JushiError):
    """A chat model that cannot be used."""


class ModelMissing(ModelError):
    """A local model whose file is not here."""


class DownloadError(ModelError):
    """A model file that no source gave, or not the right one."""


class ModelUnreachable(ModelError):
    """An endpoint that is dead, slow, or answers rubbish."""
