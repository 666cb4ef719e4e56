"""A page's picture in, its printed lines out, by RapidOCR (PP-OCRv6 under ONNX Runtime; models in its wheel).

Lines are found on a small copy of the page and read from the full one, which is both faster and surer than one size
for both (measured: see ``_FIND_SIDE``). Nothing is downloaded.
"""

from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from assistant.errors import SourceError
from ingest.readers.boxes import Box

LEAST_SURE = 0.5  # a line read with less confidence is a picture's texture more often than print; it is counted
# Pixels of the longer side on which lines are found. A broadsheet of 5,000 letters at 200 dpi, two cores: 1,000 px
# 0.9 s, CER .0062; 1,400 px 1.1 s, .0050; 2,000 px 3.1 s, .0065, and a headline of 100 px falls apart at 3,000.
_FIND_SIDE = 1400
_LEAST_LINE = 16  # pixels that a median line's box must have there; smaller print is searched for in larger tiles
_BEST_LINE = 22
_OVERLAP = 160  # pixels that neighbouring tiles share: more than a line is high
_LARGE = 2.0  # of the median height: a headline, which tiles cut; its box is taken from the small copy
_SKEW = 0.3  # degrees; a broadsheet askew by less leans less than half a gutter
_MOST_SKEW = 12.0  # degrees; beyond, boxes are no lines of one page
# Lines are found across narrow gutters, and are parted there:
_TIGHT = 0.75  # of a box's height is its letters'
_MAP_LETTER = 8.0  # pixels of a letter on the map of gutters: enough to see half a letter of white
_GUTTER = 0.45  # letters: the least width of a gutter
_GUTTER_LINES = 9.0  # letters, six lines: the least height of one; white in neighbouring lines seldom stands in line
_RULE = 12.0  # letters: upright ink of this length is a rule, not print
_UPRIGHT = 1.8  # so many times as high as wide, a line is a vertical one
_MOST_LINES = 6000  # a full broadsheet has about 1,000
_PAPER = 255
_LEAST_SIDE = 4  # pixels; smaller boxes are specks

Quads = Any  # float array (lines, 4 corners, 2)


class Reader:
    """The engine, loaded once. ``beat`` is called after every few lines, to show that work goes on."""

    def __init__(self, beat: Callable[[], None]) -> None:
        try:
            import rapidocr
        except ImportError as error:
            raise SourceError('no OCR is installed: run pip install "jushi[ocr]"') from error
        models = Path(rapidocr.__file__).parent / "models"
        found = [next(iter(sorted(models.glob(f"*_{part}_*.onnx"))), None) for part in ("det", "rec")]
        if None in found:  # it would be downloaded at run time, which Jushi never does unasked
            raise SourceError(
                f'the OCR models are missing from {models}: run pip install --force-reinstall "jushi[ocr]"'
            )
        self._engine: Any = rapidocr.RapidOCR(
            params={
                "Global.log_level": "critical",
                "Global.use_cls": False,
                "Global.max_side_len": 10**6,  # sizes are chosen here
                "Det.model_path": str(found[0]),
                "Rec.model_path": str(found[1]),
            }
        )
        self._beat = beat

    def lines(self, grey: Any) -> tuple[list[Box], int]:
        """The lines of a page, given as an array (height, width) of grey bytes, in pixels; and how many were unsure."""
        quads = self._find(grey)
        angle = _skew(quads)
        if abs(angle) > _SKEW:
            grey = _turned(grey, angle)
            quads = self._find(grey)
        found, unsure = [], 0
        for at, (x0, y0, x1, y1) in enumerate(_frames(grey, quads[:_MOST_LINES])):
            if at % 10 == 0:
                self._beat()
            crop = grey[y0:y1, x0:x1]
            vertical = crop.shape[0] > _UPRIGHT * crop.shape[1]
            text, score = self._read(crop, vertical)
            if not text.strip():
                continue
            if score < LEAST_SURE:
                unsure += 1
                continue
            found.append(_box(crop, x0, y0, text.strip(), score, vertical))
        return found, unsure

    def _read(self, crop: Any, vertical: bool) -> tuple[str, float]:
        import numpy as np

        picture = np.rot90(crop) if vertical else crop
        read = self._engine(np.stack([picture] * 3, axis=-1), use_det=False, use_cls=False, use_rec=True)
        if not read.txts:
            return "", 0.0
        return str(read.txts[0]), float(read.scores[0])

    def _find(self, grey: Any) -> Quads:
        """The corners of every line: on a small copy, and where the print is too small there, in tiles."""
        import numpy as np

        height, width = grey.shape
        # A strip (a long screenshot) is measured by its shorter side, or its print would vanish
        side = max(height, width) if max(height, width) < 3 * min(height, width) else 1.5 * min(height, width)
        scale = min(1.0, _FIND_SIDE / side)
        coarse = self._tiles(grey, scale)
        usual = median(_heights(coarse)) if len(coarse) else 0.0
        if scale == 1.0 or (usual and usual * scale >= _LEAST_LINE):
            return coarse
        finer = self._tiles(grey, min(1.0, scale * (_BEST_LINE / (usual * scale) if usual else 2.0)))
        if not len(finer):
            return coarse
        large = [quad for quad in coarse if _height(quad) > _LARGE * median(_heights(finer))]
        small = [quad for quad in finer if not any(_within(quad, other) for other in large)]
        return np.array(large + small)

    def _tiles(self, grey: Any, scale: float) -> Quads:
        """Corners found at a scale, in page pixels; a large page tile by tile."""
        import numpy as np
        from PIL import Image

        picture = Image.fromarray(grey)
        if scale < 1.0:
            size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
            picture = picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
        boxes: list[list[float]] = []
        quads: list[Any] = []
        spans = [
            (x, y, right, bottom)
            for y, bottom in _spans(picture.height, int(_FIND_SIDE * 1.25))
            for x, right in _spans(picture.width, int(_FIND_SIDE * 1.25))
        ]
        for x, y, right, bottom in spans:
            self._beat()
            tile = np.asarray(picture.crop((x, y, right, bottom)).convert("RGB"))
            found = self._engine(tile, use_det=True, use_cls=False, use_rec=False)
            if found.boxes is None:
                continue
            for quad in np.asarray(found.boxes, dtype=float) + np.array((x, y)):
                if len(spans) == 1:
                    quads.append(quad)
                else:
                    _merge(boxes, [*quad.min(axis=0), *quad.max(axis=0)])
        if len(spans) > 1:
            quads = [np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)]) for x0, y0, x1, y1 in boxes]
        return np.array(quads) / scale if quads else np.zeros((0, 4, 2))


def _box(crop: Any, x0: int, y0: int, text: str, score: float, vertical: bool) -> Box:
    """The line's box as tall as its letters and as long as its print: what is found is larger, and hides gutters."""
    import numpy as np

    high, wide = crop.shape
    if vertical:
        spare = (1 - _TIGHT) / 2 * wide
        return Box(x0 + spare, y0, x0 + wide - spare, y0 + high, text, score, True)
    spare = (1 - _TIGHT) / 2 * high
    middle = crop[int(spare) : high - int(spare)].astype(np.int16)
    ink = np.abs(middle - float(np.median(crop))) > 0.4 * float(np.ptp(crop))
    inked = np.flatnonzero(ink.any(axis=0))
    left, right = (int(inked[0]), int(inked[-1]) + 1) if len(inked) else (0, wide)
    return Box(x0 + left, y0 + spare, x0 + right, y0 + high - spare, text, score)


def _frames(grey: Any, quads: Quads) -> list[tuple[int, int, int, int]]:
    """Left, top, right and bottom of each line; one that was found across a gutter is parted there."""
    found: list[tuple[int, int, int, int]] = []
    if not len(quads):
        return found
    letter = _TIGHT * median(_heights(quads))
    gutters, scale = _gutters(grey, letter)
    for quad in quads:
        x0, y0 = (max(int(value), 0) for value in quad.min(axis=0))
        x1, y1 = (int(value) + 1 for value in quad.max(axis=0))
        if min(x1 - x0, y1 - y0) < _LEAST_SIDE:
            continue
        high = y1 - y0
        rows = slice(int((y0 + 0.3 * high) * scale), int((y0 + 0.7 * high) * scale) + 1)
        within = gutters[rows, int(x0 * scale) : int(x1 * scale)]
        # A headline's own white is as wide as a gutter
        white = _runs(within.all(axis=0), _GUTTER * letter * scale) if high < _LARGE * letter / _TIGHT else []
        starts = [x0, *(x0 + int(end / scale) for _, end in white)]
        ends = [*(x0 + int(start / scale) + 1 for start, _ in white), x1]
        pieces = zip(starts, ends, strict=True)
        found += [(left, y0, right, y1) for left, right in pieces if right - left >= _LEAST_SIDE]
    return found


def _gutters(grey: Any, letter: float) -> tuple[Any, float]:
    """A map of the page, true where white runs on upwards and downwards for some lines, and the map's scale.

    The white of a comma does not run on, nor does that between words; a thin rule in a gutter counts as white.
    """
    import numpy as np
    from PIL import Image, ImageFilter

    picture = Image.fromarray(grey)
    scale = min(1.0, _MAP_LETTER / letter)
    small = picture.resize(
        (max(1, round(picture.width * scale)), max(1, round(picture.height * scale))), Image.Resampling.BOX
    )
    # Paper is as bright as its surroundings, print darker: a tinted box has its own paper
    around = small.resize((max(1, small.width // 24), max(1, small.height // 24)), Image.Resampling.BOX)
    ink = np.asarray(small).astype(float) < 0.85 * np.asarray(around.resize(small.size, Image.Resampling.BILINEAR))
    ink &= _through(ink) < _RULE * _MAP_LETTER
    # Above a column all is white, over a comma too: only white beside print counts
    blurred = Image.fromarray(ink.astype(np.uint8) * 255).filter(ImageFilter.BoxBlur((2 * _MAP_LETTER, _MAP_LETTER)))
    return _through(~ink & (np.asarray(blurred) > 0)) >= _GUTTER_LINES * _MAP_LETTER, scale


def _through(mask: Any) -> Any:
    """For every true pixel, how long the upright run of true pixels is that it lies in."""
    import numpy as np

    rows = np.arange(mask.shape[0])[:, None]
    above = np.maximum.accumulate(np.where(mask, -1, rows), axis=0)
    below = np.minimum.accumulate(np.where(mask, mask.shape[0], rows)[::-1], axis=0)[::-1]
    return np.where(mask, below - above - 1, 0)


def _runs(mask: Any, least: float) -> list[tuple[int, int]]:
    """Start and end of the runs of true of some length, without those at either end."""
    import numpy as np

    edges = np.flatnonzero(np.diff(np.concatenate(([False], mask, [False])).astype(np.int8)))
    return [
        (int(start), int(end))
        for start, end in zip(edges[::2], edges[1::2], strict=True)
        if end - start >= least and start > 0 and end < len(mask)
    ]


def _spans(length: int, tile: int) -> list[tuple[int, int]]:
    if length <= tile:
        return [(0, length)]
    count = -(-(length - _OVERLAP) // (tile - _OVERLAP))
    step = (length - _OVERLAP) / count
    return [(int(at * step), min(length, int((at + 1) * step) + _OVERLAP)) for at in range(count)]


def _merge(boxes: list[list[float]], box: list[float]) -> None:
    """Adds a box, united with those of the same line that another tile saw a part of."""
    while True:
        twin = next((other for other in boxes if _same(other, box)), None)
        if twin is None:
            boxes.append(box)
            return
        boxes.remove(twin)
        box = [min(twin[0], box[0]), min(twin[1], box[1]), max(twin[2], box[2]), max(twin[3], box[3])]


def _same(one: list[float], two: list[float]) -> bool:
    wide = min(one[2], two[2]) - max(one[0], two[0])
    high = min(one[3], two[3]) - max(one[1], two[1])
    return wide > 0 and high > 0.6 * min(one[3] - one[1], two[3] - two[1])


def _height(quad: Any) -> float:
    return float(quad[:, 1].max() - quad[:, 1].min())


def _heights(quads: Quads) -> list[float]:
    return [_height(quad) for quad in quads]


def _within(quad: Any, other: Any) -> bool:
    x, y = quad.mean(axis=0)
    (left, top), (right, bottom) = other.min(axis=0), other.max(axis=0)
    return bool(left <= x <= right and top <= y <= bottom)


def _skew(quads: Quads) -> float:
    """Degrees by which the page leans, clockwise positive, by the upper edges of its long lines."""
    import numpy as np

    angles = []
    for quad in quads:
        across, down = quad[1] - quad[0]
        if across > 5 * max(_height(quad) / 2, 1.0):
            angles.append(float(np.degrees(np.arctan2(down, across))))
    angle = median(angles) if len(angles) >= 5 else 0.0
    return angle if abs(angle) <= _MOST_SKEW else 0.0


def _turned(grey: Any, angle: float) -> Any:
    import numpy as np
    from PIL import Image

    return np.asarray(Image.fromarray(grey).rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=_PAPER))
