"""Text in, the names in it out: firms, parks, places, agencies, sites, persons, told by their form alone.

A name ends in a suffix of its kind (有限公司, 经开区, 人民法院) and begins after the last word that cannot be in it; a
place is in the gazetteer; a person stands after a title or before a word of speech. The words are in ``names.toml``.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib import resources
from typing import Any, Final

from assistant.records import Mention, NameKind

FIRM, PARK, PLACE, AGENCY, SITE, PERSON = (
    NameKind.FIRM,
    NameKind.PARK,
    NameKind.PLACE,
    NameKind.AGENCY,
    NameKind.SITE,
    NameKind.PERSON,
)


DATA: Final[dict[str, Any]] = tomllib.loads(
    resources.files("assistant").joinpath("names.toml").read_text(encoding="utf-8")
)


def words(key: str) -> list[str]:
    """The words of one entry of ``names.toml``, the longest first."""
    return sorted(set(DATA[key].split()), key=lambda word: (-len(word), word))


def either(words: Iterable[str]) -> str:
    """A pattern that the longest of the words matches; grouped by first letter, so that few are tried at a place."""
    rows: dict[str, list[str]] = {}
    for word in sorted(set(words), key=lambda word: (-len(word), word)):
        rows.setdefault(word[0], []).append(re.escape(word[1:]))
    return "|".join(re.escape(head) + (f"(?:{'|'.join(row)})" if row != [""] else "") for head, row in rows.items())


PROVINCES: Final = frozenset(words("provinces"))
"""The provincial units of China, without their suffix."""


PREFECTURES: Final = frozenset(words("prefectures"))
"""Those of Guizhou."""


COUNTIES: Final = frozenset(words("counties"))
"""Those of Guizhou."""


PROVINCE_NAMES: Final = words("provinces")


GAZETTEER: Final = sorted(
    {
        *PROVINCE_NAMES,
        *words("prefectures"),
        *words("counties"),
        *words("cities"),
        *words("states"),
        *words("joint_places"),
    },
    key=lambda word: (-len(word), word),
)


_AMBIGUOUS: Final = frozenset(words("ambiguous"))


_PLACE_SUFFIX: Final = either(words("place_suffixes"))


_PLACE_ENDS: Final = tuple(words("place_suffixes"))
_PEOPLES: Final = "(?:苗族|侗族|布依族|土家族|仡佬族|彝族|回族|水族|瑶族|壮族|各族)*"


# 贵州镇远 is no 贵州镇: what follows a name is its suffix only if no other name begins there
PLACE_NAME: Final = re.compile(
    rf"(?:{either(GAZETTEER)})(?:{_PEOPLES}(?!{either(name for name in GAZETTEER if name.startswith(_PLACE_ENDS))})"
    rf"(?:{_PLACE_SUFFIX}))?"
)


_BELOW: Final = re.compile(r"(?:[一-鿿]{2,4}?(?:镇|乡|街道))?(?:[一-鿿]{2,3}村(?!民|里|级))?")


_SUFFIXES: Final = tuple(
    (kind, words(key))
    for kind, key in (
        (FIRM, "firm_suffixes"),
        (PARK, "park_suffixes"),
        (AGENCY, "agency_suffixes"),
        (SITE, "site_suffixes"),
    )
)


KIND_OF: Final = {suffix: kind for kind, row in _SUFFIXES for suffix in row}


_SUFFIX: Final = re.compile(either(KIND_OF))


_BREAKS: Final = re.compile(either(words("breaks")))


_UNBROKEN: Final = re.compile(either([*words("unbroken"), *GAZETTEER]))


_GENERIC: Final = frozenset(words("generic"))


TITLES: Final = either(words("titles"))
"""Alternatives of a pattern: the offices that stand before a person's name."""


_SPEECH: Final = either(words("speech"))


_SURNAME: Final = "[" + "".join(DATA["surnames"].split()) + "]|欧阳|上官|司马|诸葛"


_GIVEN: Final = "[一-鿿]{1,2}?"
_TITLED: Final = re.compile(
    rf"(?:{either([*words('titles'), '师傅', '博士'])})"
    rf"(?P<titled>(?:{_SURNAME}){_GIVEN})(?=[^一-鿿]|{_SPEECH}|看到|举着|手持|指着|算了|的|等|把|在|与|也|便"
    r"|来自|[种养看从到是每今带拿站走跑轻0-9])"
)
_IS: Final = rf"是[^，。；！？“”]{{0,14}}(?:{either(words('titles'))})"
_IS_TITLED: Final = re.compile(
    rf"(?<![一-鿿])(?:{_SURNAME})[一-鿿]{{1,2}}?(?={_IS}(?:[，。；]|$))"
)  # 王某是某镇的种植户
_POLITE: Final = re.compile(rf"(?:{_SURNAME})(?:先生|女士|大爷|奶奶|大姐)")
_SPOKE: Final = re.compile(rf"(?<![一-鿿])(?:{_SURNAME}){_GIVEN}(?=(?:{_SPEECH}))")


_NOT_AFTER: Final = {
    "局": "面势部限长地",
    "厂": "区房商家长址矿内外",
    "磷矿": "石山资开产业",
    "铁矿": "石山资开产业",
    "锰矿": "石山资开产业",
    "金矿": "石山资开产业",
    "港": "口澳",
    "市场": "化主监占份准价需供营环",
    "园区": "域",
    "中心": "思城",
    "大队": "伍",
    "集团": "军",
}


_WINDOW: Final = 26  # letters of the longest name that a paper prints in full


_HAN: Final = re.compile(r"[一-鿿A-Za-z0-9·]")


_KNOWN_FIRMS: Final = re.compile(either(words("known_firms")))
_HELD: Final = re.compile(r"(?:正式|隆重|圆满|成功)?(?:举行|举办|召开|启动|开幕|闭幕)")
_EVENT: Final = re.compile(
    r"(?P<event>[^，。；\n]{4,70}?(?:会|会议|活动|仪式|论坛|博览会|赛|节))(?:在[^，。；\n]{2,30}?)?"
)
_HELD_AFTER: Final = re.compile(
    r"(?:举办|举行|召开|开展|组织)了?(?P<event>[^，。；\n“”]{0,16}(?:“[^，。；\n”]{1,12}”)?[^，。；\n“”]{2,16}?"
    r"(?:大会|座谈会|推介会|洽谈会|对接会|招聘会|博览会|会议|论坛|活动|比赛|大赛|文化节|旅游节))(?=[，。；])"
)
_EVENT_WINDOW: Final = 104  # letters of the longest event with its place


_PROJECT: Final = re.compile(
    r"(?:(?P<named>这个|这一|该)|的|首个|将|建设|实施)(?P<project>[一-鿿]{4,20}?项目)(?![一-鿿]{0,3}(?:建设|资金|实施|化|书|库|清单|名单))"
)
_SHORTEST_PROJECT: Final = 4
# 贵州甲乙“制储运”一体化项目: from a place, over quotation marks, to the word that says what it is
_PLACED_PROJECT: Final = re.compile(
    r"[一-鿿]{2,8}“[一-鿿A-Za-z0-9—+-]{1,16}”(?:(?![把将在的了和与已正为是让使、])[一-鿿]){0,14}?项目"
)
_PLAIN: Final = frozenset(GAZETTEER)
_WATERS: Final = frozenset("河江湖桥路街湾")  # 水城河 is a river, not 水城
_NO_PROJECT: Final = re.compile(
    ".{0,8}(?:主要|聚焦|涉及|包括|推进|围绕|负责|参与|拥有)|重[大点]|产业|建设|投资|工业|招商|合作|有关|相关|一批|系列|各类|多个|优质|示范|[0-9]|[一两三四五六七八九十]个"
)


_BIG: Final = re.compile(r"等?[两三四五六七八九十]大[一-鿿]{2,8}")
_ITEMS: Final = re.compile(
    r"(?:^|[，。；：！？\n]|(?:其中|同期|以及)，?|[州市县区的])(?P<items>[一-鿿]{2,9}(?:、[一-鿿]{2,7}){1,6})$"
)
_ITEMS_WINDOW: Final = 70  # letters of the longest list of them


@lru_cache(maxsize=512)
def mentions(text: str) -> tuple[Mention, ...]:
    """Names that tell by their own form what they are, in order, without overlap; the longest where they nest."""
    found: list[Mention] = []
    for suffix in _SUFFIX.finditer(text):
        kind = KIND_OF[suffix.group()]
        start = _begin(text, suffix.start(), kind)
        core = text[start : suffix.start()]
        if text[suffix.end() : suffix.end() + 1] and text[suffix.end()] in _NOT_AFTER.get(suffix.group(), ""):
            continue
        if _is_name(core, suffix.group(), kind):
            found.append(Mention(start, suffix.end(), text[start : suffix.end()], kind))
    for place in PLACE_NAME.finditer(text):
        plain = place.group() in _PLAIN
        bare = plain and (place.group() in _AMBIGUOUS or text[place.end() : place.end() + 1] in _WATERS)
        if plain and (project := _PLACED_PROJECT.match(text, place.end())) and not _NO_PROJECT.match(project.group()):
            found.append(Mention(place.start(), project.end(), text[place.start() : project.end()], SITE))
        below = _BELOW.match(text, place.end()) if place.group()[-1] in "市州县区" else None
        end = below.end() if below else place.end()
        if not bare:
            found.append(Mention(place.start(), end, text[place.start() : end], PLACE))
    found += [Mention(*firm.span(), firm.group(), FIRM) for firm in _KNOWN_FIRMS.finditer(text)]
    found += _events(text)
    found += _projects(text)
    found += [Mention(*person.span("titled"), person["titled"], PERSON) for person in _TITLED.finditer(text)]
    found += [Mention(*person.span(), person.group(), PERSON) for person in _POLITE.finditer(text)]
    found += [Mention(*person.span(), person.group(), PERSON) for person in _SPOKE.finditer(text)]
    found += [Mention(*person.span(), person.group(), PERSON) for person in _IS_TITLED.finditer(text)]
    found += _listed(text)
    return longest(found)


def _events(text: str) -> Iterator[Mention]:
    """某某大会在某地召开: what is held stands between the mark before it and the verb."""
    for held in _HELD.finditer(text):
        floor = max(0, held.start() - _EVENT_WINDOW)
        clause = max(text.rfind(mark, floor, held.start()) for mark in "，。；\n日") + 1
        event = _EVENT.fullmatch(text, max(clause, floor), held.start())
        if event and (clause > floor or floor == 0):
            yield Mention(*event.span("event"), event["event"], SITE)
    for event in _HELD_AFTER.finditer(text):
        yield Mention(*event.span("event"), event["event"], SITE)


def _projects(text: str) -> Iterator[Mention]:
    for named in _PROJECT.finditer(text):
        if not _NO_PROJECT.match(named["project"]):
            cut = max(named["project"].rfind(word) for word in "的了") + 1  # 首个建成的秸秆发电项目
            cut = cut if len(named["project"]) - cut > _SHORTEST_PROJECT else 0
            yield Mention(named.start("project") + cut, named.end("project"), named["project"][cut:], SITE)


def _listed(text: str) -> Iterator[Mention]:
    """甲湖、乙山、丙寨三大景区: each of the list is a name."""
    for big in _BIG.finditer(text):
        listed = _ITEMS.search(text, max(0, big.start() - _ITEMS_WINDOW), big.start())
        if listed is None:
            continue
        at = listed.start("items")
        for item in listed["items"].split("、"):
            begin = max(at, at + len(item) - 9)
            inner = [m for m in PLACE_NAME.finditer(item) if m.start() == 0 and len(item) - m.end() >= 3]
            if inner and item[inner[-1].end() - 1] in "州市县区省":
                begin = at + inner[-1].end()
            yield Mention(begin, at + len(item), text[begin : at + len(item)], SITE)
            at += len(item) + 1


def longest(found: Iterable[Mention]) -> tuple[Mention, ...]:
    """Keep of mentions that overlap the longest one; the rest in order."""
    kept: list[Mention] = []
    taken: set[int] = set()
    # 远岭煤业有限公司指挥中心 is the firm's: a firm's full name is kept before what it holds
    for mention in sorted(found, key=lambda m: (not m.text.endswith("有限公司"), m.start - m.end, m.start)):
        if taken.isdisjoint(range(mention.start, mention.end)):
            taken.update(range(mention.start, mention.end))
            kept.append(mention)
    return tuple(sorted(kept, key=lambda m: m.start))


def _begin(text: str, suffix_start: int, kind: NameKind) -> int:
    """Where the name that ends in a suffix begins: after the last word that cannot be in it."""
    start = suffix_start
    while start > 0 and suffix_start - start < _WINDOW and _HAN.match(text[start - 1]):
        start -= 1
    window = text[start:suffix_start]
    guarded = [match.span() for match in _UNBROKEN.finditer(window)]
    cut = 0
    for match in _BREAKS.finditer(window):
        if any(a < match.end() and match.start() < b for a, b in guarded):
            continue
        if kind is PARK and match.group() in _AND:
            # 清镇市酒及酒器产业园: what is joined is what the park makes, not two places
            head = PLACE_NAME.match(window, cut)
            if head and match.start() > head.end() and not PLACE_NAME.match(window, match.end()):
                continue
        cut = match.end()
    if kind is FIRM:
        for match in _INNER_PARK.finditer(window, cut):  # 清镇经开区远岭卫浴: the firm stands in the park
            if len(window) - match.end() >= 3:
                cut = match.end()
    if dated := _DATED.match(window, cut):  # 2024年远岭茶业有限公司: the year is not the name's
        cut = dated.end()
    place = next((one for one in PLACE_NAME.finditer(window, cut) if one.group() not in _AMBIGUOUS), None)
    # 折射出清镇经开区: what stands before a place is no part of the name, unless it is a brand (云汉贵州能源科技公司)
    if place and place.start() > cut and (kind is not FIRM or place.start() - cut > _LONGEST_BRAND):
        cut = place.start()
    return start + cut


_DATED: Final = re.compile(r"(?:\d{2,4}年|\d{1,2}月|\d{1,2}日|[上下]半年|[一二三四]季度|今年|去年){1,3}(?=[一-鿿]{2})")
_LONGEST_BRAND: Final = 6
_AND: Final = frozenset(("及", "和", "与", "以及"))


_INNER_PARK: Final = re.compile("经开区|高新区|开发区|综保区|保税区|产业园|工业园")


def _is_name(core: str, suffix: str, kind: NameKind) -> bool:
    if len(core) < 2 or core in _GENERIC or (core[0] in _COUNTING and not PLACE_NAME.match(core) and len(core) < 3):
        return False
    if _NO_NAME.search(core):
        return False
    if suffix == "局" and core[-1] in _NO_BUREAU:
        return False
    # 出海口 holds a city's name, 海口供电局 begins with it
    placed = any(place.start() == 0 or place.group() not in _AMBIGUOUS for place in PLACE_NAME.finditer(core))
    if suffix in _WEAKEST and not placed:
        return False
    if suffix in _WEAK and not placed:
        return len(core) <= _FEW and not any(core.startswith(word) for word in _GENERIC) and core[-1] not in "进入出"
    if suffix in ("管委会", "管理委员会") and core[-1] not in "区园港州市县城":
        return False
    if core[-1] in "进入出不":
        return False
    if kind in (SITE, PARK):
        return len(core) <= 14 and (placed or len(core) <= 4)
    if suffix in ("有限公司", "有限责任公司", "股份有限公司", "集团有限公司"):
        return len(core) >= 3 or suffix != "有限公司"
    return not (core[0] in _COUNTING and not placed)


_NO_NAME: Final = re.compile("我们|你们|他们|今年|去年|某|什么")
_NO_BUREAU: Final = frozenset("布格开全大结破棋僵当时战变定政危困终书饭赌骗出入搅残")
_FEW: Final = 6


_COUNTING: Final = frozenset("0123456789两几多个各第每")


_WEAK: Final = frozenset(words("weak"))


_WEAKEST: Final = frozenset(words("weakest"))
