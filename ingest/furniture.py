"""One line in, what the newspaper's own habits make of it: byline, caption, credit, lead, masthead, editors' line.

Every pattern is anchored or looks at a bounded stretch, so that none can run away on a long line.
"""

import re
from typing import Final

from assistant.records import StoryKind

_LONGEST_BYLINE: Final = 80
_LONGEST_CAPTION: Final = 160  # characters; a longer text with a credit is a picture story
_CREDIT_REACH: Final = 48  # characters before 摄 in which the photographer and paper are named

_NAME = r"[\u4e00-\u9fff·]{2,4}"
_ROLES = (
    "记者|通讯员|评论员|实习生|特约撰稿人|撰稿人|特派员|观察员|撰文|执笔|作者|整理|摄影报道|采写|报道|文图|文并图|文字|摄影|"
    "供稿|编译|统筹|策划|侧记|综合"
)
_ROLE: Final = re.compile(_ROLES)
_ANYONE: Final = re.compile(
    r"记者|通讯员|评论员|实习生|撰稿人|特派员|撰文|执笔|作者|整理|摄影报道|采写|文/|图/|文／|供稿"
)
_ORGAN: Final = re.compile(
    r"(?:本报讯?|见习|首席|全媒体|融媒体?|特约|实习|驻\S{1,6}|\S{0,8}(?:日报|晚报|都市报|时报|商报|早报|新闻网?|客户端|融媒体中心|"
    r"通讯社|新华社|电视台|广播|报社|天眼新闻|传媒))+"
)
_BETWEEN: Final = re.compile(r"[\s　、，,；;：:/／（）()□■●◆◎○|｜]+")
_SURNAMES: Final = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任沈姚卢姜崔钟谭陆汪范金石廖"
    "贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严武戴莫孔向汤欧冉桂谌卜鲁岳安申"
)
_LEAD: Final = re.compile(
    r"(?:本报|本网|天眼新闻|贵州日报)[\u4e00-\u9fff]{0,10}(?:讯|电)|(?:据)?(?:新华社|中新网|人民日报|央视|中新社)"
    r"[\u4e00-\u9fff\d]{0,14}(?:讯|电|消息)|"
    # any paper's and agency's: 青禾网兰亭3月4日电, 青禾新闻客户端讯（记者 …）, 【青禾报综合报道】
    r"[\u4e00-\u9fff]{2,10}\d{1,2}月\d{1,2}日(?:讯|电)|"
    r"[\u4e00-\u9fff]{2,12}(?:讯|电)[ \t　]{0,2}[（(][^（）()]{0,40}(?:记者|通讯员)|"
    r"【[\u4e00-\u9fff]{2,12}(?:报道|讯|消息|电)[^【】]{0,30}】"
)
_LEAD_BYLINE: Final = re.compile(r"[ \t　]{0,4}[（(]([^（）()]{1,60})[）)]")
_ARROW: Final = re.compile(r"[↑→←↓↗↘↙↖▲▼△▽◀▶◁▷☚☛]")
_NUMBERED: Final = re.compile(r"(?:图)?[①-⑳]")
_PICTURED: Final = re.compile(r"(?:[上下左右]?图(?:[①-⑳]|[一二三四五六七八九\d]{1,2})?[为是:：]|[上下左右]图[，,])")
_CREDIT: Final = re.compile(
    rf"[（(]?(?:[图文]?[/／]?[^\s。，！？（(]{{0,16}}(?:记者|通讯员|实习生|特约摄影师?)[\s　]{{0,3}})?"
    rf"{_NAME}(?:[\s　、]{{1,3}}(?:通讯员[\s　]?|记者[\s　]?)?{_NAME}){{0,4}}"
    r"[\s　/／]{0,3}(?:摄影?|供图|图|制图|航拍)[）)]?[。.]?$"
)
_SUPPLIED: Final = re.compile(
    r"[（(]?(?:图片|照片|受访者|受访单位|[^\s。，]{2,16})(?:供图|提供图片?|资料图片?)[）)]?。?$"
)
_EDITORS: Final = re.compile(
    r"[（(]?(?:本版)?(?:责任编辑|责编|值班(?:编辑|主任|总编|编委)?|编辑|主编|版式(?:设计)?|版面设计|美术(?:编辑|设计)|美编|图片编辑|图编|视觉|"
    r"组版|校对|校检|检校|审校|审读|撰文|图片|文图|总?策划|统筹|监制|制图|出品)[：:丨|/／\s　]"
)
_MASTHEAD: Final = re.compile(
    # 2025年4月2日 星期三, but not 2025年4月2日是茶园开园的日子
    r"(?:\d{4}年\d{1,2}月\d{1,2}日[ 　]{0,4}"
    r"(?:$|(?:星期|周[一二三四五六日]|农历|第|[A-D]?\d|版|责|总|今)[^。，]{0,30}$)"
    r"|星期[一二三四五六日天]\b|农历|国内统一|刊号|邮发代号|总第?\d|第\d{3,}期|今日\d{1,3}版|零售|"
    r"(?:新闻)?热线|投稿|邮箱|邮编|社址|地址[：:]|电话[：:]|广告部|发行部|印刷|https?://|www\.|扫一扫|扫码|扫描二维码|微信公众号|新浪微博)"
)
_FOLIO: Final = re.compile(
    r"(?:第?[\dA-Z一二三四五六七八九十]{1,4}版|[A-D]?\d{1,3}|[-—]\s?\d{1,3}\s?[-—]|[\u4e00-\u9fff]{2,6}(?:日报|晚报|都市报|时报|商报)|"
    r"(?:要闻|时政|综合|经济|专版|特刊|广告|专题|综合新闻|时政要闻|黔贵|理论|副刊|产业|深度|评论|民生|文化|地方新闻)(?:版)?)$"
)
_JUMP: Final = re.compile(
    r"[（(]?(?:下转|上接|紧接|文接|转|接)(?:本报|今日)?第?[\dA-Z一二三四五六七八九十]{1,4}版[^。]{0,12}[）)]?$"
)
_ADVERT: Final = re.compile(r"(?:公益广告|广告|遗失声明|遗失启事|声明|公告|拍卖公告|招标公告|通告|启事|讣告)$")
_SAYING: Final = re.compile(r"[—–-]{1,2}.{4,60}(?:强调|指出|要求|说|讲话|时指示|寄语|回信|致辞)$")

_BOXES: Final = (
    (StoryKind.CAPTION, re.compile(r"^(?:图片说明|图说|图片新闻|图集|图片专题)")),
    (
        StoryKind.DATA_BOX,
        re.compile(r"^数说|^数读|数览|^数据|成绩单$|^数字|[一两三四五\d]组数|一图读懂|大事记$|速览|清单$"),
    ),
    (StoryKind.QUOTE_BOX, re.compile(r"总书记的话|重要论述|殷殷嘱托|嘱托|原声|语录|金句|[声语]录|权威声音")),
    (
        StoryKind.COMMENTARY,
        re.compile(
            r"短评|快评|锐评|时评|评论|社论|微评|点评|编后|编者按|编者的话|记者手记|手记|感言|寄语|观察$|天眼短评|论坛$"
        ),
    ),
)
_LONGEST_BOX_NAME: Final = 14  # 我的“十五五”心愿 has 10; a longer heading with 数据 in it is a headline


def plain(line: str) -> str:
    """The line without the marks, stars and brackets that decorate it."""
    return line.strip(" \t　*#【】[]〔〕〖〗《》◆■□●◎○★☆▌▍")


def is_byline(line: str) -> bool:
    """Who wrote it, and nothing else: 贵州日报天眼新闻记者 桂榕; 通讯员 卜莉 邓雄 …记者 郭立; (… 江婷婷 整理)."""
    if len(line) > _LONGEST_BYLINE or not _ANYONE.search(line) or any(mark in line for mark in "。！？“”"):
        return False
    named = False
    for word in _BETWEEN.split(_ROLE.sub(" ", line.strip("*# "))):
        if not word or _ORGAN.fullmatch(word):
            continue
        if re.fullmatch(rf"{_NAME}|的|于?\d{{1,2}}月\d{{1,2}}日|\S{{2,8}}(?:局|部|办|院|社|中心|公司)", word):
            named = named or len(word) > 1
        else:
            return False
    return named or "整理" in line or "摄影报道" in line


def closes(byline: str) -> bool:
    """Whether the byline stands under its text, whatever follows: (… 江婷婷 整理)."""
    return "整理" in byline or byline[:1] in "（("


def is_bare_name(line: str) -> bool:
    """One to three names and nothing else; only under a heading is that a byline."""
    words = line.split()
    return 0 < len(words) <= 3 and all(
        re.fullmatch(r"[\u4e00-\u9fff]{2,3}", word) and word[0] in _SURNAMES for word in words
    )


def is_lead(line: str) -> bool:
    """The first paragraph of an agency's or the paper's own report: 本报讯（记者 …）, 新华社北京9月3日电."""
    return _LEAD.match(line) is not None


def lead_byline(line: str) -> str:
    """记者 李丽, of 本报讯（记者 李丽）9月1日…; empty where the lead names nobody."""
    lead = _LEAD.match(line)
    named = _LEAD_BYLINE.match(line, lead.end()) if lead else None
    return named[1].strip() if named else ""


def credit(line: str) -> tuple[int, int] | None:
    """Where the photographer is named at the line's end, or None: 生产车间。 ｜贵州日报天眼新闻记者 黄瑶 摄｜."""
    if len(line) > _LONGEST_CAPTION or "摄影报道" in line:
        return None
    for pattern in (_CREDIT, _SUPPLIED):
        begin = max(0, len(line) - _CREDIT_REACH)
        for start in range(begin, len(line)):
            if start and line[start - 1] not in " \t　。！？”）)（(，,；;":
                continue
            if pattern.match(line, start):
                return start, len(line)
    return None


def is_caption(line: str) -> bool:
    """A caption by its own marks: an arrow, 图为, or the photographer at its end. A credit alone is one too."""
    if len(line) > _LONGEST_CAPTION:
        return False
    return bool(_ARROW.match(line) or _PICTURED.match(line) or credit(line))


def is_numbered(line: str) -> bool:
    """①…: a caption where others stand by it or photographers are named, otherwise an item of a list."""
    return len(line) <= _LONGEST_CAPTION and _NUMBERED.match(line) is not None


def is_furniture(line: str) -> bool:
    """A masthead, folio, jump line or web address."""
    short = line.strip()
    if len(short) > 80 or short.endswith("。"):
        return False
    return bool(_MASTHEAD.match(short) or _FOLIO.match(short) or _JUMP.match(short))


def is_editors(line: str) -> bool:
    """责任编辑：… 版式设计：…."""
    return len(line) <= _LONGEST_BYLINE and _EDITORS.match(line) is not None


def is_advert(line: str) -> bool:
    """The heading of an advertisement or notice."""
    return _ADVERT.match(plain(line)) is not None


def is_saying(line: str) -> bool:
    """——…在贵州考察时强调: who said what stands above it."""
    return _SAYING.match(line) is not None


def box(heading: str) -> StoryKind | None:
    """The kind of box that a heading announces: 短评, 数说五年, 2025年成绩单; None for a headline."""
    name = plain(heading)
    if len(name) > _LONGEST_BOX_NAME:
        name = re.split(r"[：:|｜丨]", name)[0]  # "短评：绿色生产力…", "数据：六盘水市2025年成绩单"
        if len(name) > 6:
            return None
    return next((kind for kind, pattern in _BOXES if pattern.search(name)), None)


def is_rubric(heading: str) -> bool:
    """【服务一线看保障】, 栏目：…: the name of a series, which is nobody's headline."""
    return heading.startswith(("栏目：", "栏目:")) or bool(
        re.fullmatch(r"[【\[〔《].{1,20}[】\]〕》]", heading.strip())
    )
