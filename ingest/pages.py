"""Raw text in, Page out: front matter read, the page's date found, with how it is known.

Front matter is the ``key: value`` lines between two ``---`` lines at the top: paper, date, date_basis, theme.
"""

import hashlib
import re
from collections import Counter
from datetime import date

from assistant.records import Page

_FRONT = re.compile(r"---\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|$)", re.DOTALL)
_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")
_YEAR = re.compile(r"(?<!\d)(力争到?|目标|规划到)?((?:19|20)\d{2})年(?:(\d{1,2})月)?")
_DAY = re.compile(r"(?<![\d年])(\d{1,2})月(?:\d{1,2}日|初|上旬|中旬|下旬)")
_IN_NAME = re.compile(r"(?<!\d)((?:19|20)\d{2})[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?!\d)")


def page(file: str, text: str, *, today: date | None = None) -> Page:
    """The page of a file named ``file`` in the index, whose text is ``text``."""
    head, body_start = _front_matter(text)
    known, basis = head.get("date", ""), head.get("date_basis", "front matter")
    if not _is_date(known):
        known, basis = _page_date(file, text[body_start:], today or date.today())
    identity = hashlib.sha256(f"{file}\0{text}".encode()).hexdigest()[:24]
    return Page(identity, file, text, body_start, head.get("paper", ""), known, basis, head.get("theme", ""))


def _is_date(text: str) -> bool:
    if not _DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat(f"{text}-01-01"[:10])
    except ValueError:
        return False
    return True


def _front_matter(text: str) -> tuple[dict[str, str], int]:
    match = _FRONT.match(text)
    if not match:
        return {}, 0
    pairs = (line.partition(":") for line in match[1].splitlines())
    return {key.strip(): value.strip() for key, colon, value in pairs if colon}, match.end()


def _page_date(file: str, body: str, today: date) -> tuple[str, str]:
    """The date as exactly as it can be told (``2025-09``), and its basis; two empty strings where nothing tells it."""
    if named := _IN_NAME.search(file):
        return f"{named[1]}-{named[2]}-{named[3]}", "file name"
    # A goal (力争到2030年) lies after the page, so goals do not count; the latest other year is its own.
    years = {int(match[2]): match[3] for match in _YEAR.finditer(body) if not match[1] and int(match[2]) <= today.year}
    if not years:
        return "", ""
    year = max(years)
    printed_months = [int(match[3]) for match in _YEAR.finditer(body) if match[3] and int(match[2]) == year]
    # 9月3日 without a year is news of the page's own month or the one before.
    days = Counter(int(match[1]) for match in _DAY.finditer(body) if 1 <= int(match[1]) <= 12)
    months = printed_months + [month for month, _ in days.most_common(2)]
    if not months:
        return str(year), "latest year printed"
    month = max(printed_months) if printed_months and not days else days.most_common(1)[0][0]
    return f"{year}-{month:02d}", "latest year and most frequent month printed"
