"""A question's words in, the ways to part them into sides out: 甲和乙, 甲、乙和丙, 甲比乙和丙合起来."""

import re
from typing import Final

from assistant.compute.words import MOVE

GROUP: Final = "\n"
"""Parts the members of a side that is to be added up first (甲和乙合起来)."""
_CONNECTOR: Final = re.compile(r"还是|以及|对比|[和与跟同及、，,或]|vs\.?|VS")
_TAIL: Final = re.compile(
    r"(?:相比(?:较|起来)?|比较(?:起来|一下)?|对比(?:起来|一下)?|比起来|放在一起|两者|二者|两项|两个|两家|两地|之间|分别|各自|[，,](?:这|近|过去)?[一二两三四五六七八九十\d]{1,2}年(?:间|里|来|内)|还|已|相|(?<![占同环])比|，|,|：|:|、|\s|的){1,12}$"
)
LEAD: Final = re.compile(
    r"^(?:请问|请|算一下|算算|计算一下|比较一下|比较|对比一下|对比|那么|那|，|,|、|\s|在|从|按照|按|照|如果|若|把|拿|和|与|跟|同|比起)+"
)
_DATE_ALONE: Final = re.compile(
    r"[\d年月日季度一二三四上下半前后个第至到—-]+|今年|去年|这几年|近年来?|最新|目前|如今|其中|[一二两三四五六七八九十\d]{1,2}年(?:之|以)?[前后]|当初|最初|原来"
)
_MOST_SPLITS: Final = 6
SHORTEST_SIDE: Final = 2


def parted(text: str) -> tuple[tuple[str, str], ...]:
    """Each way to part the text in two at a connector, those at a comma first."""
    ways: list[tuple[int, tuple[str, str]]] = []
    for match in _CONNECTOR.finditer(text):
        if _quoted(text, match.start()):
            continue
        left, right = trimmed(text[: match.start()]), trimmed(text[match.end() :])
        if len(left) >= SHORTEST_SIDE and len(right) >= SHORTEST_SIDE:
            comma = match[0] in "，,、还是" or text[match.start() - 1] in "，,"
            ways.append((0 if comma else 1, (left, right)))
    ways.sort(key=lambda way: way[0])
    pairs = [pair for _, pair in ways]
    # 2025年上半年，A和B: what stands before the comma is of both, and in the context anyway
    inner = [pair for pair in (_after_topic(a, b) for a, b in pairs) if pair]
    whole = [(a, b) for a, b in pairs if bool(_DATE_ALONE.fullmatch(a)) == bool(_DATE_ALONE.fullmatch(b))]
    return tuple(dict.fromkeys([*inner, *whole]))[:_MOST_SPLITS]


def _after_topic(a: str, b: str) -> tuple[str, str] | None:
    topic, _, rest = a.rpartition("，")
    rest = trimmed(rest)
    if not topic or len(rest) < SHORTEST_SIDE or _CONNECTOR.search(b):
        return None
    return rest, b


def trimmed(text: str) -> str:
    """The text without what leads in or trails off."""
    plain = LEAD.sub("", _TAIL.sub("", text)).strip("\"' ")
    return plain if plain.count("“") == plain.count("”") else plain.strip("“”")


def around(whole: str, last: str, cue: re.Match[str]) -> tuple[str, str]:
    """What stands before and after the cue in the whole question; the cue was found in its last turn."""
    at = len(whole) - len(last) if whole.endswith(last) else 0
    return whole[: at + cue.start()], whole[at + cue.end() :]


def lists(text: str) -> tuple[tuple[str, ...], ...]:
    """Each way to part what is left of the text in two."""
    return parted(_undated(trimmed(text)))


def _undated(text: str) -> str:
    """甲和乙，2025年: a time behind the last comma is of both, and in the context anyway."""
    body, _, tail = text.rpartition("，")
    dated = _DATE_ALONE.match(tail)
    return trimmed(body) if body and dated and not _CONNECTOR.search(tail) and len(tail) - dated.end() <= 2 else text


def several(text: str) -> list[tuple[str, ...]]:
    """The ways to part a list: at its marks and before its last, at every connector, then in two."""
    text = _undated(text)
    *first, last = _MARKS.split(text)
    ways = [[*first, *_CONNECTOR.split(last)], [*first, last], _CONNECTOR.split(text)]
    found: list[tuple[str, ...]] = []
    for way in ways:
        pieces = [trimmed(piece) for piece in way]
        while len(pieces) > 2 and _DATE_ALONE.fullmatch(pieces[0]):
            pieces = pieces[1:]
        if len(pieces) > 2 and all(len(piece) >= SHORTEST_SIDE for piece in pieces):
            found.append(tuple(pieces))
    return [*dict.fromkeys(found), *parted(text)]


_MARKS: Final = re.compile(r"[、，,]")
_GROUPED: Final = re.compile(
    r"(?:合起来|加起来|加在一起|合在一起|合计|总和|之和|相加|两者|二者|三者)(?:的|还|后)*(?:一共|总共)?"
)


def grouped(a: str, b: str) -> tuple[tuple[str, ...], ...]:
    """The ways to read two sides, one of which may be of several that are added up: 乙和丙合起来."""
    ways = [[a], [b]]
    for at, side in enumerate((a, b)):
        if _GROUPED.search(side):
            plain = trimmed(_GROUPED.sub("", side))
            ways[at] = [GROUP.join(pieces) for pieces in several(plain)] or [plain]
    return tuple((one, other) for one in ways[0] for other in ways[1])


def members(split: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The sides with those parted that are to be added up, and of how many each was."""
    parts = [side.split(GROUP) for side in split]
    return tuple(side for part in parts for side in part), tuple(len(part) for part in parts)


def unmoved(text: str) -> str:
    """提升幅度, 提升得: what changed, without that it did."""
    return trimmed(re.sub(rf"(?:的)?(?:{MOVE})(?:得|幅度|的幅度|了)?$", "", text)) or text


def bare(text: str) -> str:
    """The text up to what it asks (多少, 有几家)."""
    return trimmed(re.sub(r"(?:大约|大概)?(?:有|是|为|能|会)?(?:多少|几(?![年月天])).*$", "", text)) or trimmed(text)


def _quoted(text: str, at: int) -> bool:
    return text.count("“", 0, at) > text.count("”", 0, at)
