"""What readers thought of answers in (``reactions.jsonl``, which the page writes), gold items proposed from it out.

The facts are the claims that the index holds where the answer was cited. Of an answer that a reader found right they
are those that it stated; of one found wrong, those beside it that it did not state, tagged ``unsure``: the reader's
reason, in the note, tells which it is. What makes no item is handed back with the cause, for a person to write.

    jushi evals draft --reactions data/reactions.jsonl --out mine.jsonl
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from assistant import figures
from assistant.errors import SettingError
from assistant.records import Figure, Told
from evals.draft import Item, fact

Reaction = dict[str, Any]

_WANTED: Final = ("right", "reason", "question", "text", "declined", "citations", "figures")
_CHINESE: Final = re.compile("[\u4e00-\u9fff]")


def read(path: Path) -> list[Reaction]:
    """The last reaction to each question, in order. Raises SettingError for a file that holds none."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(f"{path} cannot be read: {error}. The page writes it as its index's reactions.jsonl.") from (
            error
        )
    last: dict[str, Reaction] = {}
    for number, row in enumerate(lines, 1):
        if not row.strip():
            continue
        try:
            one = json.loads(row)
            missing = [name for name in _WANTED if name not in one]
        except (ValueError, TypeError) as error:
            raise SettingError(f"{path}:{number} is no reaction: {error}.") from error
        if missing:
            raise SettingError(f"{path}:{number} is no reaction: {', '.join(missing)} is missing.")
        asked = json.dumps([one["question"], one.get("history", [])])
        last.pop(asked, None)
        last[asked] = one
    if not last:
        raise SettingError(f"{path} holds no reactions yet.")
    return list(last.values())


def items(reactions: Iterable[Reaction], rows: Sequence[tuple[Told, bool]]) -> tuple[list[Item], list[str]]:
    """The proposals in the project's form, and a line for each reaction that makes none."""
    made: list[Item] = []
    left: list[str] = []
    for one in reactions:
        cited = [row for row in rows if any(_within(row[0], citation) for citation in one["citations"])]
        item = _item(one, cited, len(made) + 1)
        if item is None:
            why = one["reason"] or ("答对了，但没有可引的数字" if one["right"] else "没有写理由")
            left.append(f"{one['question']}：{why}")
        else:
            made.append(item)
    return made, left


def _item(one: Reaction, cited: Sequence[tuple[Told, bool]], number: int) -> Item | None:
    declined_rightly = one["declined"] and one["right"]
    stated = [figure for printed in one["figures"] for figure in figures.find(printed)]
    about = [] if declined_rightly else [row for row in cited if _states(stated, row[0]) == one["right"]]
    stories = list(dict.fromkeys(f"{told.file}#{told.headline}" for told, _ in (about or cited)))
    if not stories or not (about or declined_rightly):
        return None
    facts = list({told.claim.figure.text: fact(told) for told, _ in about}.values())
    unsure = not one["right"] or not all(told.claim.sure for told, _ in about) or len(facts) < len(stated)
    suspect = any(doubted for _, doubted in about)
    verdict = "读者说答得对" if one["right"] else "读者说有错"
    reason = f"：{one['reason']}" if one["reason"] else ""
    return {
        "id": f"reader-{number:03d}",
        "question": one["question"],
        "type": "unanswerable" if declined_rightly else "figure" if len(facts) == 1 else "multi_figure",
        "facts": facts,
        "stories": stories,
        "language": "zh" if _CHINESE.search(one["question"]) else "en",
        "history": [list(turn) for turn in one.get("history", [])],
        "note": f"{verdict}{reason}。当时答：{one['text']}",
        "tags": ["reader", *(["unsure"] if unsure else []), *(["suspect"] if suspect else [])],
    }


def _within(told: Told, citation: Mapping[str, Any]) -> bool:
    return bool(told.file == citation["file"] and citation["start"] <= told.start < citation["end"])


def _states(stated: Sequence[Figure], told: Told) -> bool:
    return any(figures.same(figure, told.claim.figure) for figure in stated)
