"""Text in, the spans of its sentences out; used when passages are cut and again when evidence is chosen from them.

A sentence ends at 。！？!? or a line's end, with the closing quotation marks and brackets that follow; not at the dot
of 12.5, nor within a quotation that goes on (“…。”他说).
"""

import re

_SENTENCE = re.compile(r"[^。！？!?\n]*(?:[。！？!?]+[”』」’）)】]*|\n|$)")
_SPEAKS = re.compile(r"[^。！？!?\n]{0,24}?(?:说|表示|介绍|道|告诉|坦言|认为|解释|感慨|称)")


def split(text: str) -> list[tuple[int, int]]:
    """Half-open spans of the sentences, blank ends trimmed, in order."""
    spans: list[tuple[int, int]] = []
    for match in _SENTENCE.finditer(text):
        start, end = match.span()
        while start < end and text[start].isspace():
            start += 1
        while start < end and text[end - 1].isspace():
            end -= 1
        if start == end:
            continue
        previous = spans[-1] if spans else None
        adjoins = previous is not None and previous[1] == start
        # “……。”庞明朵介绍，…: who spoke belongs to what was said.
        if previous and adjoins and text[start - 1] in "”』」" and _SPEAKS.match(text, start, end):
            spans[-1] = (previous[0], end)
        else:
            spans.append((start, end))
    return spans
