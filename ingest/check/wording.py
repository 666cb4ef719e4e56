"""Names and kinds of the records in, the Chinese that the check's reader sees out."""

import re
from typing import Final

from assistant.records import Basis, Bound, Claim, Figure, Role, Story, StoryKind

KINDS: Final = {
    StoryKind.NEWS: "新闻",
    StoryKind.BRIEF: "简讯",
    StoryKind.COMMENTARY: "评论",
    StoryKind.DATA_BOX: "数据框",
    StoryKind.QUOTE_BOX: "语录框",
    StoryKind.PHOTO_NEWS: "图片新闻",
    StoryKind.PACKAGE_INTRO: "专题导语",
    StoryKind.ORPHAN_TAIL: "残稿（开头不在本版）",
    StoryKind.HEADLESS: "无题稿",
    StoryKind.CAPTION: "图片说明",
    StoryKind.ADVERT: "广告",
    StoryKind.CREDITS: "报头与版面署名",
}
BOUNDS: Final = {
    Bound.EXACT: "恰为",
    Bound.ABOUT: "约",
    Bound.AT_LEAST: "至少",
    Bound.MORE_THAN: "超过",
    Bound.AT_MOST: "至多",
    Bound.LESS_THAN: "不到",
}
BASES: Final = {Basis.PRINTED: "所印", Basis.INFERRED: "由版面日期推知", Basis.UNKNOWN: "不明"}
DOUBTS: Final = {
    "above-hundred": "百分数过百",
    "conflict": "两处不一",
    "confusable": "易混",
    "direction": "升降相反",
    "growth": "增速不合",
    "increase": "增量不合",
    "incommensurable": "不可相等",
    "leap": "骤变",
    "magnitude": "数量级悬殊",
    "part-above-whole": "部分大于整体",
    "parts-growth": "分项与合计不合",
    "physics": "不合物理",
    "power-of-ten": "差十的整倍",
    "precision": "精度不一",
    "range": "超出取值范围",
    "rhythm": "节奏不合",
    "share": "占比不合",
    "subsidy": "补贴过高",
    "sum": "合计不合",
    "term": "指标名可疑",
    "text-conflict": "文字不一",
    "unit": "单位不合",
    "unit-price": "单价不合",
}
READERS: Final = {
    "text": "文本",
    "html": "网页",
    "docx": "Word",
    "pdf": "PDF",
    "ocr": "扫描件（OCR）",
    "pdf, ocr": "PDF，部分页为扫描件（OCR）",
}
_BASES: Final = (
    (re.compile(r"given$"), "由命令行指定"),
    (re.compile(r"front matter$"), "文件头所载"),
    (re.compile(r"file name$"), "文件名所示"),
    (re.compile(r"printed$"), "版面所印"),
)
_YEAR: Final = re.compile(r"inferred: (\d{4}) is (?:the latest year printed|told with its total, and 今年 follows it)")
_NEWS: Final = re.compile(r", with news of (.{1,12})$")


def basis(known: str) -> str:
    """How a page's date is known: the words of ``ingest.dates``, or those of the front matter as they are."""
    for pattern, words in _BASES:
        if pattern.match(known):
            return words
    if not (year := _YEAR.match(known)):
        return known or "不明：版面上没有可据以推断的日期"
    how = f"所印年份以 {year[1]} 年为最近"
    if "told with its total" in known:
        how = f"{year[1]} 年已有全年之数，文中又说“今年”，当是次年"
    news = _NEWS.search(known)
    return f"推断：{how}" + (f"，又有{news[1]}的消息" if news else "")


def lacks(story: Story) -> str:
    """What of the story is not on the page; empty for one that is whole."""
    if story.complete:
        return ""
    body = [block for block in story.blocks if block.role is Role.BODY]
    missing = []
    if not any(block.role is Role.HEADING for block in story.blocks):
        missing.append("标题")
    if any(block.opens for block in body[:1]):
        missing.append("开头")
    if any(block.opens for block in body[1:]) or any(block.breaks for block in body[:-1]):
        missing.append("中间一部分")
    if any(block.breaks for block in body[-1:]):
        missing.append("结尾")
    if not body:
        missing.append("正文")
    return "、".join(missing) or "一部分"


def doubt(kind: str) -> str:
    """The name of a suspicion's kind; one that is new is named as it is."""
    return DOUBTS.get(kind, kind)


def bounded(figure: Figure) -> str:
    """The value in its base unit, digits grouped, with its bound: 超过 10,013,000,000 元."""
    text = f"{BOUNDS[figure.bound]} {figure.value.normalize():,f}"
    return text if figure.unit == "%" and (text := f"{text}%") else f"{text} {figure.unit}"


def period(claim: Claim, *, days: bool) -> str:
    """When the claim holds, with how that is known; ``days``: with its first and last day."""
    one = claim.period
    begin, end = (day.isoformat() if day else "" for day in (one.start, one.end))
    span = begin if begin == end else f"{begin} 至 {end}" if begin and end else f"自 {begin}" if begin else f"至 {end}"
    label = one.label or span
    if not label:
        return "不明"
    known = (span if days and span != label else "", BASES[one.basis])
    return f"{label}（{'，'.join(part for part in known if part)}）"
