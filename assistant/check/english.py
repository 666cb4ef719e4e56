"""A reason that ``reasons`` gives in Chinese in, the same in English out, figures and names as printed."""

from typing import Final

from assistant.forms import turned

_KINDS: Final = {
    "确数": "exact",
    "约数": "about",
    "下限": "at least",
    "超过": "more than",
    "上限": "at most",
    "不到": "less than",
}
_FORMS: Final = (
    ("来源里没有这个数字", "the pages do not print this figure"),
    ("来源里没有这个日期", "the pages do not print this date"),
    ("来源里没有这个编号、比分或名称", "the pages do not print this number, score or name"),
    ("升降相反：来源说的是另一个方向的{}", "rise and fall exchanged: the page tells {} the other way"),
    ("数字在，时间不同：来源说的是{}", "printed, but of another time: {}"),
    ("数字在，主体不同：来源说的是{}", "printed, but of another subject: {}"),
    ("数字在，主体不同", "printed, but of another subject"),
    ("数字在，说的是别的事：{}", "printed, but of something else: {}"),
    ("数字在，说的是别的事", "printed, but of something else"),
    ("百分比与百分点不同：来源是{}", "per cent and percentage points exchanged: the page has {}"),
    ("数字相同，数量级不同：来源是{}", "the same digits, another order of magnitude: the page has {}"),
    ("数字相同，单位不同：来源是{}", "the same digits, another unit: the page has {}"),
    *(
        (
            f"来源是{{}}（{printed}），稿中写成{stated}",
            f"the page has {{}} ({_KINDS[printed]}), the draft makes it {_KINDS[stated]}",
        )
        for printed in _KINDS
        for stated in _KINDS
    ),
    ("来源这里写的是{}", "here the page prints {}"),
    ("相近处写的是{}", "near it the page prints {}"),
    ("来源写作{}", "the page words it {}"),
    ("来源是{}", "the page has {}"),
)
_SECOND: Final = ("；来源这里写的是", "，相近处写的是")  # a second part, after a first one that has a form of its own


def reason(chinese: str) -> str:
    """The reason in English; one of no known form unchanged."""
    for joint in _SECOND:
        first, found, here = chinese.rpartition(joint)
        if found and (told := turned(first, _FORMS)) is not None:
            return f"{told}; {turned(joint[1:] + here, _FORMS)}"
    return turned(chinese, _FORMS) or chinese
