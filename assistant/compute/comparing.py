"""Rules for what is reckoned between sides: a question in, what it asks for out; None where a rule does not read it."""

import re
from typing import Final

from assistant.compute.asked import Asked, Operation
from assistant.compute.changing import GREW, MOVED
from assistant.compute.parting import SHORTEST_SIDE, around, bare, grouped, lists, parted, several, trimmed, unmoved
from assistant.compute.units_asked import unit_asked
from assistant.compute.words import ABOUT, MOVE, PART, SIZE, THAN, WHICH

_COMPARED: Final = re.compile(
    rf"(?:{WHICH})(?:的|企业|公司|园区)?(?P<metric>[^，,。？?：:；;]{{0,14}}?)(?:还|更|最|比较|较|要|为|又|得)*"
    rf"(?P<word>(?<!增)(?:{SIZE}))(?!少|数|学|型|于|达|率|速|幅)"
)
_HIGHER_OF: Final = re.compile(rf"(?P<word>{SIZE})(?:一些|一点|些)?的?(?:是|为)?(?:{WHICH})")
_WHETHER: Final = re.compile(
    rf"^(?P<a>.+?)(?:是否|是不是|有没有|到底)?(?:(?P<word>{SIZE})于|(?P<over>超过|赶上|低于|不如|不及)了?|{THAN}(?=.+(?:{SIZE})))"
    rf"(?P<b>.+?)(?P<than>{SIZE})?(?:了)?(?:吗|么|没有|没)?$"
)
_YES_NO: Final = re.compile(r"是否|是不是|有没有|吗$|么$|没有$")
_BIGGER: Final = re.compile(
    rf"^(?P<a>.+?){THAN}(?P<b>.+?)(?:还要|要|更|还|也)?{ABOUT}(?P<word>{SIZE}|{MOVE}|增|涨|降|减)(?:出|了|上|过|得)*"
    rf"{ABOUT}(?P<part>{PART})?(?(part)|(?:多少|几))"
)
_APART: Final = re.compile(r"相差|差了?(?:多少|几)|差距|差额|差值|之差|差别(?:是|为|有)?多|悬殊")
_LESS: Final = re.compile(r"^(?P<a>.+?)[，,]?(?:减去|减掉|扣掉)(?P<b>.+?)[，,]?(?:后|之后)?(?:还|等于|是|得|剩)")
_STILL: Final = re.compile(r"^(?P<a>.+?)(?:距离|距|离)(?P<b>.+?)(?:还|仍|尚)?(?:差|缺|少|有)(?:多少|几)")
_WITHOUT: Final = re.compile(
    r"(?:除去|除掉|去掉|扣除|扣掉|抛开|刨去|刨除|剔除|减去|撇开|不算|除了|除)(?P<b>[^，,]{2,40}?)(?:之外|以外|外|后|的话)?[，,]"
)
_BELOW: Final = re.compile(r"规模以下|规下")
_REST: Final = re.compile(r"其他|其它|其余|剩下|剩余|余下|还有|还剩|另外|只有|仅有")
_TOGETHER: Final = re.compile(r"合计|总计|共计|加起来|加在一起|加总|相加|之和|总和|加上|合起来")
_IN_ALL: Final = re.compile(r"一共|总共|共有|共(?=是|多少|几)")
_LATTER: Final = re.compile(
    rf"(?P<first>前者|后者)(?:大约|约)?(?:是|占|为|相当于|等于)(?:了|到)?(?:前者|后者)的?{ABOUT}(?P<part>{PART})"
)
_OF: Final = re.compile(
    rf"^(?P<a>.+?){ABOUT}(?:只|仅|才|能|就)?(?:是|为|相当于|等于|占到了?|占了?)(?P<b>.+?)的?{ABOUT}(?P<part>{PART})"
)
_AMONG: Final = re.compile(
    rf"^(?P<b>.{{1,120}}?)(?:(?:里面|当中|之中|里|中)[，,]?|[，,])(?P<a>.{{1,120}}?)(?:所占|占了?|占到了?)(?:的)?{ABOUT}(?P<part>{PART}|比例|比重)"
)


def compared(whole: str, last: str) -> Asked | None:
    """谁更高, 哪个多, 提升得更多的是哪个."""
    cue = _COMPARED.search(last) or _HIGHER_OF.search(last)
    if not cue:
        return None
    before, after = around(whole, last, cue)
    metric = cue.groupdict().get("metric") or ""
    splits = lists(before) or lists(after)
    if not splits:
        return None
    if _ORDERED.search(last) or "最" in cue[0]:
        longer = several(trimmed(before)) or several(trimmed(after))
        splits = tuple(dict.fromkeys((*longer, *splits)))
    # 增长更快 asks for the rates, which pages print; 提升更多 for the points between start and end
    moved = re.search(rf"{MOVE}|升|涨|降", metric) and (cue["word"] in "多大少小" or not re.search("增|涨", metric))
    operation = Operation.CHANGES if moved and not re.search(r"速|率|幅", metric) else Operation.COMPARE
    return Asked(operation, splits, whole, word=cue["word"])


_ORDERED: Final = re.compile(r"从(?P<high>[高大多快])到[低小少慢]|从[低小少慢]到[高大多快]|排序|排名|怎么排|如何排")


def ordered(whole: str, last: str) -> Asked | None:
    """甲、乙、丙的增速从高到低怎么排."""
    if not (cue := _ORDERED.search(last)):
        return None
    before, after = around(whole, last, cue)
    splits = tuple(several(trimmed(before)) or several(trimmed(after)))
    return Asked(Operation.COMPARE, splits, whole, word=cue["high"] or "高") if splits else None


def whether(whole: str, last: str) -> Asked | None:
    """A高于B吗, A是否超过B."""
    if not _YES_NO.search(last) or not (found := _WHETHER.match(whole)):
        return None
    word = found["word"] or found["than"] or {"低于": "低", "不如": "低", "不及": "低"}.get(found["over"] or "", "高")
    a, b = trimmed(found["a"]), trimmed(found["b"])
    if not a or not b:
        return None
    if word in "多大快少小" and re.search(MOVE, f"{found['a'][-4:]}{found['b'][-4:]}"):
        return Asked(Operation.CHANGES, ((unmoved(a), unmoved(b)),), whole, word=word)
    return Asked(Operation.COMPARE, grouped(a, b), whole, word=word, sure=False)


def latter(whole: str, last: str) -> Asked | None:
    """A和B相比，后者是前者的百分之几."""
    if not (cue := _LATTER.search(last)):
        return None
    pairs = parted(trimmed(around(whole, last, cue)[0]))
    splits = tuple((b, a) if cue["first"] == "后者" else (a, b) for a, b in pairs)
    return Asked(_of_part(cue["part"]), splits, whole) if splits else None


def bigger(whole: str, last: str) -> Asked | None:
    """A比B高多少, A比B多几倍."""
    found = _BIGGER.match(whole)
    if not found or not (_BIGGER.match(last) or whole != last):
        return None
    a, b = trimmed(found["a"]), trimmed(found["b"])
    if len(a) < SHORTEST_SIDE or len(b) < SHORTEST_SIDE:
        return None
    if re.search(MOVE, found["a"][-4:]) and found["word"] in "多大快少小" and not found["part"]:
        return Asked(Operation.CHANGES, ((unmoved(a), unmoved(b)),), whole, word=found["word"])
    operation = Operation.EXCEEDS if found["part"] else Operation.DIFFERENCE
    return Asked(operation, grouped(a, b), whole, word=found["word"])


def without(whole: str, _: str) -> Asked | None:
    """总产值里除去A，其他只有多少; 除A外，B还剩多少."""
    found = _WITHOUT.search(whole)
    if not found or not _REST.search(whole, found.end()) or not re.search("多少|几", whole[found.end() :]):
        return None
    b = trimmed(found["b"])
    a = trimmed(re.sub(r"(?:里面|当中|里|中)[，,]?$", "", whole[: found.start()]))
    if not a:
        rest = _REST.search(whole, found.end())
        a = trimmed(re.sub(r"(?:里面|当中|里|中)$", "", whole[found.end() : rest.start() if rest else len(whole)]))
    splits = ((a, b), *((a, *pieces) for pieces in several(b)))
    return Asked(Operation.REST, splits, whole) if a else None


def below(whole: str, last: str) -> Asked | None:
    """规模以下的企业有几家: all of them without those above."""
    if not _BELOW.search(last) or unit_asked(last) in ("", "%", "个百分点"):
        return None
    body = bare(whole)
    split = (trimmed(_BELOW.sub("", body)), trimmed(_BELOW.sub("规模以上", body)))
    return Asked(Operation.REST, (split,), whole)


def less(whole: str, _: str) -> Asked | None:
    """A减去B还差多少; A距离B还差多少."""
    found = _LESS.match(whole) or _STILL.match(whole)
    if not found:
        return None
    a, b = trimmed(found["a"]), trimmed(found["b"])
    return Asked(Operation.DIFFERENCE, grouped(a, b), whole, word="差") if a and b else None


def apart(whole: str, last: str) -> Asked | None:
    """A和B相差多少."""
    if not (cue := _APART.search(last)):
        return None
    splits = parted(trimmed(around(whole, last, cue)[0]))
    return Asked(Operation.DIFFERENCE, splits, whole, word="差") if splits else None


def together(whole: str, last: str) -> Asked | None:
    """A和B合计多少."""
    cue = _TOGETHER.search(last)
    grew = GREW.search(last) or MOVED.search(last)  # 总共增长了多少 adds nothing up
    looser = None if cue or grew else _IN_ALL.search(last)
    if not (cue or looser) or not re.search(r"多少|几|多大", last):
        return None
    match = cue or looser
    assert match is not None
    before, after = around(whole, last, match)
    body = trimmed(before) if match[0] != "加上" else trimmed(f"{before}、{after}")
    splits = tuple(several(body))
    if not splits and (looser or unit_asked(last) in ("", "元")):
        return None
    return Asked(Operation.SUM, splits or ((body,),), whole, sure=bool(cue) and bool(splits))


def ratio(whole: str, last: str) -> Asked | None:
    """A是B的几倍, A占B的百分之几, B里A占多大比例."""
    if unit_asked(last) == "个百分点":
        return None
    for rule in (_OF, _AMONG):
        found = rule.match(whole)
        if found and re.search(re.escape(found["part"]), last):
            a, b = trimmed(found["a"]), trimmed(found["b"])
            if len(a) >= SHORTEST_SIDE and len(b) >= SHORTEST_SIDE:
                operation = _of_part(found["part"])
                return Asked(operation, grouped(a, b), whole, sure=operation is Operation.RATIO)
    return None


def _of_part(part: str) -> Operation:
    return Operation.RATIO if "倍" in part else Operation.SHARE
