"""Names and their variants. Every firm, park and person here was made up."""

import pytest
from conftest import steps

from assistant import aliases, mentions
from assistant.records import NameKind

PAGE = (
    "贵州远岭铝业有限责任公司位于清镇市。远岭铝业今年产值3亿元，远岭公司计划扩建。"
    "贵州清溪经济开发区管理委员会介绍，清溪经开区已有企业40家。"
    "林城市恒川商贸有限公司（以下简称“恒川商贸”）与贵州云汉电子科技有限公司签约，云汉电子科技负责供货。"
)


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("记者走进贵州远岭铝业有限公司看到", "贵州远岭铝业有限公司", NameKind.FIRM),
        ("折射出清镇经开区的变化", "清镇经开区", NameKind.PARK),
        ("清镇经开区远岭卫浴有限公司投产", "远岭卫浴有限公司", NameKind.FIRM),
        ("由云汉集团贵州能源科技有限公司回收", "云汉集团贵州能源科技有限公司", NameKind.FIRM),
        ("在开阳县人民法院立案", "开阳县人民法院", NameKind.AGENCY),
        ("开阳县工业和信息化局副局长说", "开阳县工业和信息化局", NameKind.AGENCY),
        ("公司总经理周远岭介绍，订单充足", "周远岭", NameKind.PERSON),
        ("来到惠水县好花红镇弄苑村", "惠水县好花红镇弄苑村", NameKind.PLACE),
        ("云顶山、月牙湖、松子坪三大景区游人如织", "月牙湖", NameKind.SITE),
        ("加快形成新发展格局，推动电力市场化改革", "", None),
        ("这家企业是一家从事加工的公司", "", None),
    ],
)
def test_a_name_is_told_by_its_form_and_cut_where_it_begins(text: str, name: str, kind: NameKind | None) -> None:
    found = [
        (m.text, m.kind) for m in mentions.mentions(text) if m.kind is not NameKind.PLACE or kind is NameKind.PLACE
    ]
    assert ((name, kind) in found) if kind else not found


def test_offsets_hold() -> None:
    for mention in aliases.learn([PAGE]).mentions(PAGE):
        assert PAGE[mention.start : mention.end] == mention.text


def test_short_names_are_learned_from_the_page() -> None:
    known = aliases.learn([PAGE])
    full = "贵州远岭铝业有限责任公司"
    assert known.canonical("远岭铝业") == known.canonical("远岭公司") == full
    assert known.same("恒川商贸", "林城市恒川商贸有限公司")
    assert known.same("云汉电子科技", "贵州云汉电子科技有限公司")
    assert known.same("清溪经开区", "贵州清溪经济开发区")


def test_names_of_one_brand_are_related_but_not_one() -> None:
    known = aliases.learn(["贵州恒峰铝制品有限公司", "贵州恒峰科技集团有限公司"])
    assert not known.same("贵州恒峰铝制品有限公司", "贵州恒峰科技集团有限公司")
    assert known.related("贵州恒峰铝制品有限公司", "贵州恒峰科技集团有限公司")


def test_a_look_alike_is_proposed_and_marked_never_joined() -> None:
    known = aliases.learn(["贵州大远煤业有限公司投产", "贵州太远煤业有限公司投产"])
    one, other = "贵州大远煤业有限公司", "贵州太远煤业有限公司"
    assert [{alias.name, alias.other} for alias in known.proposed] == [{one, other}]
    assert known.proposed[0].reason
    assert not known.same(one, other)
    assert known.same(one, other, proposals=True)


def test_places_and_agencies_have_short_forms() -> None:
    known = aliases.learn([])
    assert known.same("黔南布依族苗族自治州", "黔南州")
    assert known.same("黔南州人社局", "黔南州人力资源和社会保障局")
    assert not known.same("遵义市", "铜仁市")


def test_banks_of_two_cities_are_two() -> None:
    known = aliases.learn(["贵阳银行放款", "遵义银行放款", "清镇经开区", "修文经开区"])
    assert known.proposed == ()


def test_steps_grow_no_faster_than_the_text() -> None:
    def taken(many: int) -> int:
        texts = ["远岭经开区有限公司" * (3 * many), "的" * (30 * many), "（以下简称" * (5 * many)]
        return steps(lambda: aliases.learn(texts))

    taken(10)
    assert taken(400) < 6 * taken(100)
