"""The architecture in the README is the one of the code: the layers of the table, the arrows of the imports."""

import re

import pytest
from conftest import ROOT
from test_architecture import ALL, LAYERS, layer

NAMES = ("words", "rules", "parts", "answers", "rooms", "doors")
SIBLINGS = ("ingest", "evals")
_WIDE = 9  # rooms in a line of the diagram


def node(module: str) -> str:
    """What stands for a module: a layer of the assistant, or a sibling package."""
    package, _, rest = module.partition(".")
    return f"layer{layer(module)}" if package == "assistant" and rest else package


def arrows() -> set[tuple[str, str]]:
    """Which imports which, as the code says; what follows from other arrows is left out."""
    known = {f"layer{at}" for at in range(len(LAYERS))} | set(SIBLINGS)
    own = ("assistant", *SIBLINGS)
    found = {(node(one.module), node(one.imported)) for one in ALL if one.imported.partition(".")[0] in own}
    drawn = {(one, other) for one, other in found if one != other and {one, other} <= known}
    return {pair for pair in drawn if not _implied(pair, drawn - {pair})}


def _implied(pair: tuple[str, str], drawn: set[tuple[str, str]]) -> bool:
    reached, ahead = {pair[0]}, [pair[0]]
    while ahead:
        here = ahead.pop()
        for one, other in drawn:
            if one == here and other not in reached:
                reached.add(other)
                ahead.append(other)
    return pair[1] in reached


def diagram() -> str:
    """The diagram in Mermaid's language."""
    lines = ["flowchart TB"]
    for at in reversed(range(len(LAYERS))):
        rooms = LAYERS[at]
        rows = [" · ".join(rooms[start : start + _WIDE]) for start in range(0, len(rooms), _WIDE)]
        lines.append(f'    layer{at}["<b>{at} {NAMES[at]}</b><br/>{"<br/>".join(rows)}"]')
    lines += [f'    {name}["<b>{name}</b>"]' for name in SIBLINGS]
    lines += [f"    {one} --> {other}" for one, other in sorted(arrows())]
    return "\n".join(lines)


def test_layers_have_names() -> None:
    """A new layer is named before it is drawn."""
    assert len(NAMES) == len(LAYERS)


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_the_readmes_diagram_is_that_of_the_code(readme: str) -> None:
    """Whoever adds a room, or an arrow, puts this into both."""
    found = re.findall(r"```mermaid\n(.*?)\n```", (ROOT / readme).read_text("utf-8"), re.S)
    assert found == [diagram()], f"\n```mermaid\n{diagram()}\n```\n"


def test_the_arrows_run_down() -> None:
    """The diagram has no circle, and every layer but the lowest stands on another."""
    drawn = arrows()
    assert not any(_implied((other, one), drawn) for one, other in drawn)
    assert {one for one, _ in drawn} == {f"layer{at}" for at in range(1, len(LAYERS))} | set(SIBLINGS)
