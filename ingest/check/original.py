"""A checked page's lines in, the page as it was read as HTML out, each line with its number and what became of it."""

from collections.abc import Iterator, Sequence

from assistant.records import Role
from ingest.check.article import hue
from ingest.check.lines import Note, Printed
from ingest.check.marking import Marking
from ingest.check.shown import both, shown

_CLASSES = {
    Role.HEADING: "heading",
    Role.DUPLICATE: "repeat",
    Role.FURNITURE: "aside",
    Role.CAPTION: "caption",
    None: "aside",
}


def original(found: Sequence[Printed], marks: Marking) -> str:
    """The lines in a box that folds."""
    last = found[-1].number if found else 0
    head = both((f"读入的版面（第 1 至 {last} 行）", f"The page as read (lines 1 to {last})"))
    return (
        f'<details class="printed" open><summary><h3>{head}</h3></summary>'
        f'<ol class="lines">{"".join(_line(line, marks) for line in found)}</ol></details>\n'
    )


def _line(line: Printed, marks: Marking) -> str:
    look = [_CLASSES.get(line.role, "")]
    look += ["in"] if line.story is not None else []
    look += ["unsure"] if any(note.kind == "unsure" for note in line.notes) else []
    style = f' style="--h:{hue(line.story)}"' if line.story is not None else ""
    mark = f'<span class="mk">{shown(marks.one.page.text[line.mark[0] : line.mark[1]])}</span>' if line.mark else ""
    text = marks.text(line.start, line.end, live=False)
    number = str(line.number)
    if line.story is not None:
        number = f'<a href="#p{marks.number}s{line.story + 1}" title="它所在的报道 its story">{number}</a>'
    notes = "".join(_notes(line.notes, marks.number))
    return (
        f'<li id="p{marks.number}l{line.number}" class="{" ".join(part for part in look if part)}"{style}>'
        f'<span class="no">{number}</span><bdi class="t">{mark}{text}</bdi>{notes}</li>'
    )


def _notes(notes: Sequence[Note], number: int) -> Iterator[str]:
    for note in notes:
        link = (
            f' <a href="#p{number}l{note.line}">{both((f"第 {note.line} 行", f"line {note.line}"))}</a>'
            if note.line
            else ""
        )
        yield f'<span class="why"><span class="{note.kind}">{both(note.text)}</span>{link}</span>'
