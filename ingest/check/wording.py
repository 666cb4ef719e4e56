"""Names and kinds of the records in, what the check's reader sees out, in Chinese and in English."""

import re
from typing import Final

from assistant.records import Basis, Bound, Claim, Figure, Role, Story, StoryKind
from ingest.check.shown import Both

KINDS: Final = {
    StoryKind.NEWS: ("新闻", "news"),
    StoryKind.BRIEF: ("简讯", "brief"),
    StoryKind.COMMENTARY: ("评论", "commentary"),
    StoryKind.DATA_BOX: ("数据框", "data box"),
    StoryKind.QUOTE_BOX: ("语录框", "quotations"),
    StoryKind.PHOTO_NEWS: ("图片新闻", "photo news"),
    StoryKind.PACKAGE_INTRO: ("专题导语", "lead of a package"),
    StoryKind.ORPHAN_TAIL: ("残稿（开头不在本版）", "remainder (its beginning is on another page)"),
    StoryKind.HEADLESS: ("无题稿", "no headline"),
    StoryKind.CAPTION: ("图片说明", "caption"),
    StoryKind.ADVERT: ("广告", "advert"),
    StoryKind.CREDITS: ("报头与版面署名", "masthead and credits"),
}
BOUNDS: Final = {
    Bound.EXACT: ("恰为", "exactly"),
    Bound.ABOUT: ("约", "about"),
    Bound.AT_LEAST: ("至少", "at least"),
    Bound.MORE_THAN: ("超过", "more than"),
    Bound.AT_MOST: ("至多", "at most"),
    Bound.LESS_THAN: ("不到", "less than"),
}
BASES: Final = {
    Basis.PRINTED: ("所印", "printed"),
    Basis.INFERRED: ("由版面日期推知", "from the page's date"),
    Basis.UNKNOWN: ("不明", "unknown"),
}
DOUBTS: Final = {
    "above-hundred": ("百分数过百", "per cent above 100"),
    "conflict": ("两处不一", "two places differ"),
    "confusable": ("易混", "easily mistaken"),
    "direction": ("升降相反", "rise told as fall"),
    "growth": ("增速不合", "growth does not fit"),
    "increase": ("增量不合", "increase does not fit"),
    "incommensurable": ("不可相等", "cannot be equal"),
    "leap": ("骤变", "sudden change"),
    "magnitude": ("数量级悬殊", "another order of magnitude"),
    "part-above-whole": ("部分大于整体", "part above whole"),
    "parts-growth": ("分项与合计不合", "parts do not make the whole"),
    "physics": ("不合物理", "against physics"),
    "power-of-ten": ("差十的整倍", "off by a power of ten"),
    "precision": ("精度不一", "another precision"),
    "range": ("超出取值范围", "out of range"),
    "rhythm": ("节奏不合", "does not fit the pace"),
    "share": ("占比不合", "share does not fit"),
    "subsidy": ("补贴过高", "subsidy too high"),
    "sum": ("合计不合", "sum does not fit"),
    "term": ("指标名可疑", "doubtful name of a metric"),
    "text-conflict": ("文字不一", "words differ"),
    "unit": ("单位不合", "unit does not fit"),
    "unit-price": ("单价不合", "unit price does not fit"),
}
READERS: Final = {
    "text": ("文本", "text"),
    "html": ("网页", "web page"),
    "docx": ("Word", "Word"),
    "pdf": ("PDF", "PDF"),
    "ocr": ("扫描件（OCR）", "scan (OCR)"),
    "pdf, ocr": ("PDF，部分页为扫描件（OCR）", "PDF, some pages scans (OCR)"),
}
_BASES: Final = (
    (re.compile(r"given$"), ("由命令行指定", "given on the command line")),
    (re.compile(r"front matter$"), ("文件头所载", "in the file's front matter")),
    (re.compile(r"file name$"), ("文件名所示", "in the file's name")),
    (re.compile(r"printed$"), ("版面所印", "printed on the page")),
)
_YEAR: Final = re.compile(r"inferred: (\d{4}) is (?:the latest year printed|told with its total, and 今年 follows it)")
_NEWS: Final = re.compile(r", with news of (.{1,12})$")


def basis(known: str) -> Both:
    """How a page's date is known: the words of ``ingest.dates``, or those of the front matter as they are."""
    for pattern, words in _BASES:
        if pattern.match(known):
            return words
    if not known:
        return ("不明：版面上没有可据以推断的日期", "unknown: the page prints no date to go by")
    if not (year := _YEAR.match(known)):
        return (known, known)
    how = (f"所印年份以 {year[1]} 年为最近", f"{year[1]} is the latest year printed")
    if "told with its total" in known:
        how = (
            f"{year[1]} 年已有全年之数，文中又说“今年”，当是次年",
            f"{year[1]} is told with its total, and 今年 (this year) follows it",
        )
    news = _NEWS.search(known)
    also = (f"，又有{news[1]}的消息", f", with news of {news[1]}") if news else ("", "")
    return (f"推断：{how[0]}{also[0]}", f"inferred: {how[1]}{also[1]}")


def lacks(story: Story) -> Both:
    """What of the story is not on the page; empty for one that is whole."""
    if story.complete:
        return ("", "")
    body = [block for block in story.blocks if block.role is Role.BODY]
    missing: list[Both] = []
    if not any(block.role is Role.HEADING for block in story.blocks):
        missing.append(("标题", "headline"))
    if any(block.opens for block in body[:1]):
        missing.append(("开头", "beginning"))
    if any(block.opens for block in body[1:]) or any(block.breaks for block in body[:-1]):
        missing.append(("中间一部分", "a part in the middle"))
    if any(block.breaks for block in body[-1:]):
        missing.append(("结尾", "end"))
    if not body:
        missing.append(("正文", "text"))
    chinese, english = "、".join(one[0] for one in missing), ", ".join(one[1] for one in missing)
    return (chinese or "一部分", english or "a part")


def doubt(kind: str) -> Both:
    """The name of a suspicion's kind; one that is new is named as it is."""
    return DOUBTS.get(kind, (kind, kind))


def bounded(figure: Figure) -> Both:
    """The value in its base unit, digits grouped, with its bound: 超过 10,013,000,000 元, more than …."""
    value = f"{figure.value.normalize():,f}"
    value += "%" if figure.unit == "%" else f" {figure.unit}"
    chinese, english = BOUNDS[figure.bound]
    return (f"{chinese} {value}", f"{english} {value}")


def period(claim: Claim, *, days: bool) -> Both:
    """When the claim holds, with how that is known; ``days``: with its first and last day."""
    one = claim.period
    begin, end = (day.isoformat() if day else "" for day in (one.start, one.end))
    span: Both = (begin, begin)
    if begin != end:
        both_ends = (f"{begin} 至 {end}", f"{begin} to {end}")
        span = both_ends if begin and end else (f"自 {begin}", f"from {begin}") if begin else (f"至 {end}", f"to {end}")
    label: Both = (one.label, one.label) if one.label else span
    if not label[0]:
        return BASES[Basis.UNKNOWN]
    known = BASES[one.basis]
    shown_span = days and bool(span[0]) and span != label
    return (
        f"{label[0]}（{f'{span[0]}，' if shown_span else ''}{known[0]}）",
        f"{label[1]} ({f'{span[1]}, ' if shown_span else ''}{known[1]})",
    )
