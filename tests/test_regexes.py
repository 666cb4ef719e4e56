"""Every regular expression of the program takes steps in proportion to the text, whatever the text is."""

import ast
import importlib
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from backtracking import TooMany, first_end, pumps, steps
from test_architecture import MODULES, TREES

SHORT, LONG = 200, 400  # letters; a bounded repeat of 80 and less has reached its bound
GROWTH = 2.6  # of the steps from SHORT to LONG: 2 where they are in proportion, 4 where they grow as the square
MOST = 400_000  # steps, which no expression in proportion comes near: the largest measured takes 160 a letter
FEW = 8  # steps a letter, at 64 letters: nothing grows in that
ENDS = ("\x00", "中")
GENERIC = [
    ("", letter) for letter in ("1", "中", " ", "\n", "a", "“", "（", "年", "，", "一", "的", "#", "<", "1,", "1.")
]
_METHODS = ("compile", "search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer")
ANCHORED = ("match", "fullmatch")


def patterns() -> dict[str, tuple[re.Pattern[str], bool]]:
    """Each expression by the place where it stands, and whether it is only ever tried at one place of a text."""
    found: dict[str, tuple[re.Pattern[str], bool]] = {}
    for name, tree in TREES.items():
        space = vars(importlib.import_module(name)) if not name.endswith("__main__") else {}
        used = _used(name)
        for key, value in space.items():
            for at, one in enumerate(_within(value)):
                # another module may import it, and use it otherwise
                own = used.get(key, set())
                found[f"{name}.{key}{f'[{at}]' if at else ''}"] = (one, bool(own) and own <= set(ANCHORED))
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "re"
                and node.func.attr in _METHODS
                and node.args
            ):
                try:
                    given = eval(compile(ast.Expression(node.args[0]), name, "eval"), dict(space))
                except NameError:  # made of what a function knows: such are put together of others, or are tested apart
                    continue
                if isinstance(given, str):
                    one = re.compile(given)
                    if all(one.pattern != known.pattern for known, _ in found.values()):
                        found[f"{name}:{node.lineno}"] = (one, node.func.attr in ANCHORED)
    return found


def _used(name: str) -> dict[str, set[str]]:
    """How each name is called in all modules: ``_DATED.finditer`` → {"_DATED": {"finditer"}}."""
    return _uses()


@cache
def _uses() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for tree in TREES.values():
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.attr in _METHODS:
                found.setdefault(node.value.id, set()).add(node.attr)
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute) and node.attr in _METHODS:
                found.setdefault(node.value.attr, set()).add(node.attr)
    return found


def _within(value: Any) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield value
    elif isinstance(value, dict):
        for one in (*value.keys(), *value.values()):
            yield from _within(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _within(one)


PATTERNS = patterns()


def grown(pattern: re.Pattern[str], anchored: bool) -> str:
    """What string makes the steps grow out of proportion, and how much; or nothing."""
    for before, pump in (*pumps(pattern), *GENERIC):
        for end in ENDS:

            def text(letters: int, before: str = before, pump: str = pump, end: str = end) -> str:
                return before + pump * (letters // len(pump)) + end

            try:
                if steps(pattern, text(64), MOST, anchored=anchored) < FEW * 64:
                    continue
                few = steps(pattern, text(SHORT), MOST, anchored=anchored)
                many = steps(pattern, text(LONG), MOST, anchored=anchored)
            except TooMany:
                return f"{before!r} + {pump!r} again and again + {end!r}: over {MOST} steps"
            if many > GROWTH * few:
                return f"{before!r} + {pump!r} again and again + {end!r}: {few} steps, then {many}"
    return ""


@pytest.mark.slow
@pytest.mark.parametrize("where", PATTERNS)
def test_an_expression_takes_steps_in_proportion(where: str) -> None:
    """Pumped at each of its repeats, it takes about twice the steps for twice the text, and no more."""
    assert grown(*PATTERNS[where]) == ""


# those that once did not
MENDED = (
    *("assistant.checks.ranges._TO_VALUE", "assistant.measured._CHANGE", "assistant.measured._TO"),
    *("assistant.phrases._LINK", "assistant.phrases._BESIDE", "assistant.render._MARKDOWN_LINE"),
)


def test_the_mended_ones_stay_so() -> None:
    """达到达到达到… took _LINK twice the time for each 达到 more: a page of two hundred stopped the program."""
    assert {where: grown(*PATTERNS[where]) for where in MENDED} == dict.fromkeys(MENDED, "")


@pytest.mark.parametrize(
    ("bad", "good"),
    [
        (r"(?:a|aa)+$", r"a+$"),
        (r"(?:达到|达|到)+X", r"(?:达到|达|到){1,3}X"),
        (r"\d+亿", r"(?<!\d)\d{1,30}亿"),
        (r"(?:\s*，\s*)*。", r"，?。"),
        (r"“[^”]*”", r"“[^”“]{0,80}”"),
        (r"\s+$", r"(?<!\s)\s{1,9}$"),
    ],
)
def test_the_count_tells_growth_from_none(bad: str, good: str) -> None:
    """Expressions that are known to backtrack are found, and their bounded forms are not."""
    assert grown(re.compile(bad), anchored=False)
    assert bad == r"(?:a|aa)+$" or grown(re.compile(good), anchored=False) == ""


def test_the_counter_finds_what_re_finds() -> None:
    """It is the same search: it matches where ``re`` does, on this program's own expressions."""
    tried = 0
    for pattern, _ in PATTERNS.values():
        for before, pump in list(pumps(pattern))[:3]:
            text = before + pump * 2
            expected = pattern.match(text)
            assert first_end(pattern, text) == (expected.end() if expected else None), (pattern.pattern, text)
            tried += 1
    assert tried > 100


def test_every_module_was_looked_through() -> None:
    """A module without expressions is fine; a scan without modules is not."""
    assert len(PATTERNS) > 150
    assert len(MODULES) > 50
