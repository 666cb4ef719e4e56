"""The results that ``jushi evals`` left in a folder in, how right each model was out: shown beside the model's name.

A results file is JSON lines: a header that names the model, then an answer a line with its ``verdict``. Files that are
none, or not whole, are passed over: they are another program's.
"""

import json
from pathlib import Path
from typing import Final

_MOST_FILES: Final = 20  # the newest results that are looked at
_LARGEST: Final = 32 << 20  # bytes: an answer has about 4 kB, the gold set some hundred
_UNSCORED: Final = "unscored"


def measured(folder: Path) -> dict[str, str]:
    """For each model the share of right answers in its newest results, with how many questions they had."""
    found: dict[str, str] = {}
    if not folder.is_dir():
        return found
    files = sorted(folder.glob("*.jsonl"), key=lambda one: one.stat().st_mtime, reverse=True)
    for path in files[:_MOST_FILES]:
        model, verdicts = _read(path)
        if model and verdicts:
            right = round(100 * sum(one == "correct" for one in verdicts) / len(verdicts))
            found.setdefault(model, f"实测 {right}%（{len(verdicts)} 题）")
    return found


def _read(path: Path) -> tuple[str, list[str]]:
    if path.stat().st_size > _LARGEST:
        return "", []
    try:
        lines = [json.loads(row) for row in path.read_text("utf-8").splitlines() if row.strip()]
        model = str(lines[0]["header"]["model"])
        return model, [str(one["verdict"]) for one in lines[1:] if one["verdict"] != _UNSCORED]
    except (OSError, ValueError, LookupError, TypeError):  # no results file, or one that is being written
        return "", []
