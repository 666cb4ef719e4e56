"""A PDF's bytes in, its RawText out: each page from its text layer, or by OCR where that is missing or garbage."""

from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import pairwise
from statistics import median
from typing import Any

from assistant.errors import SourceError
from ingest.readers import image
from ingest.readers.boxes import Box
from ingest.readers.columns import reading_order
from ingest.readers.kind import IMAGE, PDF
from ingest.readers.paragraphs import PageText
from ingest.readers.raw import RawText

MOST_PAGES = 1000  # a year of a weekly of 16 pages has 832; more is an archive, or made to do harm
MOST_LETTERS = 400_000  # on one page; the fullest broadsheet has 15,000
_DPI = 200  # 9-point print is 25 pixels high, and OCR scales lines to 48; see tests/test_readers_ocr.py
_MOST_RENDERED = 40_000_000  # pixels: a broadsheet at 300 dpi has 30 million
_FEW_LETTERS = 30  # on a page that is one picture: the stamp of an archive or a page number, not the text
_PICTURE = 0.5  # of the page's area that pictures cover: the page is a scan
_GARBAGE = 0.05  # of the letters that map to no character: a broken font; printed pages have none
_VERTICAL = 0.3  # of the letters that stand in vertical lines: the page is set vertically, and it is said
_PIECE_GAP = 0.8  # letters of white at which a line may change its column: gutters have one letter or more
_WORD_GAP = 0.22  # letters of white between two Latin words set without a space


def read(data: bytes, beat: Callable[[], None]) -> RawText:
    """The PDF's text. Raises SourceError for one that is broken, encrypted or too large, or needs OCR not installed."""
    text, notes = PageText(), _Notes()
    reader: Any = None
    with closing(_open(data)) as document:
        count = len(document)
        if count > MOST_PAGES:
            raise SourceError(f"it has {count} pages; {MOST_PAGES} are the most. Split it")
        for number in range(1, count + 1):
            beat()
            with closing(_page(document, number)) as page:
                boxes = _text_layer(page, number)
                if boxes is None:
                    if reader is None:
                        reader = _reader(beat, f"page {number} has no text layer that can be read, and ")
                    boxes, unsure = reader.lines(_rendered(page))
                    notes.ocr(number, boxes, unsure)
                elif boxes:
                    notes.layer.append(number)
                notes.vertical(number, boxes)
                text.add(number, reading_order(boxes))
    return notes.raw(text, PDF)


def read_pictures(data: bytes, beat: Callable[[], None]) -> RawText:
    """The text of a scan's pages, by OCR. Raises SourceError as ``read`` does."""
    text, notes = PageText(), _Notes()
    reader = _reader(beat, "a picture is read by OCR, and ")
    for number, grey in enumerate(image.pictures(data, MOST_PAGES), 1):
        beat()
        boxes, unsure = reader.lines(grey)
        notes.ocr(number, boxes, unsure)
        notes.vertical(number, boxes)
        text.add(number, reading_order(boxes))
    if not text.length:
        raise SourceError("OCR found no text in it. Check that it is upright, and scan it at 200 to 300 dpi")
    return notes.raw(text, IMAGE)


class _Notes:
    """What was done with which page, for ``RawText.note``."""

    def __init__(self) -> None:
        self.layer: list[int] = []
        self.by_ocr: list[int] = []
        self.unsure = 0
        self.scores: list[float] = []
        self.upright: list[int] = []

    def ocr(self, number: int, boxes: list[Box], unsure: int) -> None:
        self.by_ocr.append(number)
        self.unsure += unsure
        self.scores += [box.confidence for box in boxes if box.confidence is not None]

    def vertical(self, number: int, boxes: list[Box]) -> None:
        letters = sum(len(box.text) for box in boxes)
        if letters and sum(len(box.text) for box in boxes if box.vertical) >= _VERTICAL * letters:
            self.upright.append(number)

    def raw(self, text: PageText, kind: str) -> RawText:
        notes = []
        if self.by_ocr:
            sure = f" (median confidence {median(self.scores):.2f})" if self.scores else ""
            notes.append(f"{_pages(self.by_ocr)} read by OCR{sure}: check figures against the page")
        if self.unsure:
            notes.append(f"{self.unsure} lines left out that OCR could not read surely")
        if self.upright:
            notes.append(f"{_pages(self.upright)} set vertically or turned: the order of lines may be wrong")
        blank = set(range(1, max([*self.layer, *self.by_ocr], default=0))) - set(self.layer) - set(self.by_ocr)
        if blank:
            notes.append(f"{_pages(sorted(blank))} empty")
        reader = {(True, True): "pdf, ocr", (False, True): "ocr"}.get((bool(self.layer), bool(self.by_ocr)), "pdf")
        return RawText(
            text.text,
            reader if kind == PDF else "ocr",
            pages=tuple(text.pages),
            confidence=tuple(text.confidence),
            note="; ".join(notes),
        )


def _pages(numbers: list[int]) -> str:
    spans: list[list[int]] = []
    for number in numbers:
        if spans and spans[-1][-1] == number - 1:
            spans[-1][1:] = [number]
        else:
            spans.append([number])
    return ("page " if len(numbers) == 1 else "pages ") + ", ".join("-".join(map(str, span)) for span in spans)


def _reader(beat: Callable[[], None], why: str) -> Any:
    from ingest.readers import ocr

    try:
        return ocr.Reader(beat)
    except SourceError as error:
        raise SourceError(why + str(error)) from error


def _open(data: bytes) -> Any:
    import pypdfium2
    from pypdfium2 import raw

    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            raise SourceError("the PDF is encrypted. Save it without a password") from error
        raise SourceError(f"the PDF is broken or truncated ({error}). Fetch it again, or print it anew") from error


def _page(document: Any, number: int) -> Any:
    import pypdfium2

    try:
        return document[number - 1]
    except pypdfium2.PdfiumError as error:
        raise SourceError(f"page {number} of the PDF is broken ({error}). Fetch it again, or print it anew") from error


def _rendered(page: Any) -> Any:
    width, height = page.get_size()
    scale = min(_DPI / 72, (_MOST_RENDERED / max(width * height, 1.0)) ** 0.5)
    bitmap = page.render(scale=scale, grayscale=True)
    array = bitmap.to_numpy()
    return array[:, :, 0] if array.ndim == 3 else array


def _text_layer(page: Any, number: int) -> list[Box] | None:
    """The pieces of lines on the page, none for a blank one; None where the page must be read by OCR."""
    letters, bad = _letters(page, number)
    printed = sum(not letter.text.isspace() for letter in letters)
    if printed and bad > _GARBAGE * (printed + bad):
        return None
    if printed < _FEW_LETTERS:
        covered, drawn = _drawn(page)
        if covered >= _PICTURE or (not printed and (bad or drawn)):
            return None
    return _pieces(letters)


def _drawn(page: Any) -> tuple[float, bool]:
    """The share of the page that its largest picture covers, and whether anything at all is drawn."""
    from pypdfium2 import PdfiumError, raw

    width, height = page.get_size()
    covered, drawn = 0.0, False
    for thing in page.get_objects(max_depth=3):
        drawn = True
        if thing.type == raw.FPDF_PAGEOBJ_IMAGE:
            try:
                left, bottom, right, top = thing.get_bounds()
            except PdfiumError:
                continue  # a picture without a place on the page covers nothing
            covered = max(covered, (right - left) * (top - bottom) / max(width * height, 1.0))
    return covered, drawn


class _Letter:
    """One letter as set: its place, y growing downwards, and the size of its type."""

    __slots__ = ("size", "text", "x0", "x1", "y")

    def __init__(self, text: str, x0: float, x1: float, y: float, size: float) -> None:
        self.text, self.x0, self.x1, self.y, self.size = text, x0, x1, y, size


def _letters(page: Any, number: int) -> tuple[list[_Letter], int]:
    """The page's letters in the order they were set, and how many map to no character."""
    from pypdfium2 import raw

    place = _upright(page)
    found: list[_Letter] = []
    bad = 0
    with closing(page.get_textpage()) as layer:
        count = layer.count_chars()
        if count > MOST_LETTERS:
            raise SourceError(f"page {number} has {count:,} letters; {MOST_LETTERS:,} are the most. Print it anew")
        rect = raw.FS_RECTF()
        high = 0
        for at in range(count):
            if raw.FPDFText_IsGenerated(layer, at) == 1:
                continue  # spaces and line ends that the library guesses: the gaps tell better
            code = raw.FPDFText_GetUnicode(layer, at)
            if 0xD800 <= code < 0xDC00:
                high = code
                continue
            if 0xDC00 <= code < 0xE000 and high:
                code, high = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00), 0
            text = chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else ""
            if not text or raw.FPDFText_HasUnicodeMapError(layer, at) == 1 or _is_junk(code):
                bad += 1
                continue
            if code < 32 or text == "\u00ad":
                continue
            if not raw.FPDFText_GetLooseCharBox(layer, at, rect):
                continue
            x0, y0, x1, y1 = place(rect.left, rect.bottom, rect.right, rect.top)
            if x1 <= x0 or y1 <= y0:
                continue
            found.append(_Letter(text, x0, x1, (y0 + y1) / 2, _size(text, x1 - x0, y1 - y0)))
    return found, bad


def _is_junk(code: int) -> bool:
    return 0xE000 <= code < 0xF900 or code == 0xFFFD or code >= 0xF0000


def _size(text: str, width: float, height: float) -> float:
    """The size of the type: a Han letter fills its square, whatever height the font claims for its lines."""
    if ord(text) > 0x2E80:
        return width if width > 0.5 * height else height
    return 0.85 * height


Place = Callable[[float, float, float, float], tuple[float, float, float, float]]


def _upright(page: Any) -> Place:
    """From the PDF's coordinates (y upwards, before the page is turned) to the printed page's (y downwards)."""
    left, bottom, right, top = page.get_bbox()
    turned = page.get_rotation()

    def place(x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
        if turned == 90:
            return y0 - bottom, x0 - left, y1 - bottom, x1 - left
        if turned == 180:
            return right - x1, y0 - bottom, right - x0, y1 - bottom
        if turned == 270:
            return top - y1, right - x1, top - y0, right - x0
        return x0 - left, top - y1, x1 - left, top - y0

    return place


def _pieces(letters: list[_Letter]) -> list[Box]:
    """The letters as pieces of lines: wherever a gap could be a gutter, a piece ends."""
    runs: list[list[_Letter]] = []
    stands = False  # the run goes downwards
    spaced = False
    for letter in letters:
        if letter.text.isspace():
            spaced = True
            continue
        last = runs[-1][-1] if runs else None
        if last is not None and _printed_twice(runs[-1], letter):
            continue
        if last is not None and _beside(last, letter) and not (stands and len(runs[-1]) > 1):
            if spaced and letter.x0 - last.x1 > 0.1 * letter.size:
                runs[-1].append(_Letter(" ", last.x1, letter.x0, letter.y, letter.size))
            runs[-1].append(letter)
            stands = False
        elif last is not None and _below(last, letter) and (stands or len(runs[-1]) == 1):
            runs[-1].append(letter)
            stands = True
        else:
            runs.append([letter])
            stands = False
        spaced = False
    boxes = [box for box in map(_box, runs) if box is not None]
    return list(_reunited(boxes))


def _printed_twice(run: list[_Letter], letter: _Letter) -> bool:
    """Bold print is often the same letter set twice, a hair apart."""
    return any(
        other.text == letter.text
        and abs(other.x0 - letter.x0) < 0.25 * letter.size
        and abs(other.y - letter.y) < 0.25 * letter.size
        for other in run[-3:]
    )


def _beside(last: _Letter, letter: _Letter) -> bool:
    small, large = sorted((last.size, letter.size))
    return (
        -0.5 * large <= letter.x0 - last.x1 < _PIECE_GAP * large
        and letter.x0 > last.x0
        and abs(letter.y - last.y) <= 0.45 * large
        and large <= 2.2 * max(small, 0.1)  # a raised ² is smaller, a headline beside the text larger still
    )


def _below(last: _Letter, letter: _Letter) -> bool:
    return (
        abs((letter.x0 + letter.x1) - (last.x0 + last.x1)) <= 0.4 * letter.size
        and 0.7 * letter.size <= letter.y - last.y <= 1.35 * letter.size
        and 0.8 <= letter.size / last.size <= 1.25
        and ord(letter.text) > 0x2E80
    )


def _box(run: list[_Letter]) -> Box | None:
    if len(run) > 1 and abs(run[-1].x0 - run[0].x0) < 0.5 * run[0].size:
        half = run[0].size / 2
        if len(run) < 3:  # two lines of one letter are no vertical line
            return None if not run else Box(run[0].x0, run[0].y - half, run[-1].x1, run[-1].y + half, _text(run))
        return Box(run[0].x0, run[0].y - half, run[0].x0 + run[0].size, run[-1].y + half, _text(run), vertical=True)
    size = median(letter.size for letter in run if not letter.text.isspace())
    middle = median(letter.y for letter in run)
    return Box(run[0].x0, middle - size / 2, max(letter.x1 for letter in run), middle + size / 2, _text(run))


def _text(run: list[_Letter]) -> str:
    text = run[0].text
    for last, letter in pairwise(run):
        words = last.text.isascii() and letter.text.isascii() and last.text.isalnum() and letter.text.isalnum()
        # "GDP growth" set without spaces; digits are never parted, since some fonts set them wide
        if words and letter.x0 - last.x1 > _WORD_GAP * letter.size and not (last.text + letter.text).isdigit():
            text += " "
        text += letter.text
    return text


def _reunited(boxes: list[Box]) -> Iterator[Box]:
    """Pieces of one line that were set at different times: nearer to one another than a gutter is wide."""
    rows: dict[int, list[Box]] = {}
    for box in sorted(boxes, key=lambda box: box.x0):
        if box.vertical:
            yield box
            continue
        step = 4.0  # points; pieces of a line lie in the same or the next row of this grid
        near = [row for key in (-1, 0, 1) for row in rows.get(int(box.middle // step) + key, [])]
        home = next((other for other in reversed(near) if _one_line(other, box)), None)
        if home is not None:
            rows[int(home.middle // step)].remove(home)
            apart = box.x0 - home.x1 > _WORD_GAP * box.height and home.text[-1].isascii() and box.text[0].isascii()
            box = Box(home.x0, home.y0, box.x1, home.y1, home.text + (" " if apart else "") + box.text)
        rows.setdefault(int(box.middle // step), []).append(box)
    for row in rows.values():
        yield from row


def _one_line(left: Box, right: Box) -> bool:
    high = max(left.height, right.height)
    return (
        -0.3 * high <= right.x0 - left.x1 < 0.5 * high
        and abs(left.middle - right.middle) <= 0.3 * high
        and 0.8 <= left.height / right.height <= 1.25
    )
