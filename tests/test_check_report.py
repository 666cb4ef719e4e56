"""Reports of a checked draft: what needs a look first, in every form, and nothing of a draft becomes markup."""

import ast
import json
import re
from html.parser import HTMLParser

import pytest
from conftest import ROOT

from assistant import check
from assistant.check import english, report, sheet
from assistant.records import Checked, Verdict

SOURCE = "2024年，青禾开发区规上工业总产值突破52.36亿元。兰亭开发区规上工业总产值为31.07亿元。"
DRAFT = (
    "2024年，青禾开发区规上工业总产值突破52.36亿元，兰亭开发区31.07亿元。\n"
    "青禾开发区规上工业总产值突破52.63亿元<script>alert(1)</script>[x](http://y)。"
)


@pytest.fixture(scope="module")
def checked() -> Checked:
    return check(DRAFT, [SOURCE], suspicions=())


def test_the_summary_counts_every_number(checked: Checked) -> None:
    """Quoted, computed and unsupported add up to all; a text without numbers says so."""
    assert f"共{len(checked.numbers)}个数字" in report.summary(checked)
    assert f"{len(checked.unsupported)}个未证实" in report.summary(checked)
    assert "没有要核对的数字" in report.summary(check("没有。", [SOURCE]))


def test_the_terminal_shows_what_needs_a_look(checked: Checked) -> None:
    """Line, number, reason, the draft's words and the source's; with ``every`` the rest too, after them."""
    text = report.text(checked)
    assert "✗ 第2行 “突破52.63亿元”" in text
    assert "突破52.36亿元" in text
    assert "✓" not in text
    everything = report.text(checked, every=True)
    assert everything.count("✓") == sum(one.verdict is Verdict.QUOTED for one in checked.numbers)
    assert everything.index("✗") < everything.index("✓")


def test_json_holds_the_record(checked: Checked) -> None:
    """Each number with its line, offsets into the draft, verdict, fault, reason and citations."""
    told = json.loads(report.to_json(checked))
    assert told["counts"]["unsupported"] == len(checked.unsupported)
    for number in told["numbers"]:
        assert DRAFT[number["start"] : number["end"]] == number["text"]
        assert number["line"] == DRAFT.count("\n", 0, number["start"]) + 1
        assert (number["verdict"] == "unsupported") == bool(number["reason"])


class _Tags(HTMLParser):
    """Which tags a page has, what targets it offers, and where its links lead."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.ids: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        given = dict(attrs)
        self.ids += [given["id"] or ""] if "id" in given else []
        self.links += [given["href"] or ""] if "href" in given else []


def test_the_page_is_safe_and_its_links_lead_somewhere(checked: Checked) -> None:
    """No script, no address: every link is to an entry of the page, and each id is there once."""
    page = sheet.html(checked, "稿件<b>.docx")
    seen = _Tags()
    seen.feed(page)
    assert not seen.tags & {"script", "b", "img", "iframe"}
    assert "&lt;script&gt;" in page
    assert len(seen.ids) == len(set(seen.ids))
    assert {link.removeprefix("#") for link in seen.links} <= set(seen.ids)
    assert page.count('<li class="card') == len(checked.numbers)


def test_markdown_lets_nothing_through(checked: Checked) -> None:
    """A draft's markup is shown, not obeyed; one row a number."""
    told = report.markdown(checked)
    assert "<script>" not in told
    assert sum(row.startswith(("| ✗", "| ✓", "| ＝")) for row in told.splitlines()) == len(checked.numbers)


def _reasons() -> set[str]:
    """The texts that ``reasons`` can give, 甲乙丙… in place of what they name; of bounds one of each name."""
    tree = ast.parse((ROOT / "assistant" / "check" / "reasons.py").read_text("utf-8"))
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            names = iter("甲乙丙丁")
            found.add("".join(str(one.value) if isinstance(one, ast.Constant) else next(names) for one in node.values))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and re.search("来源|数字在", node.value):
            found.add(node.value)
    return found


def test_every_reason_has_its_english() -> None:
    """Whatever form a reason has, its English keeps what it names and none of the Chinese around it."""
    whole = {one for one in _reasons() if re.match("来源|数字|升降|百分比", one) and not one.endswith("：")}
    joined = {f"来源里没有这个数字{one[1:]}" for one in _reasons() if re.match("甲[；，]", one) and "乙，" not in one}
    bounds = {one.replace("乙", "约数").replace("丙", "确数") for one in whole if "稿中写成" in one}
    forms = {one for one in whole if "稿中写成" not in one} | joined | bounds
    assert len(forms) >= 12
    for form in forms:
        told = english.reason(form)
        assert re.sub("[^甲乙丙丁]", "", told) == re.sub("[^甲乙丙丁]", "", form), form
        assert not re.search("[一-鿿]", re.sub("[甲乙丙丁]", "", told)), (form, told)
    assert english.reason("未曾见过的理由") == "未曾见过的理由"
    assert english.reason("160亿元÷60亿元≈2.67倍") == "160亿元÷60亿元≈2.67倍"
