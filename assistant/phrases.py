"""The words beside a figure in, the phrase that names what it measures out, cut from them and never made up.

    before("园区已集聚铸造企业")           集聚铸造企业
    before("把审批时间从原来的")            审批时间
    after("上下游企业沿河布局")             上下游企业

Words that only link, lead in or count (达到, 目前, 累计) are left out at the ends; what is hidden from the phrase, a
date or the subject's name, comes as ``HIDDEN`` letters.
"""

import re
from typing import Final

HIDDEN: Final = "\x00"
"""Stands for each letter that is no part of a metric."""
LONGEST: Final = 26  # letters of a phrase before a figure
_LONGEST_AFTER: Final = 16  # and of one after it
_LINK: Final = re.compile(
    r"(?:达到了|达到|高达|已达|可达|达成|达|为|是|突破了|突破|超过了|超过|跨越|约为|(?<![签公条节预合履])约|完成了?|实现了?|有望|(?<![拥所])有|近|至|(?<!收)到|升至|降至|增至|仅|共|已经|已|了|将近|将|可|(?<![产功性智节效动热职技])能|能够"
    r"|预计|(?<![日月年人户亩单])均|约有|共有|就|只|还|便|也|在|(?<![取获])得|大概|大约|至少|最高|最低|稳定|保持|维持|以|的|连续|最多|分别|累计|均为|提高到|提高至|提升到|提升至|增长到|增长至|增加到"
    r"|增加至|扩大到|扩大为|跃升至|攀升至|压缩至|压缩到|缩减至|缩减到|减少到|减少至|下降到|下降至|降低到|降低至|降到|升到|裂变为|变为|发展到|缩短至|缩短到|增至|从(?:原来|最初|常规|过去|以前|当初)?|由(?:原来|最初)?|原来"
    r"|调整为|(?<![参授给])与|占了?其中|其中|则|因此|随之|由此|因而|进而|虽然|尽管|大概得|[、和及或—–~-]){1,6}$"
)
_LEAD: Final = re.compile(
    r"^(?:报告期[内末]?|[这那](?=$)|[\s“”‘’、和与及或至到—…]|其中|同时|同期|此外|另外|目前|如今|现在|眼下|当前|截至|截止|据统计|数据显示|据了解|仅|已经?|则|又|而|但|即|且|虽然|尽管|因此|所以|如果|一般|通常"
    r"|还(?![款贷原本])|也|将|并(?![网购])|并且|而且|共(?![享建同有性创富])|均(?![价值衡])|从(?![业事])|由|使(?!用)|让(?!利)|把|被(?!征)|对(?![外口接比])|就(?![读业近医餐学])|可以|可(?!支配|再生|[行用控持])"
    r"|能够|能(?![耗源效力量级])|预计|一举|以(?![旧工下上内外])|的|有(?![效色机限关序])|后(?![备勤续者])|前(?![沿期端者])|在(?![建校册岗线职库研营售途运用产网孵])|期间|为(?!民)|是|累计|总共|先后|以来"
    r"|这批|这些|该[局市县州区院镇村省校社企]?业?|我们|他们|你们|公司|集团(?!公司)|企业(?!数)|园区(?!数)[里内]?|基地(?!数)|车行|说(?![明法服])|其(?![中他余])|全[省市州县](?=[^，]{2})|我[省市州县]|全年|每年可|一年能?|只(?!有)|都|分别|约|近"
    r"|达(?![成标产])|首个|随后|此后|之后|当地|借此|不过|然而|于是|里面|当中|内(?=企业)|(?:现在)?一(?:天|个?月)(?=可|能)|不到|投产后|全部投产后|成功(?!率)|陆续|不断|持续|一直|一共|总计)+"
)
# adverbs that stand within a phrase and say nothing of what is measured
_ADVERBS: Final = re.compile(
    r"(?<=[一-鿿])(?:先后|已经|一直|不断|陆续|成功(?![率的])|总共|一般|通常|便|仅)(?=[一-鿿]{2})"
)
# 把审批时间, 对每天运来的鲜奶: what is done to stands after them
_OBJECT: Final = re.compile(
    r"(?:把|将(?![军士领])|(?<![针面应绝相核])对(?![外口接于比手内标应象]|[^，。]{2,10}?(?:贡献|影响|依存|支撑)))(?=[一-鿿]{2})"
)
_COUNTED: Final = frozenset(("企业", "公司", "集团", "园区", "基地"))  # 有企业20家: what is counted, and whose no more
_FROM: Final = re.compile(r"(?:从|由)[^从由]{0,10}$")
_SHARE_OF: Final = re.compile("的?[^，。；：！？\n（）()]+")
_STOP: Final = re.compile(
    r"(?:提高|提升|增长|增加|扩大|跃升|攀升|飙升|上升|发展|裂变|下降|降低|减少|压缩|缩短|缩减|增|升|降|减)(?:到|至|为)|[，；：。！？\n（）()、]"
    r"|(?<=[一-鿿]{2})(?:沿(?![海线江边])|在(?![建校册岗线职库研售途产网])|向(?!阳)|随着|通过)|(?:由|将|被|直接|用于|之间|涉及|涵盖|(?<!全域)(?<!全面)覆盖(?!率|面)|正在|对(?![外口接于比手内标应象])|[一-鿿]着(?!力|陆|落|装|重)|正(?=[一-鿿]{3})(?![常式规])|(?<![售以最背])后|(?<![小])时|内(?!容|部|生)|等|并|到(?![账位货岗达期])|(?<!国家)和(?!地区)|与|均|都|(?<![许认])可|已|同比|较|比(?!例|重)|为|是|返销|稳定|成为|形成|位居|居|抵达)"
)
# 9个镇已用上垃圾分类: what is said of so short a noun tells which they are
_SAID_OF: Final = re.compile(r"^([^，。；已均都正]{1,3})(?:已经?|均已?|都已?|全部|正在?)(?=[一-鿿]{2})")
_ON_ITS_WAY: Final = re.compile("(?<=[一-鿿]{2})(?:运输|运送|输送|配送|运|送)$")
_BESIDE: Final = re.compile(r"(?:或|至|到|和|与|及|—{1,4}|-|~)$")  # 3年或6万公里


def before(words: str) -> str:
    """The phrase before a figure, without what links it, leads it in, or was hidden."""
    words = re.sub(rf"{HIDDEN}+的?(?={HIDDEN}|$)", "", words)
    last = words.rpartition(HIDDEN)[2]
    words = last if HIDDEN in words and len(last) > 1 else words.replace(HIDDEN, "")
    for act in _OBJECT.finditer(words):
        if len(words) - act.end() > 2:
            words = words[act.end() :]
            break
    previous, counted = None, ""
    while previous != words:
        previous = words
        linked = _LINK.sub("", words)
        words = _LEAD.sub("", linked).strip(" “”‘’的")
        counted = words or counted or (linked if linked in _COUNTED else "")
    return _ADVERBS.sub("", words or counted)[-LONGEST:]


def after(words: str) -> str:
    """The noun phrase after a figure: 从事铸造的企业 of 15家从事铸造的企业落户."""
    rest = re.sub(r"[（(][^（()）]{1,8}[）)]", "", words).split(HIDDEN)[0]
    rest = re.sub(r"^(?:的|多|余|以上|左右|不等|进行|用来|来|属于|均?是|均?为(?=[一-鿿]{3})| )+", "", rest)
    if rest[:1] in "“‘":
        closing = min((at for at in (rest.find("”"), rest.find("’")) if at > 0), default=-1)
        rest = rest[1:closing] + rest[closing + 1 :] if 0 < closing < 14 else ""
    rest = _SAID_OF.sub(r"\1", rest)
    stop = _STOP.search(rest)
    if stop:
        # 950摄氏度的铝液运输到企业时: of the liquid, not of its way
        rest = _ON_ITS_WAY.sub("", rest[: stop.start()]) if stop.group() == "到" else rest[: stop.start()]
    rest = _BESIDE.sub("", rest.replace("”", "").replace("“", "").strip())
    return rest[:_LONGEST_AFTER] if rest[:1].isalnum() else ""


def said(words: str) -> str:
    """What is said of a share of something, to the end of the clause: 的学生都是坐校车来的."""
    rest = None if _STOP.match(words) else _SHARE_OF.match(words.split(HIDDEN)[0])
    return re.sub("都是|都|均|(?<!不)是|的$", "", rest.group().lstrip("的"))[:LONGEST] if rest else ""


def without_origin(words: str) -> str:
    """产品从单一品种 without where the change began: 产品."""
    shorter = _FROM.sub("", words)
    return shorter if len(shorter) > 1 else words


def joined(*parts: str) -> str:
    """The parts as one phrase, from its end if it is too long."""
    phrase = "".join(parts).strip("的、和与，“” ")
    return phrase if len(phrase) <= LONGEST + _LONGEST_AFTER else phrase[-LONGEST + _LONGEST_AFTER :]
