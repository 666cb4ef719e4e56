"""Query and an offered figure in, how likely it answers out, in log-odds: what the program declines by without a model.

The figure's own fit, how far it leads the next one, whether its year can be the one asked for, its unit, and what the
question speaks of that the sentence does not, weighted by a logistic regression: see ``WEIGHTS``.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from assistant import agreement, figures, pointing, thesaurus
from assistant.pointing import YEAR, Asked
from assistant.records import Evidence, Query

# Fitted by ``python -m evals.pointing --fit`` to 1,028 figures offered to questions of the pages and of three public
# sets, of which a sixth is not answered there. Each weight was held to the sign that its reason gives it. What the
# check tells against a figure's name and period was a sign too, and is no part of this: it is asked afterwards.
WEIGHTS: Final[Mapping[str, float]] = {
    "fit": 1.77,  # a tenth of the figure's fit
    "lead": 0.83,  # how much more it fits than the sentence's next one, a fifth of it and at most 1
    "margin": 1.23,  # how much better its sentence is than the best that points at another figure; 0 if none does
    "year": 2.22,  # the sentence can be of the year asked for
    "other_unit": -3.18,  # a unit is asked for, and the figure counts other things
    "near_unit": -0.94,  # it is counted by another word of the same family (多少台, 3辆)
    "strange": -1.41,  # share of the words before the figure that the question has not
    "elsewhere": -0.89,  # share of the question that later figures of the sentence bear
    "elsewhen": -1.06,  # its claim is surely of another period
    "measure_gone": -1.24,  # what the question measures (利润) is not spoken of here
    "other_measure": -0.62,  # the figure's own words measure something else (投资)
    "other_industry": -3.0,  # 五金产业 is asked of, and 铝产业 spoken of last; set by reason, as few questions show it
    "in_its_place": -3.0,  # both of the last two: 产值 where 税收 is asked of; set by reason, as few questions show it
    "mean_of_years": -3.0,  # 年均增长 where the growth of one year is asked for; set by reason
    "planned": -3.0,  # 预计2000万元 where it is asked what was done in fact; set by reason
    "absent": -4.15,  # share of the question's words, by weight, that stand neither in the sentence nor about it
}
BASE: Final = 0.90
_IMPLIED: Final = {
    **{"share": frozenset(("占比", "增速", "下降")), "area": frozenset(("面积",)), "power": frozenset(("装机",))},
    **{"energy": frozenset(("电",)), "temperature": frozenset(("温度",))},
}
_NEAR: Final = 120  # letters before the sentence that are read as its surroundings


def log_odds(asked: Asked, evidence: Sequence[Evidence], at: int) -> float:
    """The log-odds that the figure pointed at by ``evidence[at]`` answers. Raises ValueError where it is at none."""
    return BASE + sum(WEIGHTS[name] * value for name, value in read(asked, evidence, at).items())


def read(asked: Asked, evidence: Sequence[Evidence], at: int) -> dict[str, float]:
    """The signs of the figure pointed at, by the names of ``WEIGHTS``. ``evidence`` is best first."""
    one, query = evidence[at], asked.query
    sentence = (one.start, one.end)
    point = pointing.pointed(asked, one.passage, sentence)
    if point is None:
        raise ValueError("a sentence that points at no figure has no signs")
    near = f"{one.passage.source.title} {one.passage.text[max(0, one.start - _NEAR) : one.start]}"
    own = pointing.label(one.passage, sentence, point.figure)
    # 35.5% is a share, whatever its words call it
    measures = thesaurus.measures(query.text) - _IMPLIED.get(point.figure.kind, frozenset())
    told = thesaurus.measures(f"{own.before}#{own.after}")
    others = [
        one.score - other.score
        for other in evidence
        if other.pointed is not None and not figures.same(other.pointed, point.figure)
    ]
    claim = next((claim for claim in one.passage.claims if claim.figure == point.figure), None)
    subjects = " ".join(claim.subject for claim in one.passage.claims if one.start <= claim.figure.start < one.end)
    gone = bool(measures - thesaurus.measures(f"{near} {one.text}"))
    other = bool(measures) and bool(told) and not measures & told
    spoken = agreement.borne(query, f"{near} {subjects} {one.text}")
    return {
        "fit": point.fit / 10,
        "lead": min(point.lead, 5.0) / 5,
        "margin": max(0.0, min(1.0, *others)) if others else 0.0,
        "year": float(in_year(query, one)),
        "other_unit": point.signs["other_unit"],
        "near_unit": float(bool(query.unit) and not point.signs["unit"] and not point.signs["other_unit"]),
        "strange": point.signs["strange_before"],
        "elsewhere": point.signs["elsewhere"],
        "elsewhen": agreement.signs(query, one.passage, claim).get("elsewhen", 0.0),
        "measure_gone": float(gone),
        "other_measure": float(other),
        "in_its_place": float(gone and other),
        "other_industry": point.signs["other_industry"],
        "mean_of_years": float("年均" in own.before and len(query.years) == 1 and not _MEAN.search(query.text)),
        "planned": float(bool(_DONE.search(query.text)) and bool(_PLANNED.search(own.before))),
        "absent": 1 - asked.share(spoken),
    }


_DONE: Final = re.compile("实际|真正|已经|actual", re.IGNORECASE)
_PLANNED: Final = re.compile("预计|计划|力争|有望|拟|目标")
_MEAN: Final = re.compile("年均|平均|每年|以来|期间")
_LOOKS_BACK: Final = frozenset(("01", "02", "03"))


def in_year(query: Query, evidence: Evidence) -> bool:
    """Whether the sentence can be about an asked year: it prints it, or prints none and the page's date allows it."""
    if not query.years:
        return True
    source = evidence.passage.source
    before = f"{source.title}{evidence.passage.text[: evidence.start]}"
    printed = {int(year) for year in YEAR.findall(evidence.text)}
    page_year = int(source.date[:4]) if source.date else None
    relative = set()
    if page_year:
        words = ((("去年",), -1), (("今年", "目前", "当前", "近日", "截至"), 0), (("明年",), 1))
        relative = {page_year + shift for names, shift in words if any(name in evidence.text for name in names)}
    years = printed | relative
    if not years:
        years = {int(year) for year in YEAR.findall(before)} | ({page_year} if page_year else set())
        if page_year and source.date[5:7] in _LOOKS_BACK:
            years.add(page_year - 1)  # what a page of March tells without a date may be the year's that is over
    return not years or bool(years & set(query.years))
