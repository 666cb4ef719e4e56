"""A story's text in, whose each place of it is out: the name that the sentence there is about.

A name becomes the topic where it stands at the head of a clause; it stays so over clauses and sentences until another
takes its place. 该公司, 园区, 全州 and their like are resolved to the last name of their kind; what is quoted is about
the speaker's firm; who speaks is no topic by that.
"""

import re
from dataclasses import dataclass, field
from typing import Final

from assistant import aliases, mentions, sentences
from assistant.aliases import Aliases
from assistant.records import Mention, NameKind

FIRM, PARK, PLACE, AGENCY, SITE, PERSON = (
    NameKind.FIRM,
    NameKind.PARK,
    NameKind.PLACE,
    NameKind.AGENCY,
    NameKind.SITE,
    NameKind.PERSON,
)
_CLAUSE: Final = re.compile(r"[^，；：。！？!?\n]+")
# what may stand before the head of a clause without being its subject
_LEAD: Final = re.compile(
    r"(?:[“”‘’「」『』（(《》\s—…·●■▲★▶*#-]|其中|同时|同期|此外|另外|目前|如今|眼下|现在|当前|今年|去年|明年|随着|近年来|连日来|日前|近日|此前|截至|截止"
    r"|据统计|数据显示|据了解|据悉|此次|本次|仅|走进|来到|位于|作为|对于|包括|到|而|但|在|与此同时|相比|据|记者从|记者在|了解到|获悉|下一步|未来|接下来|这是|因此|比如|例如"
    r"|特别是|尤其是|今年以来|以来|上半年|下半年|[一二三四]季度|全年|年初|年底|期间|这个|这一|“十[三四五]五”|[0-9]{1,4}[年月日至]+(?:[底初末份])?|[、和与及])*"
)
_SPEAKS: Final = re.compile(
    r"[^，。；：！？“”]{0,26}?(?:介绍|告诉|表示|坦言|认为|解释|感慨|称赞|点赞|透露|回忆|指出|强调|算了笔账|说)(?:[，：。道记“]|$)"
)
_TITLED: Final = re.compile(
    r"[^，。；：！？“”、]{0,16}(?:董事长|经理|负责人|总监|工程师|厂长|主任|局长|书记|行长|校长|会长|主管|组长|所长|队长|院长|师傅|工作人员|执法人员|站长|场长|店长)"
)
_NOT_HEAD: Final = re.compile(
    r"(?:与|和|同|跟|向|给|为|由|被|对|从|往|经|通过|交由|用于|返销给|输送到|驶向|入驻|赴|至|距|离|称|叫)[“‘]?$"
)
_JOINED: Final = re.compile(r"[、和与及]|以及")
_PRONOUN: Final = re.compile(
    r"(?P<firm>(?:该|这家|本)(?:公司|集团|企业|厂|车行|店|行|银行)|(?<![一-鿿”])(?:公司|集团|企业|车行)(?!数|名|家|类|之|主体|化|所得|级|们|与|和|的?合作)"
    r"|(?<=[了让使])(?:公司|集团|企业)(?=的|产)|我们(?:公司|集团|企业)?|(?<=[，。“])我(?=们|公司|厂)|店里|厂里)"
    r"|(?P<both>两家(?:公司|企业|链上企业|链上公司)|两家企业)"
    r"|(?P<park>(?:该|本)?(?<![一-鿿])(?:园区|经开区|高新区|开发区|产业园|集群|产业集群)(?!域|内|所有|企业)|该(?:园区|经开区|高新区|开发区|集群)|(?<=目前，)园区)"
    r"|(?P<site>(?<![一-鿿])(?:该)?(?:基地|景区|项目)(?![一-鿿]{0,2}化)|该(?:基地|景区|项目|平台|活动|县局))"
    r"|(?P<agency>该(?:局|院|中心|委|厅|校|法庭|大队|工委))"
    r"|(?P<place>(?:全|该|我|本)[省市州县区镇乡村])"
    r"|(?P<person>(?<![一-鿿])[他她](?!们))"
)
_OBJECT: Final = re.compile(r"(?:也|并|从而)?(?:使|让|帮助|助力?)其")
_SUCH: Final = re.compile("这样?一?[组串](?:数据|数字)|这份成绩单|这[组串]数[据字]")
_BELONGS: Final = re.compile("子公司|旗下|下属|所属|旗下的|下属的")
_ATTRIBUTE: Final = re.compile(r"[^，。；：、]{1,14}的")
_GOVERNS: Final = re.compile(r"(?:管理委员会|管委会|人民政府|党工委)$")
_HEADING: Final = 30  # letters of the longest heading that stands as a line of its own


@dataclass(frozen=True, slots=True)
class Topic:
    """Whose a stretch ``[start, end)`` of the text is: one name or several, and whether the rule was sure."""

    start: int
    end: int
    names: tuple[str, ...]
    sure: bool
    mentions: tuple[Mention, ...] = ()

    @property
    def name(self) -> str:
        """The names as one string: A、B."""
        return "、".join(self.names)


@dataclass(slots=True)
class _State:
    """What the reading has met so far: the topic, the last name of each kind, and who works where."""

    topic: tuple[str, ...] = ()
    sure: bool = False
    last: dict[NameKind, list[str]] = field(default_factory=dict)
    places: list[str] = field(default_factory=list)
    orgs: dict[str, str] = field(default_factory=dict)

    def meet(self, mention: Mention) -> None:
        row = self.places if mention.kind is PLACE else self.last.setdefault(mention.kind, [])
        if mention.text in row:
            row.remove(mention.text)
        row.append(mention.text)


def topics(
    text: str, headline: str = "", known: Aliases | None = None, sections: tuple[tuple[int, str], ...] = ()
) -> tuple[Topic, ...]:
    """The topics of the text in order, together all of it that is not blank; one or more to a clause.

    ``sections`` are the sub-headings, each with the offset at which what it heads begins.
    """
    known = known or aliases.learn([headline, text])
    state = _State()
    for mention in known.mentions(headline):
        if mention.kind is not PERSON and not _NOT_HEAD.search(headline, 0, mention.start):
            state.meet(mention)
    for kind in (FIRM, PARK, SITE, AGENCY):
        if state.last.get(kind) and not state.topic:
            state.topic = (state.last[kind][-1],)
    if not state.topic and state.places:
        state.topic = (state.places[-1],)
    all_mentions = _with_persons(text, known.mentions(text))
    found: list[Topic] = []
    ahead = list(sections)
    for start, end in sentences.split(text):
        while ahead and ahead[0][0] <= start:
            _headed([m for m in known.mentions(ahead.pop(0)[1]) if m.kind is not PERSON], state)
        inside = [m for m in all_mentions if start <= m.start and m.end <= end]
        told = _sentence(text, start, end, inside, state)
        if found and _SUCH.search(text, start, end) and any(topic.mentions for topic in told):
            _look_back(text, found, start, state.topic)
        found += told
    return tuple(found)


def _headed(heads: list[Mention], state: _State) -> None:
    """A sub-heading names whom the paragraphs under it are about."""
    for mention in heads:
        state.meet(mention)
    heads = [mention for mention in heads if mention.kind is not PLACE] or heads
    if heads:
        state.topic, state.sure = (heads[0].text,), False


def _look_back(text: str, found: list[Topic], start: int, names: tuple[str, ...]) -> None:
    """年排放若干吨。在甲公司，经理给记者看了这样一组数据: what was told before in the paragraph is the firm's."""
    paragraph = text.rfind("\n", 0, start) + 1
    for at, topic in enumerate(found):
        if topic.start >= paragraph and not topic.mentions:
            found[at] = Topic(topic.start, topic.end, names, False)


def _with_persons(text: str, found: tuple[Mention, ...]) -> list[Mention]:
    """A person who was told by title or speech once is known wherever the text names him."""
    rows = list(found)
    taken = [(m.start, m.end) for m in found]
    for name in {m.text for m in found if m.kind is PERSON}:
        rows += [
            Mention(*match.span(), name, PERSON)
            for match in re.finditer(re.escape(name), text)
            if all(match.end() <= start or end <= match.start() for start, end in taken)
        ]
    return sorted(rows, key=lambda m: m.start)


def at(found: tuple[Topic, ...], offset: int) -> Topic | None:
    """The topic that holds at the offset."""
    return next((topic for topic in found if topic.start <= offset < topic.end), None)


def _sentence(text: str, start: int, end: int, inside: list[Mention], state: _State) -> list[Topic]:
    speaker = _speaker(text, inside, state, start, end)
    if "\n" not in text[start:end] and end - start <= _HEADING and text[end - 1] not in "。！？”":
        _headed([m for m in inside if m.kind is not PERSON], state)
    found: list[Topic] = []
    quoted = False
    outer = (state.topic, state.sure)
    for clause in _CLAUSE.finditer(text, start, end):
        opens = "“" in clause.group() and text[clause.start() : clause.end()].lstrip()[:1] == "“"
        if opens and not quoted:
            closing = text.find("”", clause.start(), end)
            long = closing < 0 or closing - clause.start() > _QUOTE or text[closing - 1] in "。！？，"
            if long and speaker:
                outer = (state.topic, state.sure)
                state.topic, state.sure, quoted = (speaker,), True, True
        found += _clause(text, clause.start(), clause.end(), inside, state)
        if quoted and "”" in text[clause.start() : clause.end() + 2]:
            quoted = False
            if state.topic == (speaker,):
                state.topic, state.sure = (outer[0] or (speaker,)), outer[1]
                state.topic = (speaker,)
    return found


_QUOTE: Final = 12  # letters of the shortest speech; what is shorter between quotation marks is a name or a term


def _speaker(text: str, inside: list[Mention], state: _State, start: int, end: int) -> str:
    """The firm, park or agency of whoever speaks in this sentence, remembered for the next time that he does."""
    person = next((m for m in inside if m.kind is PERSON and _SPEAKS.match(text, m.end, min(end, m.end + 30))), None)
    spoken = ""
    for mention in inside:
        if mention.kind in (FIRM, PARK, AGENCY, SITE):
            titled = _TITLED.match(text, mention.end, min(end, mention.end + 30))
            if titled:
                spoken = mention.text
                named = next((m for m in inside if m.kind is PERSON and 0 <= m.start - titled.end() <= 2), None)
                if named:
                    state.orgs[named.text] = spoken
    if spoken and (person is None or state.orgs.get(person.text) == spoken):
        return _GOVERNS.sub("", spoken)
    if person is None:
        return ""
    if person.text in state.orgs:
        return _GOVERNS.sub("", state.orgs[person.text])
    if re.search(
        r"(?:公司|集团|企业|车行|行|厂|局)(?:[^，。]{0,10})$", text[max(start, person.start - 16) : person.start]
    ):
        firm = _resolve("firm", "公司", state)
        if firm:
            state.orgs[person.text] = firm[0]
            return firm[0]
    # 车间主任某某说: he belongs to the firm that the story is about
    title = person.start > start and re.search(
        rf"(?:{mentions.TITLES})$", text[max(start, person.start - 8) : person.start]
    )
    if title and state.topic and any(state.topic[0] in state.last.get(kind, []) for kind in (FIRM, PARK, AGENCY)):
        return state.topic[0]
    # 左伟说: who has a shop or a firm as the topic of the story speaks of it
    shops = [name for name in state.topic if name.startswith(person.text)]
    return shops[0] if shops else person.text


def _clause(text: str, start: int, end: int, inside: list[Mention], state: _State) -> list[Topic]:
    found: list[Topic] = []
    here = [m for m in inside if start <= m.start and m.end <= end]
    begin = start
    lead = _LEAD.match(text, start, end)
    head_at = lead.end() if lead else start
    heads = _heads(text, start, head_at, here)
    speech = bool(heads) and _SPEAKS.match(text, heads[-1].end, min(end + 1, heads[-1].end + 34)) is not None
    titled = bool(heads) and _TITLED.match(text, heads[-1].end, min(end, heads[-1].end + 24)) is not None
    in_place = (
        heads and heads[0].kind is PLACE and text[start : heads[0].start].rstrip("“").endswith(("在", "于", "到"))
    )
    if in_place and any(name in state.last.get(FIRM, []) for name in state.topic):
        heads = []  # 将在某市投资: the place of what a firm does is not its subject
    if heads and not (speech and not titled and heads[0].kind is PERSON):
        names = _names(text, heads, state)
        if names:
            # 某公司经理某某介绍: what he tells is about the firm, though the firm is no subject of this clause
            state.topic, state.sure = names, not titled
    passed = _OBJECT.match(text, head_at, end)
    if passed:  # …输送到甲公司，使其节省200万元: 其 is the one last named, not the subject
        row = state.last.get(FIRM, []) or state.last.get(PARK, [])
        if row:
            state.topic, state.sure = (row[-1],), True
    for mention in here:
        state.meet(mention)
    for match in _PRONOUN.finditer(text, start, end):
        if any(m.start <= match.start() < m.end for m in here):
            continue
        if match.start() > head_at + 1 and match.lastgroup not in ("firm", "both", "place"):
            continue
        if match.lastgroup == "place" and match.start() > head_at:
            continue
        names = _resolve(match.lastgroup or "", match.group(), state)
        if not names or (heads and match.lastgroup == "firm" and heads[-1].kind is not PLACE and titled):
            continue
        if heads and heads[-1].end <= match.start() and match.lastgroup == "firm" and heads[-1].kind in (FIRM, AGENCY):
            continue
        if match.start() > begin and match.start() > head_at:
            found.append(Topic(begin, match.start(), state.topic, state.sure))
            begin = match.start()
        # 该集团子公司甲: the subsidiary that is named, not the group
        nearer = next((m for m in here if _BELONGS.fullmatch(text, match.end(), m.start)), None)
        state.topic, state.sure = ((nearer.text,) if nearer else names), True
    if begin < end + 1:
        found.append(Topic(begin, min(end + 1, len(text)), state.topic, state.sure, tuple(heads)))
    return found


def _heads(text: str, start: int, head_at: int, here: list[Mention]) -> list[Mention]:
    """The names that the clause opens with: one, or several joined by 、 and 和; 位于A的B opens with B."""
    rows = [m for m in here if m.start <= head_at < m.end]
    if not rows and here and _ATTRIBUTE.fullmatch(text, head_at, here[0].start) and here[0].kind is not PLACE:
        rows = here[:1]  # 准备结婚的李先生
    if not rows:
        return []
    at_index = here.index(rows[0])
    if _NOT_HEAD.search(text, start, rows[0].start):
        return []
    heads = [rows[0]]
    for mention in here[at_index + 1 :]:
        between = text[heads[-1].end : mention.start]
        if _JOINED.fullmatch(between):
            if mention.kind is PLACE and heads[0].kind is not PLACE:
                break
            heads.append(mention)
        elif between in ("的", "") or (heads[-1].kind is PLACE and len(between) <= 2 and mention.kind is not PLACE):
            heads = [mention]
        else:
            break
    return heads


def _names(text: str, heads: list[Mention], state: _State) -> tuple[str, ...]:
    del text
    if heads[0].kind is PERSON:
        return tuple(dict.fromkeys(state.orgs.get(m.text, m.text) for m in heads))
    return tuple(dict.fromkeys(_GOVERNS.sub("", m.text) for m in heads))


def _resolve(group: str, word: str, state: _State) -> tuple[str, ...]:
    """The last name of the pronoun's kind; empty if none has been met."""
    if group == "both":
        return tuple(state.last.get(FIRM, [])[-2:])
    if group == "place":
        return _place(word, state)
    kind = {"firm": FIRM, "park": PARK, "site": SITE, "agency": AGENCY, "person": PERSON}.get(group)
    if kind is None:
        return ()
    if group == "firm" and word.startswith("我们"):
        return state.topic
    row = state.last.get(kind, [])
    if group == "firm":
        if word == "企业" and not any(name in row for name in state.topic):
            return ()  # 企业 in a story about a park is any firm
        row = row or state.last.get(SITE, []) or state.last.get(AGENCY, [])
        if state.topic and state.topic[0] in state.last.get(SITE, []) and "集群" not in state.topic[0]:
            return state.topic
        noun = re.search("集团|银行|车行|厂", word)
        if noun and any(noun.group() in name for name in row):
            row = [name for name in row if noun.group() in name]
        held = [name for name in state.topic if name in row]
        return (held[0],) if held and len(state.topic) == 1 else tuple(row[-1:])
    if group == "site":
        what = word.removeprefix("该")
        held = [name for name in row if name.endswith(what)]
        if not held and what == "基地" and state.places:
            return (re.split("[省市州县区镇乡](?=.{2})", state.places[-1])[-1] + what,)
        return tuple(held[-1:]) or tuple(row[-1:])
    if group == "park" and "集群" in word:
        row = [name for name in state.last.get(SITE, []) if "集群" in name] or row
    return tuple(row[-1:])


def _place(word: str, state: _State) -> tuple[str, ...]:
    """全州 is the last 州 that was named; 全省 is the page's province; 我市 the city."""
    level = word[-1]
    for name in reversed(state.places):
        if name.endswith(level):
            return (name,)
    short = {"省": mentions.PROVINCES, "市": mentions.PREFECTURES, "州": mentions.PREFECTURES}.get(
        level, mentions.COUNTIES
    )
    for name in reversed(state.places):
        if name in short:
            return (name,)
    for row in state.last.values():
        for name in reversed(row):
            found = next((place for place in short if name.startswith(place)), "")
            if found:
                return (found,)
    return (word,)
