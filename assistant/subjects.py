"""A story's text in, whose each place of it is out: the name that the sentence there is about.

A name becomes the topic where it stands at the head of a clause; it stays so over clauses and sentences until another
takes its place. Pronouns are resolved (``pronouns``); what is quoted is about the speaker's firm; who speaks is no
topic by that.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from assistant import aliases, mentions, sentences
from assistant.aliases import Aliases
from assistant.pronouns import AGENCY, COLLECTIVE, FIRM, PARK, PLACE, PRONOUN, SITE, State, resolve
from assistant.records import Mention, NameKind

PERSON: Final = NameKind.PERSON
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
_TITLED: Final = re.compile(rf"[^，。；：！？“”、]{{0,16}}(?:{mentions.TITLES})")
_NOT_HEAD: Final = re.compile(
    r"(?:与|和|同|跟|向|给|为|由|被|对|从|往|经|通过|交由|用于|返销给|输送到|驶向|入驻|赴|至|距|离|称|叫"
    r"|出口|运往|发往|销往|抵达|走进|驶往|飞往|进军|落户|牵手|携手|对接)[“‘]?$"
)
_JOINED: Final = re.compile(r"[、和与及]|以及")
_THIS: Final = re.compile("这[批款台座条种]([一-鿿]{4,10})")
_SHORTEST_THING: Final = 4  # letters: of fewer, chance repeats too many
_OBJECT: Final = re.compile(r"(?:也|并|从而)?(?:使|让|帮助|助力?)其")
_SUCH: Final = re.compile("这样?一?[组串](?:数据|数字)|这份成绩单|这[组串]数[据字]")
_BELONGS: Final = re.compile("子公司|旗下|下属|所属|旗下的|下属的")
_ATTRIBUTE: Final = re.compile(r"[^，。；：、]{1,14}的")
_APPOSED: Final = re.compile(rf"[^，。；：、]{{0,8}}(?:企业|单位|代表|品牌|商|机构|{mentions.TITLES})")
_COMES_FROM: Final = re.compile("(?:一[个支名位家批])?来自")
_EXAMPLES: Final = re.compile(rf"等?[0-9一二两三四五六七八九十百余多]+[个家](?:{COLLECTIVE})")
_STATISTICS: Final = re.compile(r"(?:统计|数据|资料|监测)(?:结果)?(?:显示|表明)|据(?:相关|不完全|初步|官方)?统计")
_MADE: Final = re.compile(r"[造籍产](?![业量能区生出])|制造(?!业)|品牌")  # 贵州造 is a ware, not the place
_CAUSED: Final = re.compile(r"(?:使得?|让|帮助?|助力)$")
_OWN_WORDS: Final = re.compile(rf"[^：。！？]{{0,24}}(?:{mentions.TITLES})[^：。！？，、]{{1,5}}：")
_GOVERNS: Final = re.compile(r"(?:管理委员会|管委会|人民政府|党工委)$")
_NEAR: Final = 6  # letters in which 这是 names whose it is
_HEADING: Final = 30  # letters of the longest heading that stands as a line of its own
_TAIL: Final = 4  # letters after 该区 that tell which of its bodies is meant
_QUOTE: Final = 12  # letters of the shortest speech; what is shorter between quotation marks is a name or a term
_TITLE_BEFORE: Final = re.compile(rf"(?:{mentions.TITLES})$")
_IS_EVENT: Final = re.compile("(?:会|会议|论坛|活动|赛|节|仪式)$")
_TITLE: Final = re.compile(mentions.TITLES)
_HELP: Final = re.compile(r"在[^，。；]{2,30}的?(?:协助|支持|帮助|指导|推动|带动|助推|引领|统筹|牵头|见证|努力|配合)下")
_ON_SITE: Final = re.compile(r"(?:活动|大会|会议)?(?:现场|会上|期间)")
_WORKS_AT: Final = re.compile(r"(?:公司|集团|企业|车行|行|厂|局)(?:[^，。]{0,10})$")


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


def topics(
    text: str,
    headline: str = "",
    known: Aliases | None = None,
    sections: tuple[tuple[int, str], ...] = (),
    spans: Sequence[tuple[int, int]] | None = None,
) -> tuple[Topic, ...]:
    """The topics of the text in order, together all of it that is not blank; one or more to a clause.

    ``sections`` are the sub-headings, each with the offset at which what it heads begins; ``spans`` the sentences of
    the text, if they are known already.
    """
    known = known or aliases.learn([headline, text])
    state = _opened(headline, known)
    reading = _Reading(text, headline, _with_persons(text, known.mentions(text)), list(PRONOUN.finditer(text)))
    found: list[Topic] = []
    ahead = list(sections)
    for start, end in sentences.split(text) if spans is None else spans:
        while ahead and ahead[0][0] <= start:
            _headed([m for m in known.mentions(ahead.pop(0)[1]) if m.kind is not PERSON], state)
        if (start and text[start - 1] == "\n") or "\n" in text[found[-1].end if found else 0 : start]:
            _leave_person(state)
        told = _sentence(reading, start, end, state)
        if found and any(topic.mentions for topic in told) and _tells_of_before(text, start, end, told):
            _look_back(text, found, start, state.topic)
        found += told
    return tuple(found)


def at(found: Sequence[Topic], offset: int) -> Topic | None:
    """The topic that holds at the offset."""
    index = bisect_right(found, offset, key=lambda topic: topic.start) - 1
    return found[index] if index >= 0 and offset < found[index].end else None


class _Reading:
    """A text with its names and pronouns, and what of them lies in a stretch; stretches come in order."""

    def __init__(self, text: str, headline: str, names: list[Mention], pronouns: list[re.Match[str]]) -> None:
        self.text = text
        self.headline = headline
        self.names = names
        self.pronouns = pronouns
        self._name_starts = [name.start for name in names]
        self._pronoun_starts = [pronoun.start() for pronoun in pronouns]

    def thing(self, start: int, end: int) -> str:
        """What 这批 at ``start`` points to, as the story calls it elsewhere too: 氢能公交 of 这批氢能公交续航长."""
        if not (this := _THIS.match(self.text, start, end)):
            return ""
        words = this[1]
        lengths = range(len(words), _SHORTEST_THING - 1, -1)
        told = (words[:length] for length in lengths)
        return next((one for one in told if one in self.headline or self.text.count(one) > 1), "")

    def names_in(self, start: int, end: int) -> list[Mention]:
        first = bisect_right(self._name_starts, start - 1)
        return [m for m in self.names[first : bisect_right(self._name_starts, end - 1)] if m.end <= end]

    def pronouns_in(self, start: int, end: int) -> list[re.Match[str]]:
        first = bisect_right(self._pronoun_starts, start - 1)
        last = bisect_right(self._pronoun_starts, end - 1)
        return [match for match in self.pronouns[first:last] if match.end() <= end]


def _opened(headline: str, known: Aliases) -> State:
    """What the headline names, and whose words the story is: 甲公司董事长乙：让天更蓝 is told by 甲公司."""
    state = State(region=known.region)
    named = [m for m in known.mentions(headline) if m.kind is not PERSON]
    for mention in named:
        if not _NOT_HEAD.search(headline, 0, mention.start):
            state.meet(mention)
            if mention.kind in (FIRM, PARK, AGENCY) and _OWN_WORDS.match(headline, mention.end):
                state.teller = state.teller or mention.text
    for kind in (FIRM, PARK, SITE, AGENCY):
        if state.last.get(kind) and not state.topic:
            state.take((state.last[kind][-1],), False)
    if not state.topic and (state.places or known.home):
        state.take((state.places[-1] if state.places else known.home,), False)
    if state.teller:
        state.take((state.teller,), True)
    return state


def _leave_person(state: State) -> None:
    """A new paragraph is not about the person of the one before, but about what the story was about."""
    persons = state.last.get(PERSON, [])
    if state.topic and all(name in persons for name in state.topic):
        if state.house:
            state.topic, state.sure = state.house, False
    elif state.topic:
        state.house = state.topic


def _headed(heads: list[Mention], state: State) -> None:
    """A sub-heading names whom the paragraphs under it are about."""
    for mention in heads:
        state.meet(mention)
    heads = [mention for mention in heads if mention.kind is not PLACE] or heads
    if heads:
        state.take((heads[0].text,), False)


def _tells_of_before(text: str, start: int, end: int, told: Sequence[Topic]) -> bool:
    """Whether a sentence says whose the ones before it were: 经理给记者看了这样一组数据; 这是甲公司卖出的首批产品."""
    if _SUCH.search(text, start, end):
        return True
    heads = next((topic.mentions for topic in told if topic.mentions), ())
    return (
        text.startswith("这是", start)
        and bool(heads)
        and heads[0].kind in (FIRM, AGENCY)
        and heads[0].start - start < _NEAR
    )


def _look_back(text: str, found: list[Topic], start: int, names: tuple[str, ...]) -> None:
    """年排放若干吨。在甲公司，经理给记者看了这样一组数据: what was told before in the paragraph is the firm's."""
    paragraph = text.rfind("\n", 0, start) + 1
    for index in range(len(found) - 1, -1, -1):
        topic = found[index]
        if topic.start < paragraph:
            break
        if not topic.mentions:
            found[index] = Topic(topic.start, topic.end, names, False)


def _with_persons(text: str, found: tuple[Mention, ...]) -> list[Mention]:
    """A person who was told by title or speech once is known wherever the text names him."""
    persons = {m.text for m in found if m.kind is PERSON}
    if not persons:
        return list(found)
    pattern = re.compile(mentions.either(persons))
    more = [Mention(*match.span(), match.group(), PERSON) for match in pattern.finditer(text)]
    taken = sorted((m.start, m.end) for m in found)
    starts = [start for start, _ in taken]

    def free(one: Mention) -> bool:
        index = bisect_right(starts, one.end - 1) - 1
        return index < 0 or taken[index][1] <= one.start

    return sorted([*found, *(one for one in more if free(one))], key=lambda m: m.start)


def _sentence(reading: _Reading, start: int, end: int, state: State) -> list[Topic]:
    text = reading.text
    inside = reading.names_in(start, end)
    speaker = _speaker(text, inside, state, start, end)
    if end - start <= _HEADING and text[end - 1] not in "。！？”" and "\n" not in text[start:end]:
        _headed([m for m in inside if m.kind is not PERSON], state)
    elif _STATISTICS.search(text, start, min(end, start + _HEADING)) and state.widest:
        state.take(state.widest, False)
    found: list[Topic] = []
    quoted = False
    outer = (state.topic, state.sure)
    for clause in _CLAUSE.finditer(text, start, end):
        words = clause.group()
        if not quoted and "“" in words and words.lstrip()[:1] == "“":
            closing = text.find("”", clause.start(), end)
            long = closing < 0 or closing - clause.start() > _QUOTE or text[closing - 1] in "。！？，"
            if long and speaker:
                outer = (state.topic, state.sure)
                state.topic, state.sure, quoted = (speaker,), True, True
        found += _clause(reading, clause.start(), clause.end(), state)
        if quoted and "”" in text[clause.start() : clause.end() + 2]:
            quoted = False
            if state.topic == (speaker,):
                state.topic, state.sure = (speaker,), outer[1]
    return found


def _speaker(text: str, inside: list[Mention], state: State, start: int, end: int) -> str:
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
    if works := _WORKS_AT.search(text, max(start, person.start - 16), person.start):
        noun = PRONOUN.match("该公司" if works.group()[0] in "公集企" else "该" + works.group()[:2])
        firm = resolve(noun, state) if noun else ()
        if firm:
            state.orgs[person.text] = firm[0]
            return firm[0]
    # 车间主任某某说: he belongs to the firm that the story is about
    title = person.start > start and _TITLE_BEFORE.search(text, max(start, person.start - 8), person.start)
    if title and state.topic and any(state.topic[0] in state.last.get(kind, []) for kind in (FIRM, PARK, AGENCY)):
        return state.topic[0]
    # 周明说: who has a shop or a firm as the topic of the story speaks of it
    shops = [name for name in state.topic if name.startswith(person.text)]
    return shops[0] if shops else person.text


def _clause(reading: _Reading, start: int, end: int, state: State) -> list[Topic]:
    text = reading.text
    found: list[Topic] = []
    here = reading.names_in(start, end)
    begin = start
    lead = _LEAD.match(text, start, end)
    head_at = lead.end() if lead else start
    heads = _heads(text, start, head_at, here)
    speech = bool(heads) and _SPEAKS.match(text, heads[-1].end, min(end + 1, heads[-1].end + 34)) is not None
    titled = bool(heads) and _TITLED.match(text, heads[-1].end, min(end, heads[-1].end + 24)) is not None
    if heads and _HELP.match(text, start, end):
        heads = []  # 在甲局的协助下，企业…: who helped is not who did
    if not heads and _ON_SITE.match(text, start, end) and state.event:
        state.take((state.event,), False)
    in_place = (
        heads and heads[0].kind is PLACE and text[start : heads[0].start].rstrip("“").endswith(("在", "于", "到"))
    )
    if in_place and any(name in state.last.get(FIRM, []) for name in state.topic):
        heads = []  # 将在某市投资: the place of what a firm does is not its subject
    if heads and _EXAMPLES.match(text, heads[-1].end):
        # 甲经开区、乙经开区等30家开发区: they are examples of what is counted
        heads = []
        if state.widest:
            state.take(state.widest, False)
    if heads and not (speech and not titled and heads[0].kind is PERSON):
        # 某公司经理某某介绍: what he tells is about the firm, though the firm is no subject of this clause
        if heads[0].kind is PERSON and text.startswith("是", heads[0].end):  # 周某是某局的科长
            body = next((m for m in here if m.kind in (FIRM, PARK, AGENCY) and m.start > heads[0].end), None)
            if body:
                state.orgs[heads[0].text] = body.text
        state.take(_names(heads, state), not titled)
    elif heads:
        _take_words_of(heads[0].text, state)
    elif (thing := reading.thing(start, end)) and not here:
        state.take((thing,), False)
    passed = _OBJECT.match(text, head_at, end)
    if passed:  # …输送到甲公司，使其节省200万元: 其 is the one last named, not the subject
        row = state.last.get(FIRM, []) or state.last.get(PARK, [])
        if row:
            state.take((row[-1],), True)
    for mention in here:
        state.meet(mention)
        if mention.kind is SITE and _IS_EVENT.search(mention.text):
            state.event = mention.text
        if not heads and mention.kind in (FIRM, PARK, AGENCY) and _CAUSED.search(text, start, mention.start):
            heads = [mention]  # 新工艺使甲公司的成本降低15%
            state.take((mention.text,), True)
    for match in reading.pronouns_in(start, end):
        if any(m.start <= match.start() < m.end for m in here):
            continue
        group = "place" if match["place"] else match.lastgroup
        if match.start() > head_at + 1 and group not in ("firm", "both", "place", "agency"):
            continue
        if group == "place" and (match.start() > head_at or _AMONG.match(text, match.end())):
            continue
        names = resolve(match, state)
        if not names or (heads and group == "firm" and heads[-1].kind is not PLACE and titled):
            continue
        if heads and heads[-1].end <= match.start() and group == "firm" and heads[-1].kind in (FIRM, AGENCY):
            continue
        if match.start() > begin and match.start() > head_at:
            found.append(Topic(begin, match.start(), state.topic, state.sure))
            begin = match.start()
        names = _whole(text, match, names, state)
        if group == "person" and _SPEAKS.match(text, match.end(), min(match.end() + _SAYS, len(text))):
            names = tuple(state.orgs.get(name, name) for name in names)  # 他介绍: of the firm that he is of
        # 该集团子公司甲: the subsidiary that is named, not the group
        nearer = next((m for m in here if _BELONGS.fullmatch(text, match.end(), m.start)), None)
        state.take((nearer.text,) if nearer else names, True)
    if begin < end + 1:
        found.append(Topic(begin, min(end + 1, len(text)), state.topic, state.sure, tuple(heads)))
    return found


_SAYS: Final = 8  # letters in which 他介绍 says that he speaks
_AMONG: Final = re.compile("排|列|居|位[列居]|前[0-9列茅]|第|平均|同类|领先|首[位家个次]|占")  # 在全省排第2位


def _take_words_of(person: str, state: State) -> None:
    """左明说，进店的客户每天都有十组: what he tells is of his firm, or of himself in a story that names none."""
    told_of = state.orgs.get(person, "")
    bodies = [name for kind in (FIRM, PARK, AGENCY, SITE) for name in state.last.get(kind, [])]
    if told_of:
        state.take((_GOVERNS.sub("", told_of),), True)
    elif not state.sure and not any(name in bodies for name in state.topic):
        state.take((person,), False)


def _whole(text: str, match: re.Match[str], names: tuple[str, ...], state: State) -> tuple[str, ...]:
    """该区政务服务中心 is the body of that place that was named, not the place."""
    if match["place"] is None:
        return names
    following = text[match.end() : match.end() + _TAIL]
    if len(following) < _TAIL:
        return names
    rows = (name for kind in (AGENCY, SITE, FIRM) for name in reversed(state.last.get(kind, [])))
    return next(((name,) for name in rows if following in name and name != following), names)


def _heads(text: str, start: int, head_at: int, here: list[Mention]) -> list[Mention]:
    """The names that the clause opens with: one, or several joined by 、 and 和; 位于A的B opens with B."""
    rows = [m for m in here if m.start <= head_at < m.end]
    if not rows and here and here[0].kind is not PLACE and _ATTRIBUTE.fullmatch(text, head_at, here[0].start):
        rows = here[:1]  # 准备结婚的李先生
    if not rows and here and here[0].kind is not PLACE and _APPOSED.fullmatch(text, head_at, here[0].start):
        rows = here[:1]  # 龙头企业甲公司, 另一位种植户某某
    if not rows and here and here[0].kind is not PLACE and _COMES_FROM.fullmatch(text, head_at, here[0].start):
        rows = here[:1]  # 一个来自某局的工作组
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
        elif mention.kind is PERSON and heads[-1].kind is PLACE and _TITLE.fullmatch(between):
            heads = [mention]  # 某镇种植户王某
        elif between in ("的", "") or (heads[-1].kind is PLACE and len(between) <= 2 and mention.kind is not PLACE):
            heads = [mention]
        else:
            break
    if heads[0].kind is PLACE and _MADE.match(text, heads[-1].end):
        return []
    return heads


def _names(heads: list[Mention], state: State) -> tuple[str, ...]:
    if heads[0].kind is PERSON:
        # 左明 of 左明车行 speaks and acts for his shop
        shops = {m.text: name for m in heads for name in state.topic if name.startswith(m.text)}
        return tuple(dict.fromkeys(state.orgs.get(m.text, shops.get(m.text, m.text)) for m in heads))
    return tuple(dict.fromkeys(_GOVERNS.sub("", state.full(m)) for m in heads))
