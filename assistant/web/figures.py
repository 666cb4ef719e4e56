"""What is wanted of the claims in, the figures' table, charts and doubts as HTML out."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from assistant import listing, periods
from assistant.checks.english import said
from assistant.errors import JushiError, SettingError
from assistant.listing import Listing, Row
from assistant.records import Claim, Suspicion, Told
from assistant.web.answer import marked_once
from assistant.web.chart import charts
from assistant.web.words import both, button, hidden, line

MOST: Final = 2000  # figures sorted and charted at a time: reading them with their doubts takes 0.2 s here
PAGE: Final = 50  # rows shown at a time
_OFFERED: Final = 200  # names offered while typing

Place = Callable[[Claim], Told | None]  # where a claim is printed


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader asks of the table: words and fields to filter by, a column to sort by, a page of rows."""

    query: str = ""
    subject: str = ""
    metric: str = ""
    period: str = ""
    unit: str = ""
    file: str = ""
    doubted: bool = False
    sort: str = ""
    down: bool = False
    page: int = 0

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Asked":
        """What a query string asks; what it says beyond that is ignored."""
        words = {
            name: given.get(name, "")[:200].strip() for name in ("query", "subject", "metric", "period", "unit", "file")
        }
        number = given.get("page", "")
        at = int(number) if number.isdecimal() and len(number) < 6 else 0
        sort = given.get("sort", "") if given.get("sort", "") in _SORTS else ""
        return cls(**words, doubted=bool(given.get("doubted")), sort=sort, down=bool(given.get("down")), page=at)


def rows(opened: Listing, asked: Asked) -> tuple[list[Row], int]:
    """The rows asked for in their order, at most ``MOST`` of them, and how many there are.

    Raises JushiError for a period that is none.
    """
    sought = wanted(asked)
    found = list(opened.claims(sought, MOST))
    if asked.sort:
        found.sort(key=_SORTS[asked.sort], reverse=asked.down)
    return found, opened.count(sought) if len(found) == MOST else len(found)


def wanted(asked: Asked) -> Any:
    """What the fields ask for, as the listing takes it; JushiError, in a reader's words, for a period that is none."""
    names = ("subject", "metric", "period", "unit", "file")
    try:
        return listing.wanted(asked.query, **{name: getattr(asked, name) for name in names}, suspect=asked.doubted)
    except SettingError as error:
        told = f"时间“{asked.period}”读不懂：写 2024、2024-06、2024-06-30、2024年上半年 或 2021年以来。"
        raise JushiError(f"{told}（{error}）") from error


_SORTS: Final[dict[str, Callable[[Row], Any]]] = {
    "subject": lambda row: row.told.claim.subject,
    "metric": lambda row: row.told.claim.metric,
    "period": lambda row: str(row.told.claim.period.end or row.told.claim.period.start or ""),
    "figure": lambda row: (row.told.claim.figure.kind, row.told.claim.figure.unit, row.told.claim.figure.value),
    "source": lambda row: (row.told.date, row.told.file, row.told.start),
}
_HEADS: Final = (
    ("subject", "主体", "Subject"),
    ("metric", "指标", "Metric"),
    ("period", "时间", "Period"),
    ("figure", "数字", "Figure"),
    ("source", "出处", "Source"),
)


def table_html(found: Sequence[Row], count: int, asked: Asked) -> str:
    """A page of the table, with the charts of all rows found above it."""
    if not found:
        told = both("没有符合的数字。少写几个字，或去掉一个条件。", "No figure fits: ask for less.")
        return f'<p class="none" role="status">{told}</p>'
    last = (len(found) - 1) // PAGE
    at = min(asked.page, last)
    shown = found[at * PAGE : (at + 1) * PAGE]
    heads = "".join(_head(*one, asked) for one in _HEADS)
    body = "".join(_row(row) for row in shown)
    doubted = sum(bool(row.doubts) for row in found)
    told = both(
        f"共 {count} 个数字"
        + (f"，只列前 {MOST} 个，请缩小范围" if count > MOST else "")
        + (f"，{doubted} 个存疑" if doubted else ""),
        f"{count} figures"
        + (f", the first {MOST} are listed" if count > MOST else "")
        + (f", {doubted} doubtful" if doubted else ""),
    )
    table = f'<table class="figures ledger"><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>'
    drawn = charts([row.told for row in found], {row.told for row in found if row.doubts})
    return (
        f'{drawn}<p class="count" role="status">{told}</p>'
        f'<div class="scroll" role="region" aria-label="figures" tabindex="0">{table}</div>{_pager(at, last)}'
    )


_SORTABLE: Final = "↕\ufe0e"  # as a letter, not as a picture


def _head(name: str, chinese: str, english: str, asked: Asked) -> str:
    sorted_by = asked.sort == name
    state = ("descending" if asked.down else "ascending") if sorted_by else "none"
    sign = f'<span aria-hidden="true">{("▼" if asked.down else "▲") if sorted_by else _SORTABLE}</span>'
    down = "1" if sorted_by and not asked.down else ""
    return (
        f'<th scope="col" aria-sort="{state}"><button type="button" data-act="sort" data-sort="{name}" '
        f'data-down="{down}">{both(chinese, english)} {sign}</button></th>'
    )


def _row(row: Row) -> str:
    told, claim = row.told, row.told.claim
    when = periods.absolute(claim.period)
    guessed = (
        f' <span class="guess" title="规则推断，请核对 read by rule, please verify">{both("推断", "inferred")}</span>'
        if not claim.sure
        else ""
    )
    doubts = ""
    if row.doubts:
        reasons = [
            joint.join(
                told(doubt.text) + (f"（{doubt.arithmetic}）" if doubt.arithmetic else "") for doubt in row.doubts
            )
            for joint, told in (("；", str), ("; ", said))
        ]
        doubts = (
            f'<p class="doubt"><span aria-hidden="true">⚠</span> {hidden("存疑：", "Doubtful: ")}{both(*reasons)}</p>'
        )
    comparison = f' <span class="soft">{line(claim.comparison)}</span>' if claim.comparison else ""
    place = f'data-act="source" data-file="{line(told.file)}" data-from="{told.start}" data-to="{told.end}"'
    source = f"{line(told.paper)} {line(told.date)}"
    look = ' class="suspect"' if row.doubts else ""
    return (
        f'<tr{look}><td data-head="主体" data-head-en="Subject">{line(claim.subject) or "–"}{guessed}</td>'
        f'<td data-head="指标" data-head-en="Metric">{line(claim.metric) or "–"}{comparison}</td>'
        f'<td data-head="时间" data-head-en="Period">{line(when) or "–"}</td>'
        f'<td class="value" data-head="数字" data-head-en="Figure"><b>{line(claim.figure.text)}</b>{doubts}</td>'
        f'<td data-head="出处" data-head-en="Source"><button type="button" class="open" {place}>'
        f'{source or line(told.file)}<span class="soft"> {line(told.headline)}</span></button></td></tr>'
    )


def _pager(at: int, last: int) -> str:
    if not last:
        return ""
    before = button("上一页", "Previous", act="page", page=at - 1) if at else ""
    after = button("下一页", "Next", act="page", page=at + 1) if at < last else ""
    where = both(f"第 {at + 1} / {last + 1} 页", f"Page {at + 1} of {last + 1}")
    return f'<nav class="pager" aria-label="pages">{before}<span>{where}</span>{after}</nav>'


def names_html(found: Iterable[Row]) -> str:
    """What can be typed into the filters: the subjects, metrics and units that there are."""
    kept: dict[str, dict[str, None]] = {"subjects": {}, "metrics": {}, "units": {}}
    for row in found:
        claim = row.told.claim
        for name, word in (("subjects", claim.subject), ("metrics", claim.metric), ("units", claim.figure.unit)):
            if word and len(kept[name]) < _OFFERED:
                kept[name].setdefault(word)
    lists = []
    for name, words in kept.items():
        options = "".join(f'<option value="{line(word)}"></option>' for word in words)
        lists.append(f'<datalist id="{name}">{options}</datalist>')
    return "".join(lists)


# ------------------------------------------------------------------ doubts


def doubts_html(found: Sequence[Suspicion], place: Place) -> str:
    """Every doubt with what it doubts on the left and what that is held against on the right."""
    if not found:
        return f'<p class="none" role="status">{both("没有存疑之处。", "Nothing is doubted.")}</p>'
    count = both(
        f"共 {len(found)} 处存疑。数字一律照印，存疑只是提醒。",
        f"Doubts: {len(found)}. Figures stay as printed; a doubt is a hint.",
    )
    items = "".join(f"<li>{_doubt(one, place)}</li>" for one in found)
    return f'<p class="count" role="status">{count}</p><ol class="doubts">{items}</ol>'


def _doubt(one: Suspicion, place: Place) -> str:
    sides = [[place(claim) for claim in side] for side in (one.claims, one.witnesses)]
    held, against = ([told for told in side if told is not None] for side in sides)
    if len(held) > 1 and not against:
        held, against = held[:1], held[1:]
    rest = [quote for quote in one.quotes if not any(quote[1] in told.sentence for told in (*held, *against))]
    left = "".join(map(_side, held)) or "".join(map(_quoted, rest[:1]))
    right = "".join(map(_side, against)) or ("" if held else "".join(map(_quoted, rest[1:2])))
    sums = f'<p class="sum"><code>{line(one.arithmetic)}</code></p>' if one.arithmetic else ""
    reading = f'<p class="reading">{both(one.reading, said(one.reading))}</p>' if one.reading else ""
    pair = f'<div class="pair{"" if right else " alone"}">{left}{right}</div>'
    english = said(one.text)
    head = both(one.text, f"{english[:1].upper()}{english[1:]}")
    return f'<h3><span aria-hidden="true">⚠</span> {head}</h3>{sums}{reading}{pair}'


def _side(told: Told) -> str:
    quote = marked_once(told.sentence, told.claim.figure.text)
    claim = told.claim
    what = " · ".join(part for part in (claim.subject, claim.metric, periods.absolute(claim.period)) if part)
    place: dict[str, str | int] = {"act": "source", "file": told.file, "from": told.start, "to": told.end}
    return (
        f'<div class="side"><p class="big">{line(claim.figure.text)}</p><p class="soft">{line(what)}</p>'
        f"<blockquote>{quote}</blockquote>{button('翻到原版', 'Open the page', 'open', **place)}"
        f'<p class="soft">{line(told.paper)} {line(told.date)} {line(told.headline)}</p></div>'
    )


def _quoted(quote: tuple[str, str]) -> str:
    file, words = quote
    return f'<div class="side"><blockquote>{line(words)}</blockquote><p class="soft">{line(file)}</p></div>'
