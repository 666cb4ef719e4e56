"""What a text has named so far and a pronoun in, the names that it stands for out: 该公司, 园区, 全州, 我省, 该局.

A pronoun is the last name of its kind, or the topic where that is of its kind. 全省 and 我省 are the province of the
page (``Aliases.region``); with a body's noun after them (全省开发区) they are its bodies of that kind.
"""

import re
from dataclasses import dataclass, field
from typing import Final

from assistant import mentions
from assistant.records import Mention, NameKind

FIRM, PARK, PLACE, AGENCY, SITE = NameKind.FIRM, NameKind.PARK, NameKind.PLACE, NameKind.AGENCY, NameKind.SITE
COLLECTIVE: Final = "经开区|高新区|开发区|产业园区|工业园区|产业园|园区"
"""Bodies that a place has many of, alternatives of a pattern: 全省开发区."""
PRONOUN: Final = re.compile(
    r"(?P<firm>(?:该|这家|本)(?:公司|集团|企业|厂|车行|店|银行)|(?<![一-鿿”])(?:公司|集团|企业|车行)(?!数|名|家|类|之|主体|化|所得|级|们|与|和|的?合作)"
    r"|(?<=[了让使])(?:公司|集团|企业)(?=的|产)|我们(?:公司|集团|企业)?|(?<=[，。“])我(?=们|公司|厂)|店里|厂里)"
    r"|(?P<both>两家(?:公司|企业|链上企业|链上公司)|两家企业)"
    rf"|(?P<park>该(?:{COLLECTIVE}|集群)|(?:本)?(?<![一-鿿])(?:园区|经开区|高新区|开发区|产业园|集群|产业集群)(?!域|内|所有|企业)|(?<=目前，)园区|(?<=由)园区(?=企业)|(?<=[在到])这里)"
    r"|(?P<site>(?<![一-鿿])(?:该)?(?:基地|景区|项目)(?![一-鿿]{0,2}化)|该(?:基地|景区|项目|平台|活动|县局))"
    r"|(?P<agency>(?:该|我)(?:局|院|中心|委|厅|校|法庭|大队|工委|行|社|矿|厂|站|所|场|队|协会))"
    rf"|(?P<place>(?:全|该|我|本)[省市州县区镇乡村](?P<class>{COLLECTIVE})?)"
    r"|(?P<person>(?<![一-鿿])[他她](?!们))"
)
"""Where a pronoun may stand; the group tells its kind."""
_GROUPS: Final = {
    "firm": FIRM,
    "park": PARK,
    "site": SITE,
    "agency": AGENCY,
    "person": NameKind.PERSON,
}
_HOUSES: Final = re.compile("集团|银行|车行|厂")


@dataclass(slots=True)
class State:
    """What the reading has met so far: the topic, the last names of each kind, who works where, who tells the story."""

    region: str = ""
    topic: tuple[str, ...] = ()
    sure: bool = False
    widest: tuple[str, ...] = ()  # the first topic that is all bodies of a place: 全省开发区
    house: tuple[str, ...] = ()  # the last topic at a paragraph's end that was no person
    event: str = ""  # the last meeting that was held
    teller: str = ""  # the firm whose head tells the story in the first person
    last: dict[NameKind, list[str]] = field(default_factory=dict)
    places: list[str] = field(default_factory=list)
    orgs: dict[str, str] = field(default_factory=dict)

    def meet(self, mention: Mention) -> None:
        """Remember a name as the last of its kind."""
        row = self.places if mention.kind is PLACE else self.last.setdefault(mention.kind, [])
        name = self.full(mention)
        if name in row:
            row.remove(name)
        row.append(name)

    def full(self, mention: Mention) -> str:
        """The name that a mention stands for: 市生态环境局 is the 某市生态环境局 that was named before."""
        if mention.text[0] not in _LEVELS and mention.text[0] not in "县区":
            return mention.text
        named = (name for name in reversed(self.last.get(mention.kind, [])) if name.endswith(mention.text))
        return next(named, mention.text)

    def take(self, names: tuple[str, ...], sure: bool) -> None:
        """Make the names the topic."""
        self.topic, self.sure = names, sure
        if not self.widest and len(names) == 1 and re.search(rf"(?:{COLLECTIVE})$", names[0]) and self._is_place(names):
            self.widest = names

    def _is_place(self, names: tuple[str, ...]) -> bool:
        """Whether the name is a place's and a kind of body's alone: 贵州开发区, not 清镇经开区."""
        place = mentions.PLACE_NAME.match(names[0])
        return (
            place is not None
            and re.fullmatch(COLLECTIVE, names[0][place.end() :]) is not None
            and (place.group().endswith("省") or place.group() in mentions.PROVINCES)
        )


def resolve(match: re.Match[str], state: State) -> tuple[str, ...]:
    """The names that a match of ``PRONOUN`` stands for; empty if none of its kind has been met."""
    group, word = match.lastgroup or "", match.group()
    if match["place"]:
        place = _place(word[:2], state)
        return tuple(name + match["class"] for name in place) if match["class"] and place[0] != word[:2] else place
    if group == "both":
        return tuple(state.last.get(FIRM, [])[-2:])
    if group == "firm" and word.startswith("我"):
        return (state.teller,) if state.teller else state.topic
    if group == "agency":
        return _agency(word[1:], state)
    row = state.last.get(_GROUPS[group], [])
    if group == "firm":
        return _firm(word, row, state)
    if group == "site":
        return _site(word.removeprefix("该"), row, state)
    if group == "park" and "集群" in word:
        row = [name for name in state.last.get(SITE, []) if "集群" in name] or row
    return tuple(row[-1:])


def _firm(word: str, row: list[str], state: State) -> tuple[str, ...]:
    if word == "企业" and not any(name in row for name in state.topic):
        return ()  # 企业 in a story about a park is any firm
    row = row or state.last.get(SITE, []) or state.last.get(AGENCY, [])
    if state.topic and state.topic[0] in state.last.get(SITE, []) and "集群" not in state.topic[0]:
        return state.topic
    noun = _HOUSES.search(word)
    if noun and any(noun.group() in name for name in row):
        row = [name for name in row if noun.group() in name]
    held = [name for name in state.topic if name in row]
    return (held[0],) if held and len(state.topic) == 1 else tuple(row[-1:])


def _agency(noun: str, state: State) -> tuple[str, ...]:
    """该局 is the last name that ends in 局, of whatever kind: a power company's 供电局 is a firm."""
    held = [name for name in state.topic if name.endswith(noun)]
    if len(held) == 1:
        return (held[0],)
    rows = (state.last.get(kind, []) for kind in (AGENCY, FIRM, SITE))
    ending = [name for row in rows for name in row[-1:] if name.endswith(noun)]
    return tuple(ending[:1]) or tuple(state.last.get(AGENCY, [])[-1:])


def _site(noun: str, row: list[str], state: State) -> tuple[str, ...]:
    held = [name for name in row if name.endswith(noun)]
    if not held and noun == "基地" and state.places:
        return (re.split("[省市州县区镇乡](?=.{2})", state.places[-1])[-1] + noun,)
    return tuple(held[-1:]) or (tuple(row[-1:]) if noun != "项目" else ())


# 无锡市新吴区应急管理局 names 新吴区 too
_INNER: Final = {level: re.compile(f"[一-鿿]{{1,12}}?[^开园发高新小]{level}") for level in "省市州县区镇乡村"}
_LEVELS: Final = {"省": mentions.PROVINCES, "市": mentions.PREFECTURES, "州": mentions.PREFECTURES}


def _place(word: str, state: State) -> tuple[str, ...]:
    """全州 is the topic or the last 州 that was named; 全省 is the page's province; 我市 the city."""
    level = word[-1]
    if level == "省" and state.region:
        return (state.region,)
    for name in (*state.topic, *reversed(state.places)):
        if name.endswith(level) and mentions.PLACE_NAME.match(name):
            return (name,)
    short = _LEVELS.get(level, mentions.COUNTIES)
    for name in reversed(state.places):
        if name in short:
            return (name,)
    for row in state.last.values():
        for name in reversed(row):
            inner = _INNER.get(level, _INNER["县"]).match(name)
            if inner and mentions.PLACE_NAME.match(name):
                return (inner.group(),)
            found = next((place for place in short if name.startswith(place)), "")
            if found:
                return (found,)
    return (word,)
