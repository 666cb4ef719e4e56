"""What a report says follows from its records alone; page, CSV and JUnit file hold whatever texts they are given."""

import ast
import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import visiting
from conftest import ROOT
from rich.console import Console

from assistant.errors import SettingError
from assistant.figures import find
from assistant.records import (
    Answer,
    Caveat,
    CaveatKind,
    Citation,
    Evidence,
    FigureCheck,
    Hit,
    Passage,
    Source,
    Span,
    Verdict,
)
from evals import causes, compare, english, export, filed, html, intervals, report, run
from evals.causes import Cause, Reach
from evals.filed import Record
from evals.gold import Fact, GoldItem, Kind, Result
from evals.score import Outcome, score

EVIL = "</script><img src=x onerror=alert(1)>\x07=1+1"
HEADER = {"system": "jushi", "model": "none", "gold": "g.jsonl", "date": "2025-01-02", "price": [1, 10]}


def item(number: int, kind: Kind = Kind.FIGURE, printed: str = "12家", **more: Any) -> GoldItem:
    figure = find(printed)[0]
    fact = Fact(figure.value, figure.unit, figure.bound, printed, "青禾开发区", "企业", "2024")
    facts = () if kind is Kind.UNANSWERABLE else (fact,)
    return replace(GoldItem(f"q{number}", f"问题{number}？", kind, facts, ("a.md#青禾",)), **more)


def evidence(text: str, key: str = "aaaaaa", score: float = 1.0) -> Evidence:
    passage = Passage("p", "s", Source("a.md", "青禾"), text, (Span(0, 0, len(text)),), find(text))
    return Evidence(key, passage, 0, len(text), passage.figures, score, 1.0)


def answer(text: str, *offered: Evidence, used: int = 1, **more: Any) -> Answer:
    cited = tuple(Citation(one.key, "p", one.passage.source, one.text, 0, 1) for one in offered[:used])
    return replace(Answer("？", text, cited, evidence=tuple(offered), usage={"read": 100, "written": 10}), **more)


def line(of: GoldItem, given: Answer, hits: Sequence[Hit] | None = None, seconds: float = 1.0) -> Record:
    return filed.record(of, given, seconds, hits)


RIGHT = line(item(1), answer("12家[aaaaaa]。", evidence("企业12家。", score=0.9)), seconds=1)
FALSE = line(item(2), answer("15家[bbbbbb]。", evidence("企业15家。", "bbbbbb", 0.5)), seconds=2)
REFUSED = line(item(3), answer("没有写到。", evidence("企业12家。"), used=0, declined=True), seconds=3)
SILENT = line(item(4, Kind.UNANSWERABLE), answer("没有写到。", used=0, declined=True), seconds=4)
TOLD = line(item(5, Kind.UNANSWERABLE), answer("9家[cccccc]。", evidence("企业9家。", "cccccc", 0.7)), seconds=5)
ALL = [RIGHT, FALSE, REFUSED, SILENT, TOLD]


def test_causes_are_the_first_broken_link() -> None:
    """Each item that is not right is told by the step at which it was lost, in the chain's order."""
    found, near = evidence("企业12家。"), evidence("企业15家。", "bbbbbb")
    hit, other = Hit(found.passage, 1.0), Hit(near.passage, 1.0)
    unsupported = (FigureCheck(find("15家")[0], Verdict.UNSUPPORTED),)
    table = [
        (item(1), answer("12家[aaaaaa]。", found), [hit], Cause.NONE),
        (item(1), answer("15家[bbbbbb]。", near), [other], Cause.NOT_RETRIEVED),
        (item(1), answer("15家[bbbbbb]。", near), [hit, other], Cause.NOT_IN_EVIDENCE),
        (item(1), answer("没有写到。", found, used=0, declined=True), [hit], Cause.WRONGLY_DECLINED),
        (item(1), answer("15家。", found, checks=unsupported), [hit], Cause.CHECK_FAILED),
        (item(1), answer("15家[bbbbbb]。", near, found), [hit, other], Cause.WRONG_POINTER),
        (item(1, Kind.CONFLICT), answer("12家[aaaaaa]。", found), [hit], Cause.NOT_DOUBTED),
        (
            item(1, Kind.COMPUTE, result=Result(find("3家")[0].value, "家"), formula="f1 - 9"),
            *(answer("12家[aaaaaa]。", found), [hit], Cause.NOT_COMPUTED),
        ),
        (item(1, Kind.UNANSWERABLE), answer("9家。"), [other], Cause.NOT_DECLINED),
        (item(1), answer("15家。"), None, Cause.WRONG_POINTER),
    ]
    for of, given, hits, cause in table:
        reached = causes.reach(of, hits, given)
        assert causes.cause(of, given, score(of, given), reached) is cause, (given.text, reached)


def test_a_line_is_judged_again_from_what_it_files() -> None:
    """The answer comes back whole from the file, so a new verdict needs no new answer; a corrected item counts."""
    given = answer(
        "12家[aaaaaa]。",
        evidence("企业12家，产值1.5亿元。"),
        checks=(FigureCheck(find("12家")[0], Verdict.QUOTED, "aaaaaa"),),
        caveats=(Caveat(CaveatKind.SUSPECT, "存疑", ("aaaaaa",), "12 > 9"),),
    )
    before = line(item(1), given)
    stored = json.loads(filed.as_json(before))
    assert filed.answer_of(stored).checks == given.checks
    assert filed.answer_of(stored).citations == given.citations
    assert filed.answer_of(stored).caveats == given.caveats
    assert json.loads(filed.as_json(filed.judge_again(item(1), stored))) == stored
    corrected = run.rescore([item(1, printed="13家")], [stored])[0]
    assert (corrected["verdict"], corrected["wanted"], corrected["text"]) == ("wrong", "13家", before["text"])
    with pytest.raises(SettingError, match="--gold"):
        run.rescore([item(9)], [stored])


def test_risk_falls_as_fewer_answers_are_let_through() -> None:
    """The curve goes from the surest answer to all that were given; what is declined is not covered."""
    assert report.risks(ALL) == [(0.2, 0.0), (0.4, 0.5), (0.6, 2 / 3)]
    assert report.risks([]) == []


def test_costs_are_those_of_the_price() -> None:
    """A price is of a million tokens, read and written; without one there is no cost."""
    assert report.cost(report.summarise(ALL), HEADER) == pytest.approx((500 * 1 + 50 * 10) / 1e6)
    assert report.cost(report.summarise(ALL), {**HEADER, "price": None}) is None


def test_intervals_hold_the_share() -> None:
    """A share lies within its interval, more answers make it narrower, and the same answers always the same."""
    few, many = [1.0, 0.0] * 10, [1.0, 0.0] * 200
    narrow, wide = intervals.interval(many), intervals.interval(few)
    assert wide[0] < narrow[0] <= 0.5 <= narrow[1] < wide[1]
    assert intervals.interval(few) == wide
    assert intervals.interval([]) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("better", "worse", "p"), [(0, 0, 1), (1, 0, 1), (5, 0, 0.0625), (9, 1, 0.0215), (6, 4, 0.754)]
)
def test_the_sign_test_is_exact(better: int, worse: int, p: float) -> None:
    """Values of the binomial table, two-sided; which run is first does not matter."""
    assert intervals.sign_test(better, worse) == pytest.approx(p, abs=1e-3)
    assert intervals.sign_test(worse, better) == intervals.sign_test(better, worse)


def test_a_comparison_is_paired_by_item() -> None:
    """Only items that both runs asked count; what one won and the other lost is told apart."""
    better = [{**FALSE, "verdict": "correct", "wrong_figure": False}, {**RIGHT, "verdict": "partial"}, REFUSED, TOLD]
    told = compare.compare(ALL, better, ("a", "b"))
    assert (told.items, told.alone) == (4, 1)
    accuracy, wrong, _ = told.differences
    assert (accuracy.gained, accuracy.lost, accuracy.difference, accuracy.p) == (1, 1, 0.0, 1.0)
    assert (wrong.gained, wrong.lost, wrong.first, wrong.second) == (0, 1, 0.5, 0.25)
    assert [(one.item, one.before, one.after) for one in told.changed] == [
        ("q1", "correct", "partial"),
        ("q2", "wrong", "correct"),
    ]
    console = Console(record=True, width=120)
    compare.show(told, console)
    assert "q2 wrong → correct" in console.export_text()
    assert json.loads(compare.to_json(told))["items"] == 4
    with pytest.raises(SettingError, match="no item in common"):
        compare.compare([RIGHT], [FALSE], ("a", "b"))


def evil() -> Record:
    """A record each of whose texts tries to leave its place."""
    bad = item(6, question=EVIL, tags=(EVIL,), stories=(f"a.md#{EVIL}",))
    return line(
        bad, answer(f"{EVIL}[aaaaaa]", evidence(f"{EVIL}企业12家。"), caveats=(Caveat(CaveatKind.SUSPECT, EVIL),))
    )


def test_the_page_holds_its_run_and_nothing_else() -> None:
    """The data reads back whole, no text of it opens or ends an element, and no address is in the page but SVG's."""
    made = html.page(HEADER, [*ALL, evil()])
    data = re.search(r'<script type="application/json" id="run">(.*?)</script>', made, re.DOTALL)
    assert data
    read = json.loads(data[1])
    assert [one["item"] for one in read["items"]] == ["q1", "q2", "q3", "q4", "q5", "q6"]
    assert read["items"][5]["question"] == EVIL
    assert "<img" not in made
    assert made.count("</script>") == 2
    assert re.findall(r"https?://[^\"']+", made) == ["http://www.w3.org/2000/svg"]
    assert "default-src 'none'" in made


def test_the_page_tells_each_story_once() -> None:
    """Passages of a story are counted, in the order of the first."""
    hits = [
        Hit(evidence("企业12家。").passage, 1.0),
        Hit(replace(evidence("。").passage, source=Source("b.md", "乙")), 0.5),
    ]
    record = line(item(1), answer("12家。"), [hits[0], hits[1], hits[0]])
    assert '"retrieved": ["a.md#青禾 ×2", "b.md#乙"]' in html.page(HEADER, [record])


def test_a_spreadsheet_does_not_run_a_cell() -> None:
    """CSV has a row an item; a text that begins as a formula is marked as text."""
    rows = list(csv.DictReader(io.StringIO(export.csv(HEADER, [RIGHT, {**FALSE, "text": "=1+1"}]))))
    assert [row["item"] for row in rows] == ["q1", "q2"]
    assert rows[0]["verdict"] == "correct"
    assert rows[1]["text"] == "'=1+1"


def test_junit_fails_what_is_not_right() -> None:
    """Each item is a case; what is wrong or declined fails with its reason, what cannot be judged is skipped."""
    (suite,) = ElementTree.fromstring(export.junit(HEADER, [*ALL, {**evil(), "verdict": "unscored"}]))
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("6", "3", "1")
    failed = {case.get("name"): failure.get("message") for case in suite for failure in case.findall("failure")}
    assert set(failed) == {"q2", "q3", "q5"}
    assert failed["q2"] == "答的是15家，不是12家"
    both = ElementTree.fromstring(export.junits([(HEADER, ALL), ({**HEADER, "model": "big"}, [RIGHT])]))
    assert [(one.get("name"), one.get("tests")) for one in both] == [("g.jsonl none", "5"), ("g.jsonl big", "1")]


def test_the_summary_has_groups_and_intervals() -> None:
    """JSON tells the whole and each type, tag, page and split."""
    told = json.loads(export.summary(HEADER, ALL))
    assert told["all"]["accuracy"] == 0.4
    assert set(told["type"]) == {"figure", "unanswerable"}
    assert told["page"]["a.md"]["answers"] == 5
    assert told["causes"] == {"没有选进证据": 1, "有证据却拒答": 1, "该拒没有拒": 1}
    low, high = told["all"]["accuracy_interval"]
    assert low <= 0.4 <= high


def _forms(module: str) -> set[str]:
    """The Chinese texts with which a module of the scorer can give its reasons, 甲乙丙… in place of what they name."""
    tree = ast.parse((ROOT / "evals" / f"{module}.py").read_text("utf-8"))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            names = iter("甲乙丙丁")
            parts = [str(one.value) if isinstance(one, ast.Constant) else next(names) for one in node.values]
            found.add("".join(parts))
        elif isinstance(node, ast.Tuple) and node.elts and isinstance(node.elts[0], ast.Constant):
            found.add(str(node.elts[0].value))
    return {one for one in found if re.search("[，：]|没有", one) and not re.search(r"\n|\d", one)}


def test_every_reason_has_its_english() -> None:
    """Whatever form a reason of the scorer has, its English keeps what it names and none of the Chinese around it."""
    forms = _forms("score") - {"甲，而版面没有写到"} | {"答的是甲，而版面没有写到", "没有说明版面未写，而版面没有写到"}
    forms |= {f"丁{one}" for one in _forms("about")}
    assert len(forms) > 20
    for form in forms:
        told = english.reason(form)
        assert re.sub("[^甲乙丙丁]", "", told) == re.sub("[^甲乙丙丁]", "", form), form
        assert not re.search("[一-鿿]", re.sub("[甲乙丙丁]", "", told)), (form, told)
    assert english.reason("未曾见过的理由") == "未曾见过的理由"
    assert set(english.CAUSES) | {causes.Cause.NONE} == set(causes.Cause)
    assert set(english.OUTCOMES) == set(Outcome)
    assert set(english.LABELS) == set(html.LABELS_OF)


@pytest.fixture
def shown(tmp_path: Path) -> Iterator[Any]:
    """A tab with the page of all kinds of records, hostile ones among them; nothing may go wrong in it."""
    path = tmp_path / "r.html"
    path.write_text(html.page(HEADER, [*ALL, evil()]), "utf-8")
    errors: list[str] = []
    with visiting.browser() as browser:
        tab = browser.new_page(bypass_csp=True)  # for axe-core; the policy has its test above
        tab.on("pageerror", lambda error: errors.append(str(error)))
        tab.on("console", lambda message: errors.append(message.text))
        tab.goto(path.as_uri())
        yield tab
    assert errors == []


in_a_browser = pytest.mark.skipif(not Path(visiting.CHROMIUM).exists(), reason=visiting.MISSING)


@pytest.mark.slow
@in_a_browser
def test_the_page_filters_and_opens_in_a_browser(shown: Any) -> None:
    """In chromium the page draws without an error, shows its items, filters them, opens one, and fits a phone."""
    assert shown.locator("details.item").count() == 6
    shown.select_option("#f-verdict", "wrong")
    assert shown.locator("details.item").count() == 3
    shown.fill("#f-text", "问题2")
    assert shown.locator("details.item").count() == 1
    shown.locator("details.item summary").click()
    assert "企业15家。" in shown.locator("details.item .body").inner_text()
    assert shown.locator("svg").count() >= 4
    shown.set_viewport_size({"width": 390, "height": 800})
    question = shown.locator("details.item summary span").nth(2).bounding_box()
    assert question is not None
    assert question["width"] > 200
    assert shown.evaluate("document.documentElement.scrollWidth") == 390


@pytest.mark.slow
@in_a_browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_told_in_both_languages(shown: Any, scheme: str) -> None:
    """Chinese first; the switch turns all but what was printed, asked and answered; remembered; axe-core is content."""
    axe = visiting.axe()
    shown.emulate_media(color_scheme=scheme)
    shown.set_viewport_size({"width": 390, "height": 844})

    def sound() -> None:
        shown.evaluate(axe)
        broken = shown.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
        assert [(rule["id"], rule["nodes"][0]["html"]) for rule in broken] == []
        assert shown.evaluate("document.documentElement.scrollWidth") == 390

    def own_words() -> str:
        """All that the page itself says, names of buttons and pictures with it."""
        return str(
            shown.evaluate(
                """() => {
                  const page = document.querySelector('main').cloneNode(true);
                  page.querySelectorAll('details.item [lang], #header, #about, #tongue').forEach((one) => one.remove());
                  const names = [...page.querySelectorAll('[aria-label], [placeholder]')];
                  return [page.textContent, document.title, ...names.map((one) => one.getAttribute('aria-label')),
                    ...names.map((one) => one.placeholder || '')].join('\\n');
                }"""
            )
        )

    assert shown.evaluate("document.documentElement.lang") == "zh-CN"
    assert shown.inner_text("h1") == "据实 · 评测报告"
    assert not re.search(r"Verdict|Share|Risk|question|Answer", own_words())
    shown.select_option("#f-verdict", "wrong")
    shown.locator("details.item summary").first.click()
    sound()
    shown.click("#tongue")
    assert shown.evaluate("document.documentElement.lang") == "en"
    assert shown.inner_text("h1") == "Jushi · evaluation report"
    assert shown.input_value("#f-verdict") == "wrong"  # what was chosen and opened stays so
    assert shown.locator("details.item[open]").count() == 1
    assert "answered 15家, not 12家" in shown.inner_text("details.item .body >> nth=0")
    assert not re.search("[一-鿿]", own_words())
    sound()
    assert shown.url.endswith("#en")
    shown.reload()
    assert shown.evaluate("document.documentElement.lang") == "en"
    shown.click("#tongue")
    shown.reload()
    assert shown.inner_text("h1") == "据实 · 评测报告"
    shown.goto(shown.url.replace("#zh", "#en"))
    assert shown.inner_text("h1") == "Jushi · evaluation report"


def test_reach_is_unknown_where_a_system_tells_nothing() -> None:
    """A peer that shows neither hits nor evidence is not blamed on retrieval."""
    assert causes.reach(item(1), None, answer("15家。")) == Reach(None, None)
    assert causes.reach(item(1), None, answer("15家。", evidence("企业12家。"))) == Reach(None, True)
