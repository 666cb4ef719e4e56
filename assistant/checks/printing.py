"""One story in, doubts about its print out: lost points, digits that agree but for it, words that are no terms."""

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Final

from assistant import figures, sentences
from assistant.checks.doubt import EXTENSIVE, METRICS, NUMBER, Sentence, amount, base, decimals, found, reading
from assistant.records import Account, Bound, Claim, Suspicion


def precision(account: Account, rows: tuple[Sentence, ...]) -> Iterator[Suspicion]:
    """A row of measured amounts in one unit, one with decimals, the larger ones without: a point may be lost."""
    for row in rows:
        masses = [c for c in row.claims if c.figure.kind == "mass" and c.figure.bound is Bound.EXACT]
        if len(masses) < 2 or not re.search("排放|含量|浓度|检出", row.text):
            continue
        texts = [NUMBER.search(c.figure.text) for c in masses]
        fine = [
            c
            for c, t in zip(masses, texts, strict=True)
            if t and "." in t.group() and len(t.group().split(".")[1]) >= 2
        ]
        whole = [
            c
            for c, t in zip(masses, texts, strict=True)
            if t and t.group().isdigit() and len(t.group()) >= 3 and int(t.group()) % 100
        ]
        if fine and whole and len({c.figure.unit for c in masses}) == 1:
            yield found(
                account,
                "precision",
                "同列各数精度不一，无小数者或脱落小数点",
                "、".join(c.figure.text for c in masses),
                "、".join(reading(c, base(c)[1]).split("，")[0] for c in whole) or "",
                *whole,
            )


def leading_zero(account: Account, rows: tuple[Sentence, ...]) -> Iterator[Suspicion]:
    """04%, 019元: no number is printed so, but one whose point is lost; it is no figure, so no claim is made of it."""
    for row in rows:
        for match in _ZERO_FIRST.finditer(row.text):
            number, unit = match["number"], match["unit"]
            yield Suspicion(
                "lost-point",
                "数字以0开头而无小数点，不成数",
                f"{number}{unit}",
                f"疑为0.{number[1:]}{unit}，小数点或脱落",
                quotes=((account.file, row.text),),
            )


# not the 000 of 7，000亿元, 2023-08元, A01号, nor a time 08点
_ZERO_FIRST: Final = re.compile(
    r"(?<![0-9.,，:：A-Za-z\-—–/_第])(?P<number>0[0-9]{1,4})(?P<unit>%|‰|个百分点|[万亿]|元|亩|吨|公里|千米|米(?!兰)|公斤|斤|倍)"
)


def too_many_digits(account: Account, rows: tuple[Sentence, ...]) -> Iterator[Suspicion]:
    """1669303亿元: papers count in 亿 or 万亿 long before a number has seven digits."""
    for row in rows:
        for claim in row.claims:
            match = _LONG.search(claim.figure.text)
            if match and claim.figure.bound is Bound.EXACT:
                size = float(claim.figure.value)
                yield found(
                    account,
                    "lost-point",
                    f"“{match['scale']}”前有{len(match['number'])}位整数，报纸不如此计数",
                    f"{claim.figure.text}={amount(size)}",
                    reading(claim, base(claim)[1] / 100),  # two decimals, as such sums are printed
                    claim,
                )


_LONG: Final = re.compile(r"(?<![0-9.,])(?P<number>[0-9]{7,})(?P<scale>[万亿])")


def digits(account: Account, rows: tuple[Sentence, ...]) -> Iterator[Suspicion]:
    """The same row of digits before the same unit, a power of ten apart: one of them has lost or gained a point."""
    del rows
    printed: dict[tuple[str, str], list[Claim]] = {}
    for claim in account.claims:
        number = NUMBER.search(claim.figure.text)
        shown = number.group().replace(",", "").replace(".", "").strip("0") if number else ""
        if number and len(shown) >= _TELLING and claim.figure.kind in EXTENSIVE:
            printed.setdefault((shown, claim.figure.text[number.end() :]), []).append(claim)
    for like in printed.values():
        small = min(like, key=lambda claim: base(claim)[1])
        for large in like:
            times = base(large)[1] / base(small)[1] if base(small)[1] else 0
            if times in (10, 100, 1000):
                yield found(
                    account,
                    "power-of-ten",
                    "两数数字全同而差十的整倍，疑有小数点脱落",
                    f"{large.figure.text}÷{small.figure.text}={amount(times)}倍",
                    f"疑为{small.figure.text}",
                    large,
                    against=(small,),
                )


_TELLING: Final = 3  # digits of the shortest number that two prints do not share by chance


def siblings(account: Account, rows: tuple[Sentence, ...]) -> Iterator[Suspicion]:
    """甲、乙分别为24.18亿元、1711亿元: in a row of one unit, one without decimals is many times those with them."""
    for row in rows:
        for run in _runs(account, row.claims):
            for claim in run:
                others = [base(other)[1] for other in run if other is not claim]
                places = max(decimals(other) for other in run)
                if decimals(claim) or not places or not _point_lost(claim) or min(others) <= 0:
                    continue
                restored = base(claim)[1] / 10**places
                near = min(others) / _LIKE <= restored <= max(others) * _LIKE
                if near and base(claim)[1] >= max(others) * _UNLIKE:
                    yield found(
                        account,
                        "precision",
                        "并列各数都带小数，独此数无小数而大得多",
                        "、".join(other.figure.text for other in run),
                        reading(claim, restored, restored),
                        claim,
                        against=tuple(other for other in run if other is not claim),
                    )


_LIKE: Final = 4  # times that figures in a row differ, as a rule
_UNLIKE: Final = 8  # times beyond which one of them has lost its point more likely than it is so large


def _runs(account: Account, claims: Sequence[Claim]) -> Iterator[list[Claim]]:
    """Claims that follow each other with 、 or 和 alone between them, each of the same printed unit."""
    run: list[Claim] = []
    for claim in claims:
        between = account.text[run[-1].figure.end : claim.figure.start] if run else ""
        if run and re.fullmatch(r"\s?(?:、|和|与|及|以及|，)", between) and _unit(claim) == _unit(run[-1]):
            run.append(claim)
            continue
        if len(run) > 1:
            yield run
        run = [claim]
    if len(run) > 1:
        yield run


def _number(claim: Claim) -> str:
    number = NUMBER.search(claim.figure.text)
    return number.group() if number else ""


def _unit(claim: Claim) -> str:
    number = NUMBER.search(claim.figure.text)
    return claim.figure.text[number.end() :] if number else claim.figure.text


def habit(account: Account, rows: tuple[Sentence, ...]) -> Iterator[Suspicion]:
    """A story prints a unit with decimals, and one number, far above the others, without: its point may be lost."""
    del rows
    by_unit: dict[str, list[Claim]] = {}
    for claim in account.claims:
        if claim.figure.kind in EXTENSIVE or claim.figure.unit == "%":
            by_unit.setdefault(_unit(claim), []).append(claim)
    for unit, every in by_unit.items():
        places = [decimals(claim) for claim in every]
        usual = max((place for place in places if place), key=places.count, default=0)
        fine = len(places) - places.count(0)
        if fine < _HABIT or fine < 2 * (places.count(0) - 1):
            continue
        for claim in every:
            if decimals(claim) or not _point_lost(claim):
                continue
            others = [base(other)[1] for other in every if other is not claim]
            largest, value = max([Fraction(0), *others]), base(claim)[1]
            if unit == "%":
                told = value > max(Fraction(100), largest * 3 / 2) and bool(_AGGREGATE.search(claim.metric))
            else:
                long = len(_number(claim)) > _SHORT_NUMBER
                told = long and value > largest * _ABOVE and value / 10**usual <= largest * _LIKE
            if told:
                yield found(
                    account,
                    "precision",
                    f"同文他数以“{unit}”计者多带小数，独此数无小数而大得多（另{len(others)}个）",
                    claim.figure.text,
                    reading(claim, value / 10**usual),
                    claim,
                )


_HABIT: Final = 3  # figures with decimals that make a story's habit
_SHORT_NUMBER: Final = 3  # digits of a number that a writer may well print without decimals beside others with them
_ABOVE: Final = 4  # times the largest of them that a figure without a point must be
# what hardly ever more than doubles in a year; a firm's sales or a share's price may
_AGGREGATE: Final = re.compile(
    "产值|增加值|投资|出口|进口|贸易|消费|零售|收入|税|存款|贷款|用电|产量|接待|游客|企业数|产业|工业|制造业|服务业|比重|占|指数|价格"
)


def _point_lost(claim: Claim) -> bool:
    """Whether the number may be one that lost its point: three digits or more, the last of them not 0."""
    return re.fullmatch("[1-9][0-9]+[1-9]", _number(claim)) is not None


def headline(account: Account, rows: tuple[Sentence, ...]) -> Iterator[Suspicion]:
    """A figure of the headline that the text prints a power of ten away, and nowhere as it is."""
    del rows
    for figure in figures.find(account.headline):
        digits_of = str(figure.value).replace(".", "").strip("0")
        if figure.kind not in EXTENSIVE or len(digits_of) < 2:
            continue
        like = [c for c in account.claims if c.figure.unit == figure.unit and c.figure.value > 0]
        if any(c.figure.value == figure.value for c in like):
            continue
        for claim in like:
            ratio = max(claim.figure.value, figure.value) / min(claim.figure.value, figure.value)
            if ratio in (10, 100, 1000):
                yield found(
                    account,
                    "power-of-ten",
                    "标题与正文所印之数差十的整倍",
                    f"标题{figure.text}，正文{claim.figure.text}",
                    "其一疑有小数点或零脱落",
                    claim,
                )
                break


def likened(account: Account, rows: tuple[Sentence, ...]) -> Iterator[Suspicion]:
    """Money likened to trees: the steps between are left out."""
    unlike = METRICS["words"]["unlike"].split()
    for row in rows:
        for one, other in pairwise(row.claims):
            between = account.text[one.figure.end : other.figure.start]
            if (
                one.figure.unit == "元"
                and re.match("[，,]?(?:就?相当于|等于|等同于)", between)
                and other.figure.unit in unlike
            ):
                yield found(
                    account,
                    "incommensurable",
                    "金额与棵数不可直接等同，略去了折算的中间环节",
                    f"{one.figure.text}≙{other.figure.text}",
                    "",
                    one,
                    other,
                )


def rate_name(account: Account, rows: tuple[Sentence, ...]) -> Iterator[Suspicion]:
    """A rate whose name is none, but differs little from a usual one: a word may be misprinted."""
    known = set(METRICS["words"]["rates"].split())
    for row in rows:
        for claim in row.claims:
            if claim.figure.unit != "%":
                continue
            before = account.text[max(row.start, claim.figure.start - 14) : claim.figure.start]
            name = re.search(
                r"(?:^|[，。；、：的])([一-鿿]{4,6}率)(?:达到?|为|是|高达|约|超过?|降至|提升至|在)*$", before
            )
            if not name or name[1].endswith(
                tuple(word for word in known if len(word) > 3 and len(word) >= len(name[1]))
            ):
                continue
            near = [
                word
                for word in known
                if len(word) == len(name[1])
                and sum(a != b for a, b in zip(word, name[1], strict=True)) in (1, 2)
                and word[:2] == name[1][:2]
            ]
            if near:
                yield found(account, "term", f"“{name[1]}”不是通行的指标名", "", f"疑为“{near[0]}”", claim)


def papers(account: Account, rows: tuple[Sentence, ...]) -> Iterator[Suspicion]:
    """Two permits that differ in the word before them: 甲经营许可 in the headline, 乙经营许可 in the text."""
    del rows
    for paper in METRICS["words"]["papers"].split():
        if paper not in account.headline or paper not in account.text:
            continue
        named = re.compile(rf"([一-鿿]{{2}}){paper}(?!证)")
        head = {m[1] for m in named.finditer(account.headline)}
        body = {m[1]: m for m in reversed(list(named.finditer(account.text)))}
        other = [word for word in body if word not in head]
        if head and other and not any(word in account.headline for word in other):
            span = next(s for s in sentences.split(account.text) if s[0] <= body[other[0]].start() < s[1])
            quoted = ((account.file, account.headline), (account.file, account.text[span[0] : span[1]]))
            text = f"标题称“{next(iter(head))}{paper}”，正文称“{other[0]}{paper}”，两者不是一回事"
            yield Suspicion("text-conflict", text, reading="其一或有误，或两者并提，页面未说明", quotes=quoted)
