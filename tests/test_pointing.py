"""Which figure of a sentence a question asks for, which questions it is made of, and how sure an answer is."""

import numpy as np
import pytest
from conftest import printed_passage

from assistant import asks, confidence, evidence, pointing
from assistant.lexical import Lexical
from assistant.question import understand
from assistant.records import Evidence, Hit
from evals import pointing as measured
from evals.gold import Fact, GoldItem, Kind

EARTHWORMS = "木林村基地已卖蚯蚓约1000斤，收益9000元；将牛粪运来基地，每吨还能获得60元的收益。"
INDUSTRIES = "铝及铝加工产业集群企业数增长至58家，发展势头强劲；五金产业从无到有，16家企业汇聚于此。"
# (question, sentence, figure): a sentence of several figures, one of which is asked for
POINTED = (
    ("袭击造成多少人受伤？", "爆炸造成11人死亡，8人受伤。", "8人"),
    ("爆炸造成几人死亡？", "爆炸造成11人死亡，8人受伤。", "11人"),
    ("松石铝业一年排多少二氧化硫？", "松石铝业一年排放的颗粒物为26.5吨，氟化物为98吨，二氧化硫为3105吨。", "3105吨"),
    ("供电所今年完成多少项配网改造？", "供电所已完成主网工程12项、配网改造903项。", "903项"),
    ("工业投资的占比提升后是多少？", "工业投资占固定资产投资的比重，从16.2%提升到33.8%。", "33.8%"),
    ("肇云侗寨今年的增长率是多少？", "镇水古城和肇云侗寨最为突出，增长率分别达21%和72%。", "72%"),
    ("镇水古城今年的增长率是多少？", "镇水古城和肇云侗寨最为突出，增长率分别达21%和72%。", "21%"),
    ("园区目前有多少家企业？", "园区2021年有企业21家，目前增长至57家。", "57家"),
    ("2021年园区有多少家企业？", "园区2021年有企业21家，目前增长至57家。", "21家"),
    ("松石股份回购的交易金额是什么？", "松石股份以每股9.45元回购股份12万股，付出总额113万元。", "113万元"),
    ("其中规上企业有几家？", "园区聚集电池企业16家，其中规上企业13家。", "13家"),
    ("这批吉他一年产销多少把？", "园区有配套企业145家，吉他年产销约230万把。", "约230万把"),
    ("养护出动了多少人？", "园林中心组织71名人员对河边1400余株樱花树开展养护。", "71名"),
    # of each one where the question asks of one, of all where it asks of all
    ("把牛粪拉到木林村基地，一吨能卖多少钱？", EARTHWORMS, "60元"),
    ("木林村基地卖蚯蚓收益多少钱？", EARTHWORMS, "9000元"),
    # of the industry that is spoken of last before it
    ("木林园区的铝产业集群有多少家企业？", INDUSTRIES, "58家"),
    ("木林园区的五金产业有多少家企业？", INDUSTRIES, "16家"),
    # 绿电 and 绿色用电 share letters and no pair of them
    ("松石铝业绿电占了多少？", "松石铝业水电占用电总量的61.4%，绿色用电占37.02%。", "37.02%"),
    # what is made may be counted or measured by its power: its own word decides, not the order of kinds
    ("全县电动车产能是多少？", "全县电动车产能达53GWh，电动车产量突破24万辆。", "53GWh"),
    ("全县电动车产量是多少？", "全县电动车产能达53GWh，电动车产量突破24万辆。", "突破24万辆"),
    ("铝液运到时还有多少度？", "铝液出厂时950摄氏度，运到时还有850摄氏度。", "850摄氏度"),
)


def weight(term: str) -> float:
    """Each term counts alike."""
    return 1.0 if len(term) > 1 else 0.5


def asked(question: str) -> pointing.Asked:
    """The question, read with terms that count alike."""
    return pointing.asked(understand(question), weight)


@pytest.mark.parametrize(("question", "sentence", "figure"), POINTED)
def test_the_figure_that_is_asked_for(question: str, sentence: str, figure: str) -> None:
    """Its own words, unit, period and place in the sentence tell it from its neighbours."""
    passage = printed_passage(sentence)
    point = pointing.pointed(asked(question), passage, (0, len(sentence)))
    assert point is not None
    assert point.figure.text == figure
    assert point.lead > 0


def test_a_figure_of_another_kind_is_not_pointed_at() -> None:
    """Money does not answer how many; where no number is asked for, none is pointed at."""
    passage = printed_passage("园区投资3亿元。")
    assert pointing.pointed(asked("园区有多少名职工？"), passage, (0, len(passage.text))) is None
    assert pointing.pointed(asked("园区是谁建的？"), passage, (0, len(passage.text))) is None


def test_signs_have_weights() -> None:
    """Every sign of a figure is weighed, and every weight is of a sign."""
    passage = printed_passage("园区2021年有企业21家，目前增长至57家。")
    for signs in pointing.read(asked("园区有多少家企业？"), passage, (0, len(passage.text))).values():
        assert set(signs) == set(pointing.WEIGHTS)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("松石铝业的颗粒物和二氧化硫各排多少？", ("松石铝业的颗粒物排多少", "二氧化硫排多少")),
        ("项目一年用掉多少瓦斯、发多少电？", ("项目一年用掉多少瓦斯", "发多少电")),
        ("游客量和旅游收入，同比各增多少？", ("游客量同比增多少", "旅游收入同比增多少")),
        ("集群眼下有多少家企业，当中规上的是几家？", ("集群眼下有多少家企业", "当中规上的是几家")),
        ("2024年和2025年分别投放了多少贷款？", ("2024年投放了多少贷款", "2025年投放了多少贷款")),
        ("贡献率由多少变成多少？", ()),
        ("园区产值是多少？", ()),
        ("多少多少多少多少多少，多少？", ()),
        ("", ()),
    ],
)
def test_the_questions_that_a_question_is_made_of(text: str, parts: tuple[str, ...]) -> None:
    """Each asks for one figure; what asks for one, or from what to what, is not taken apart."""
    assert asks.split(text) == parts
    assert [one.text for one in understand(text or "？").asks] == list(parts)


def chosen(question: str, *sentences: str, date: str = "2025-06") -> tuple[Evidence, ...]:
    """The evidence that the question finds in passages of one sentence each."""
    passages = [printed_passage(text, date=date) for text in sentences]
    lexical = Lexical.build(passages)
    hits = tuple(Hit(passage, 1.0) for passage in passages)
    return evidence.select(understand(question), hits, lexical, most=6, budget=400)


def test_each_of_several_questions_finds_its_own_figure() -> None:
    """No figure answers two of them, and one sentence that has them all goes before two that have one each."""
    found = chosen(
        "松石铝业的颗粒物和二氧化硫各排多少？",
        "松石铝业一年排放的颗粒物为26.5吨，氟化物为98吨，二氧化硫为3105吨。",
        "竹溪电厂排放二氧化硫7吨。",
    )
    told = {ask: figure.text for one in found for ask, figure in one.told}
    assert told == {0: "26.5吨", 1: "3105吨"}


@pytest.mark.parametrize(
    ("right", "wrong", "sentence"),
    [
        ("松石铝业今年产值多少亿元？", "松石铝业二期总投资多少亿元？", "松石铝业二期投建后，今年产值预计达到5亿元。"),
        ("木林村基地收益多少元？", "木林村基地有多少名员工？", "木林村基地已销售蚯蚓约900斤，收益8000元。"),
        ("松石集团累计投入多少资金？", "松石集团赚了多少利润？", "松石集团五年累计投入资金超过30亿元。"),
        ("园区2024年产值是多少？", "园区2023年产值是多少？", "2024年，园区产值突破52亿元。"),
        ("松石铝业2024年出口额是多少？", "松石铝业2024年实际出口额是多少？", "松石铝业预计2024年出口额3000万元。"),
        ("竹溪县工业产值年均增长多少？", "竹溪县工业产值2023年增长多少？", "竹溪县工业产值年均增长7.3%。"),
    ],
)
def test_what_is_not_printed_is_less_sure_than_what_is(right: str, wrong: str, sentence: str) -> None:
    """Another measure, another unit, another year: the figure beside it is not offered with the same confidence."""
    other = "竹溪县今年接待游客12万人次。"
    sure = {question: _best(chosen(question, sentence, other)) for question in (right, wrong)}
    assert sure[right] > sure[wrong] + 1


def _best(found: tuple[Evidence, ...]) -> float:
    return max((one.sure for one in found if one.pointed), default=-9.0)


def test_signs_of_confidence_have_weights() -> None:
    """Every sign is weighed, and a figure's log-odds are their sum."""
    found = chosen("园区2024年产值是多少？", "2024年，园区产值突破52亿元，增长7%。")
    signs = confidence.read(asked("园区2024年产值是多少？"), found, 0)
    assert set(signs) == set(confidence.WEIGHTS)
    with pytest.raises(ValueError, match="no figure"):
        confidence.read(asked("园区是谁建的？"), chosen("园区是谁建的？", "园区产值52亿元。"), 0)


def test_another_industrys_figure_is_not_offered_as_surely() -> None:
    """The output of the one cluster does not answer for another that the page names, too."""
    sentence = "木林园区的铝及铝加工产业集群产值增长到130亿元；五金产业从无到有，16家企业汇聚于此。"
    sure = [
        _best(chosen(f"木林园区的{name}产业产值是多少？", sentence, "竹溪县今年接待游客12万人次。"))
        for name in ("铝", "五金")
    ]
    assert sure[0] > sure[1] + 2


@pytest.mark.parametrize("wanted", ["税收", "出口额", "贷款"])
def test_what_measures_something_else_answers_less_surely_than_not(wanted: str) -> None:
    """The output of a group is none of its taxes, exports or loans, though all else fits."""
    sentence = "2025年，远岭集团实现的产值为36亿元。"
    sure = [
        _best(chosen(f"远岭集团2025年{name}是多少？", sentence, "竹溪县今年接待游客12万人次。"))
        for name in ("产值", wanted)
    ]
    assert sure[0] > sure[1] + 3


def test_what_is_measured_is_read_of_the_same_signs() -> None:
    """The sentence that answers is found by signs that all have weights; so is the figure that is offered first."""
    passage = printed_passage("园区2021年有企业21家，目前增长至57家。")
    query = understand("园区目前有多少家企业？")
    figure = next(one for one in passage.figures if one.text == "57家")
    item = GoldItem("1", query.text, Kind.FIGURE, (Fact(figure.value, figure.unit, figure.bound, figure.text),))
    case = measured.Case("园区", item, query, (Hit(passage, 1.0),), Lexical.build([passage]), lambda _: "")
    assert measured.choose(measured.sentences([case]), np.array(list(pointing.WEIGHTS.values()))) == 1
    assert [bool(one.right[0]) for one in measured.offers([case])] == [True]
