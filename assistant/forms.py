"""A sentence of one of several forms in, the same sentence of another language out; what a form leaves open is kept.

What the program says in Chinese has few forms, such as 来源这里写的是{}; what stands in their gaps is printed.
"""

from collections.abc import Iterable

GAP = "{}"


def turned(words: str, forms: Iterable[tuple[str, str]]) -> str | None:
    """The words by the first of the forms that they have, or None where they have none of them.

    Each form has ``{}`` for a gap, its counterpart as many, in the same order or numbered. Takes time in proportion to
    the words.
    """
    for form, counterpart in forms:
        if (kept := _kept(form.split(GAP), words)) is not None:
            return counterpart.format(*kept)
    return None


def _kept(literals: list[str], words: str) -> list[str] | None:
    """What stands between the literals, which must begin, part and end the words in this order; None where not."""
    first, *others = literals
    if not words.startswith(first):
        return None
    kept, at = [], len(first)
    for number, literal in enumerate(others, 1):
        end = words.find(literal, at) if number < len(others) else len(words) - len(literal)
        if end < at or not words.startswith(literal, end):
            return None
        kept.append(words[at:end])
        at = end + len(literal)
    return kept if at == len(words) else None
