"""One story in, doubts about its print out: lost points, digits that agree but for it, words that are no terms."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from assistant import figures, sentences
from assistant.checks.doubt import EXTENSIVE, METRICS, NUMBER, Sentence, amount, base, found, reading
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


def digits(account: Account, rows: tuple[Sentence, ...]) -> Iterator[Suspicion]:
    """The same row of digits in the same unit, a power of ten apart: one of them has lost or gained a point."""
    del rows
    printed: list[tuple[str, Claim]] = []
    for claim in account.claims:
        number = NUMBER.search(claim.figure.text)
        shown = number.group().replace(",", "").replace(".", "").strip("0") if number else ""
        if len(shown) >= _TELLING and claim.figure.kind in EXTENSIVE:
            printed.append((shown, claim))
    for at, (shown, one) in enumerate(printed):
        for like, other in printed[at + 1 :]:
            if like != shown or base(one)[0] != base(other)[0]:
                continue
            small, large = sorted((one, other), key=lambda c: base(c)[1])
            if base(small)[1] and base(large)[1] / base(small)[1] in (10, 100, 1000):
                times = amount(base(large)[1] / base(small)[1])
                yield found(
                    account,
                    "power-of-ten",
                    "两数数字全同而差十的整倍，疑有小数点脱落",
                    f"{large.figure.text}÷{small.figure.text}={times}倍",
                    f"疑为{small.figure.text}",
                    large,
                    against=(small,),
                )


_TELLING: Final = 3  # digits of the shortest number that two prints do not share by chance


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
        named = re.compile(rf"([一-鿿]{{2}}){paper}(?!证)")
        head = {m[1] for m in named.finditer(account.headline)}
        body = {m[1]: m for m in reversed(list(named.finditer(account.text)))}
        other = [word for word in body if word not in head]
        if head and other and not any(word in account.headline for word in other):
            span = next(s for s in sentences.split(account.text) if s[0] <= body[other[0]].start() < s[1])
            quoted = ((account.file, account.headline), (account.file, account.text[span[0] : span[1]]))
            text = f"标题称“{next(iter(head))}{paper}”，正文称“{other[0]}{paper}”，两者不是一回事"
            yield Suspicion("text-conflict", text, reading="其一或有误，或两者并提，页面未说明", quotes=quoted)
