"""A folder with a public benchmark in its converted form in, gold items with the passages to be read out.

``passages.jsonl`` has ``id``, ``text`` and perhaps ``title``; ``queries.jsonl`` has ``id``, ``question``, ``answers``,
``positive_ids``, ``type`` and what a set adds. These sets test reading: each item comes with its passages, and what
is retrieved is given. Beside our verdict stands what the benchmark's own scorer says.

    jushi evals --suite rgb=FOLDER      tags noise-0.0 … noise-0.8, rejection, integration, counterfactual
    jushi evals --suite finqa=FOLDER    FinCUGE: one passage; no_answer must be declined
    jushi evals --suite rageval=FOLDER  the passages that answer, with others of the same domain
    jushi evals --suite squad=FOLDER    spans in one passage, as in CMRC; also its original nested JSON

UHGEval's claims ask nothing: ``--suite uhgeval=FOLDER`` holds their keywords with digits against their articles, by
``evals.checking``.
"""

import json
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from rich.table import Table

from assistant import figures
from assistant.errors import SettingError
from assistant.records import Figure
from evals.gold import Fact, GoldItem, Kind
from evals.reading import DATED
from evals.score import Outcome

NOISE: Final = (0.0, 0.2, 0.4, 0.6, 0.8)  # RGB's own rates of passages that do not answer
READ: Final = 5  # passages that RGB gives to each question
BESIDE: Final = 3  # passages that do not answer, given beside those that do, for RAGEval
SEED: Final = 1  # so that every run is given the same passages
DECLINED: Final = frozenset({"无相应参数", "无法回答"})
MUST: Final = 12  # letters of an answer that has to be named word for word; a longer one is judged by its figures


@dataclass(frozen=True, slots=True)
class Text:
    """One passage of a set."""

    id: str
    text: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """An item with the passages that it is to be answered from."""

    item: GoldItem
    passages: tuple[Text, ...]


def load(named: str) -> tuple[Given, ...]:
    """The items of ``NAME=FOLDER``, in the set's order. Raises SettingError for a name, folder or file that is none."""
    name, _, folder = named.partition("=")
    if name not in _READERS or not folder:
        raise SettingError(f"--suite {named}: write NAME=FOLDER; the names: {', '.join(NAMES)}.")
    found = tuple(_READERS[name](Path(folder)))
    if not found:
        raise SettingError(f"--suite {named}: the folder holds no questions.")
    return found


# ---------------------------------------------------------------------- the sets


def _rgb(folder: Path) -> Iterable[Given]:
    """Each question at five rates of noise, its refusal with noise alone, and the planted false passages."""
    texts = _passages(folder)
    for query in _queries(folder):
        drawn = random.Random(f"{SEED} {query['id']}")
        right, noise = _texts(query, "positive_ids", texts), _texts(query, "negative_ids", texts)
        groups = tuple(tuple(group) for group in query["answer_groups"])
        if query["type"] == "counterfactual":
            planted = _texts(query, "counterfactual_ids", texts)
            item = _named(query, groups, ("counterfactual",))
            yield Given(item, tuple(_mixed(drawn, planted, noise, READ)))
            continue
        tag = "integration-" if query["type"] == "integration" else "noise-"
        for rate in NOISE:
            count = READ - round(READ * rate)
            first = _one_of_each(query, texts, right)[:count] if query["type"] == "integration" else []
            kept = first + [text for text in drawn.sample(right, len(right)) if text not in first]
            mixed = _mixed(drawn, kept[:count], noise, READ)
            yield Given(_named(query, groups, (f"{tag}{rate}",), f"{query['id']}@{rate}"), tuple(mixed))
        if query["type"] == "noise" and len(noise) >= READ:
            refused = _item(query, Kind.UNANSWERABLE, (), ("rejection",), f"{query['id']}@1.0")
            yield Given(refused, tuple(drawn.sample(noise, READ)))


def _one_of_each(query: Mapping[str, Any], texts: Mapping[str, Text], right: Sequence[Text]) -> list[Text]:
    """A passage for each part of an answer that is spread over several."""
    groups = query.get("positive_groups") or [[text.id for text in right]]
    return [texts[group[0]] for group in groups if group and group[0] in texts]


def _mixed(drawn: random.Random, first: Sequence[Text], noise: Sequence[Text], size: int) -> list[Text]:
    kept = list(first)[:size]
    rest = [text for text in noise if text not in kept]
    kept += drawn.sample(rest, min(len(rest), size - len(kept)))
    drawn.shuffle(kept)
    return kept


def _finqa(folder: Path) -> Iterable[Given]:
    texts = _passages(folder)
    for query in _queries(folder):
        declined = query["type"] == "no_answer" or set(query["answers"]) <= DECLINED
        groups = tuple((answer,) for answer in query["answers"])
        tags = (query["type"],)
        item = _item(query, Kind.UNANSWERABLE, (), tags) if declined else _named(query, groups, tags)
        yield Given(item, tuple(_texts(query, "positive_ids", texts)))


def _rageval(folder: Path) -> Iterable[Given]:
    """Short answers by their words, long ones by the figures in them; what has neither is left unscored."""
    texts = _passages(folder)
    everything = list(texts.values())
    for query in _queries(folder):
        drawn = random.Random(f"{SEED} {query['id']}")
        right = _texts(query, "positive_ids", texts)
        beside = [text for text in drawn.sample(everything, BESIDE + len(right)) if text not in right][:BESIDE]
        passages = [*right, *beside]
        drawn.shuffle(passages)
        if query["type"] == "unanswerable":
            yield Given(_item(query, Kind.UNANSWERABLE, (), ("unanswerable",)), tuple(passages))
            continue
        answer = query["answers"][0].rstrip("。. ")
        facts = _facts(answer, query["question"])
        if facts:
            kind = Kind.FIGURE if len(facts) == 1 else Kind.MULTI_FIGURE
            item = _item(query, kind, (), (query["type"],), facts=facts)
        else:
            groups = ((answer,),) if len(answer) <= MUST else ()
            item = _item(query, Kind.TEXT, groups, (query["type"],))
        yield Given(item, tuple(passages))


def _facts(answer: str, question: str) -> tuple[Fact, ...]:
    """The figures of an answer that its question did not give, years and days aside."""
    given = figures.find(question)
    found: list[Fact] = []
    for figure in figures.find(answer):
        known = any(figures.same(figure, other, bounds=False) for other in given)
        if not known and figure.unit not in DATED and all(figure.value != one.value for one in found):
            found.append(Fact(figure.value, figure.unit, figure.bound, figure.text))
    return tuple(found)


def _squad(folder: Path) -> Iterable[Given]:
    """The converted form, or every ``*.json`` of the original: data → paragraphs → qas."""
    if (folder / "queries.jsonl").is_file():
        texts = _passages(folder)
        for query in _queries(folder):
            item = _named(query, (tuple(query["answers"]),), (query.get("type", "span"),))
            yield Given(item, tuple(_texts(query, "positive_ids", texts)))
        return
    for path in sorted(folder.glob("*.json")):
        try:
            data = json.loads(path.read_text("utf-8"))["data"]
            for article in data:
                for paragraph in article["paragraphs"]:
                    text = Text(str(paragraph.get("id", "")), paragraph["context"], article.get("title", ""))
                    for asked in paragraph["qas"]:
                        answers = tuple(dict.fromkeys(answer["text"] for answer in asked["answers"]))
                        query = {"id": asked["id"], "question": asked["question"], "answers": answers}
                        silent = asked.get("is_impossible") or not answers
                        item = (
                            _item(query, Kind.UNANSWERABLE, (), ("span",))
                            if silent
                            else _named(query, (answers,), ("span",))
                        )
                        yield Given(item, (text,))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise SettingError(f"{path} is no SQuAD file: {type(error).__name__} {error}.") from error


_READERS: Final[dict[str, Callable[[Path], Iterable[Given]]]] = {
    "rgb": _rgb,
    "finqa": _finqa,
    "rageval": _rageval,
    "squad": _squad,
}
CLAIMS: Final = "uhgeval"
NAMES: Final = (*_READERS, CLAIMS)


# ---------------------------------------------------------------------- what the benchmarks' own scorers say


def substring(item: GoldItem, text: str) -> float:
    """RGB's rule: every group by one of its phrases as a substring; 12.3% passes for 2.3%."""
    if not item.must_mention:
        return 0.0
    plain = text.lower()
    return float(all(any(phrase.lower() in plain for phrase in group) for group in item.must_mention))


def overlap(item: GoldItem, text: str) -> float:
    """CMRC's F1 for the best answer: the longest run of letters in common, against the lengths of both."""
    return max((_f1(_letters(phrase), _letters(text)) for phrase in item.acceptable), default=0.0)


def _f1(wanted: str, told: str) -> float:
    if not wanted or not told:
        return 0.0
    common = _longest_common(wanted, told)
    if not common:
        return 0.0
    precision, recall = common / len(told), common / len(wanted)
    return 2 * precision * recall / (precision + recall)


def _longest_common(one: str, other: str) -> int:
    best, row = 0, [0] * (len(other) + 1)
    for letter in one:
        former = 0
        for place, beside in enumerate(other, 1):
            kept = row[place]
            row[place] = former + 1 if letter == beside else 0
            best, former = max(best, row[place]), kept
    return best


def _letters(text: str) -> str:
    return "".join(letter for letter in text.lower() if letter.isalnum())


def table(records: Sequence[Mapping[str, Any]], items: Mapping[str, GoldItem]) -> Table:
    """Each setting's share right by our verdict, beside what the benchmark's own scorers say of the same answers."""
    shown = Table(
        title="按设置：我们的判定与基准自带的评分", caption="子串：RGB的规则；F1：CMRC的规则；错数：答出的数不是所问的"
    )
    for label in ("设置", "题数", "正确", "错数", "拒答", "子串", "F1"):
        shown.add_column(label, justify="left" if label == "设置" else "right")
    for tag in sorted({tag for record in records for tag in record["tags"]}):
        rows = [record for record in records if tag in record["tags"]]
        told = [(items[record["item"]], "" if record["declined"] else record["text"]) for record in rows]
        scored = [record for record in rows if record["verdict"] != Outcome.UNSCORED]
        shown.add_row(
            tag,
            str(len(rows)),
            _share(sum(record["verdict"] == Outcome.CORRECT for record in scored), len(scored)),
            _share(sum(bool(record["wrong_figure"]) for record in scored), len(scored)),
            _share(sum(bool(record["declined"]) for record in rows), len(rows)),
            f"{sum(substring(item, text) for item, text in told) / len(told):.1%}",
            f"{sum(overlap(item, text) for item, text in told) / len(told):.3f}",
        )
    return shown


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "–"


# ---------------------------------------------------------------------- files


def _named(
    query: Mapping[str, Any], groups: tuple[tuple[str, ...], ...], tags: tuple[str, ...], identity: str = ""
) -> GoldItem:
    """An item whose answers must be named; one figure with its unit is judged by value, so 12.3% is no 2.3%."""
    if len(groups) == 1:
        read = [figures.find(phrase) for phrase in groups[0]]
        whole = [found[0] for found, phrase in zip(read, groups[0], strict=True) if _is_whole(found, phrase)]
        if len(whole) == len(read) and len({(figure.value, figure.unit) for figure in whole}) == 1:
            fact = Fact(whole[0].value, whole[0].unit, whole[0].bound, whole[0].text)
            return _item(query, Kind.FIGURE, groups, tags, identity, (fact,))
    return _item(query, Kind.TEXT, groups, tags, identity)


def _is_whole(found: Sequence[Figure], phrase: str) -> bool:
    """Whether the phrase is one figure and nothing else, with a unit that is no date's."""
    return len(found) == 1 and found[0].text == phrase.strip() and bool(found[0].unit) and found[0].unit not in DATED


def _item(
    query: Mapping[str, Any],
    kind: Kind,
    groups: tuple[tuple[str, ...], ...],
    tags: tuple[str, ...],
    identity: str = "",
    facts: tuple[Fact, ...] = (),
) -> GoldItem:
    return GoldItem(
        id=identity or query["id"],
        question=query["question"],
        type=kind,
        facts=facts,
        must_mention=groups,
        tags=tags,
        acceptable=tuple(query.get("answers", ())),
    )


def _texts(query: Mapping[str, Any], name: str, texts: Mapping[str, Text]) -> list[Text]:
    return [texts[identity] for identity in dict.fromkeys(query.get(name, ())) if identity in texts]


def _passages(folder: Path) -> dict[str, Text]:
    rows = _rows(folder / "passages.jsonl")
    return {row["id"]: Text(row["id"], row["text"], row.get("title") or "") for row in rows}


def _queries(folder: Path) -> list[dict[str, Any]]:
    return _rows(folder / "queries.jsonl")


def _rows(path: Path) -> list[dict[str, Any]]:
    try:
        return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    except (OSError, ValueError) as error:
        raise SettingError(f"{path} cannot be read: {error}. A suite is a folder with passages and queries.") from error
