"""Claims in, charts of those that tell one measure at several times out: SVG bars from nought, each with its figure.

Only what can be compared is put side by side: the same subject, metric, way of comparing and unit; a figure that pages
print twice for one time stands once, and where they print it differently both stand.
"""

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Final

from assistant import periods
from assistant.records import Told
from assistant.web.words import both, line

_MOST: Final = 3  # charts above a table: more would hide it
_LEAST: Final = 2  # times that make a chart
_MOST_BARS: Final = 12
_BAR: Final = 30  # units of the drawing between one bar and the next
_LABEL: Final = 112  # for the time
_FIGURE: Final = 124  # for the figure
_WIDTH: Final = 440

_ENDS: Final = ("起点", "终点")  # of 从95.54亿元增长到130.32亿元: two times of one measure

Bar = tuple[str, Told]


def charts(found: Sequence[Told], doubted: Collection[Told] = ()) -> str:
    """The charts of the measures with most times, at most three; nothing where there is none.

    A figure that is ``doubted`` has a hollow bar: at a glance it would else weigh as much as the others.
    """
    groups: dict[tuple[str, ...], list[Told]] = {}
    for told in found:
        claim = told.claim
        if claim.subject and claim.metric and (claim.period.start or claim.period.end):
            ways = " ".join(way for way in claim.comparison.split() if way not in _ENDS)
            key = (claim.subject, claim.metric, ways, claim.figure.kind, claim.figure.unit)
            groups.setdefault(key, []).append(told)
    drawn = [(key, _bars(some)) for key, some in groups.items()]
    whole = sorted((one for one in drawn if len({when for when, _ in one[1]}) >= _LEAST), key=lambda one: -len(one[1]))
    shown = whole[:_MOST]
    drawings = "".join(_chart(key, bars, doubted) for key, bars in shown)
    note = both("横条自零起；点一条翻到原版。", "Bars begin at nought; a bar opens its page.")
    if any(told in doubted for _, bars in shown for _, told in bars):
        note += " " + both("⚠ 空心的存疑。", "⚠ Hollow ones are doubtful.")
    return f'<div class="charts">{drawings}<p class="soft">{note}</p></div>' if drawings else ""


def _bars(some: Sequence[Told]) -> list[Bar]:
    kept: dict[tuple[str, Decimal], Told] = {}
    for told in sorted(some, key=lambda one: str(one.claim.period.end or one.claim.period.start)):
        kept.setdefault((periods.absolute(told.claim.period), told.claim.figure.value), told)
    return [(when, told) for (when, _), told in kept.items()][-_MOST_BARS:]


def _chart(key: tuple[str, ...], bars: Sequence[Bar], doubted: Collection[Told]) -> str:
    subject, metric, comparison = key[:3]
    title = " ".join(part for part in (subject, metric, comparison) if part)
    values = [told.claim.figure.value for _, told in bars]
    low, high = min(Decimal(0), *values), max(Decimal(0), *values)
    span = (high - low) or Decimal(1)
    room = _WIDTH - _LABEL - _FIGURE
    nought = _LABEL + float(-low / span) * room
    drawn = []
    for at, (when, told) in enumerate(bars):
        value = told.claim.figure.value
        wide = max(abs(float(value / span)) * room, 1.5)
        left = nought if value >= 0 else nought - wide
        right, printed = max(left + wide, nought) + 6, line(told.claim.figure.text)
        top = at * _BAR + 4
        place = f'data-act="source" data-file="{line(told.file)}" data-from="{told.start}" data-to="{told.end}"'
        look, sign, heard = (' class="doubtful"', "⚠ ", " 存疑 doubtful") if told in doubted else ("", "", "")
        drawn.append(
            f'<g{look} {place} tabindex="0" role="button" aria-label="{line(when)} {printed}{heard}">'
            f'<rect class="reach" x="0" y="{top - 4}" width="{_WIDTH}" height="{_BAR}"></rect>'
            f'<text class="when" x="{_LABEL - 8}" y="{top + 16}" text-anchor="end">{line(when)}</text>'
            f'<rect class="bar" x="{left:.1f}" y="{top}" width="{wide:.1f}" height="{_BAR - 8}" rx="1"></rect>'
            f'<text class="figure" x="{right:.1f}" y="{top + 16}">{sign}{printed}</text></g>'
        )
    height = len(bars) * _BAR + 4
    axis = f'<line class="axis" x1="{nought:.1f}" x2="{nought:.1f}" y1="0" y2="{height}"></line>'
    drawing = (
        f'<svg viewBox="0 0 {_WIDTH} {height}" role="group" aria-label="{line(title)}">{axis}{"".join(drawn)}</svg>'
    )
    return f'<figure class="chart"><figcaption>{line(title)}</figcaption>{drawing}</figure>'
