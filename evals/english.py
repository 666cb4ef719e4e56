"""What a report says in Chinese in, the same in English out: its labels, and the reasons that the scorer gives.

Reasons are filed in Chinese, with figures and names as printed; here each of their forms has its English one, which
keeps those. A reason of no known form stays as it is filed.
"""

from typing import Final

from assistant.forms import turned
from assistant.records import Verdict
from evals.causes import Cause
from evals.gold import Kind
from evals.score import Outcome

OUTCOMES: Final = {
    Outcome.CORRECT: "right",
    Outcome.PARTIAL: "partly",
    Outcome.WRONG: "wrong",
    Outcome.DECLINED: "declined",
    Outcome.UNSCORED: "not judged",
}
CAUSES: Final = {
    Cause.NOT_RETRIEVED: "not retrieved",
    Cause.NOT_IN_EVIDENCE: "not taken as evidence",
    Cause.WRONGLY_DECLINED: "declined with evidence",
    Cause.CHECK_FAILED: "figure failed the check",
    Cause.NOT_COMPUTED: "not computed rightly",
    Cause.NOT_DOUBTED: "doubt not told",
    Cause.WRONG_POINTER: "pointed elsewhere",
    Cause.NOT_DECLINED: "should have declined",
}
LABELS: Final = {
    Kind.FIGURE.value: "one figure",
    Kind.MULTI_FIGURE.value: "several figures",
    Kind.COMPARE.value: "comparison",
    Kind.COMPUTE.value: "computation",
    Kind.TEXT.value: "text",
    Kind.LIST.value: "list",
    Kind.CONFLICT.value: "doubt",
    Kind.UNANSWERABLE.value: "not printed",
    Verdict.QUOTED.value: "as printed",
    Verdict.COMPUTED.value: "computed",
    Verdict.UNSUPPORTED.value: "not verified",
}

# The forms of evals.score and evals.about; what a form leaves open is kept as it is printed. The longer form first:
# 答的是甲，不是乙 before 答的是甲.
_FORMS: Final = (
    ("版面有答案，却答没有写到", "the pages have the answer, but it was declined"),
    ("界限词不同：原文{}，答{}", "another bound: printed {}, answered {}"),
    ("答的是{}，丢了{}的单位", "answered {}, without the unit of {}"),
    ("答的是{}，而版面没有写到", "answered {}, which the pages do not print"),
    ("没有说明版面未写，而版面没有写到", "the pages do not print it, and the answer does not say so"),
    ("答的是{}，不是{}", "answered {}, not {}"),
    ("只答了{}，{}只在引文里", "answered {} alone; {} is only in a quotation"),
    ("先答{}，后面的句子才有{}", "answered {} first, {} only in a later sentence"),
    ("{}列在另外{}个数字之后，没有指明", "{} stands behind {} other figures, not pointed at"),
    ("{}与{}同在一个分句，且在它之前", "{} stands in one clause with {}, before it"),
    ("指出了疑点，但没有答出{}", "the doubt is told, but not {}"),
    ("没有答出{}", "{} is not told"),
    ("题目的数字读不出来，无法评", "the question's own figure cannot be read, so nothing is judged"),
    ("题目没有写要找什么，无法评", "the question does not tell what to look for, so nothing is judged"),
    ("没有提到{}", "{} is not mentioned"),
    ("只列出算{}要用的数字，没有算出结果", "tells what {} is computed from, but not the result"),
    ("照答{}，没有提示存疑", "answered {} without the doubt"),
    ("既没有答出印出的数字，也没有提示存疑", "neither the printed figure nor the doubt is told"),
    ("{}时间不对：问的是{}，答的是{}", "{}: another time: asked for {}, answered for {}"),
    ("{}主体不对：问的是{}，答的是{}", "{}: another subject: asked for {}, answered for {}"),
    ("{}方向相反：{}，答的是下降", "{}: the other way: {}, answered as a fall"),
    ("{}方向相反：{}，答的是增加", "{}: the other way: {}, answered as a rise"),
    ("{}引自别处：{}，所问的数字不在这一篇", "{}: quoted from {}, which does not print the figure asked for"),
)


def reason(chinese: str) -> str:
    """A filed reason in English, figures and names as filed; one of no known form unchanged."""
    return turned(chinese, _FORMS) or chinese
