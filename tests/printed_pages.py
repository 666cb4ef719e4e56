"""Invented news set in columns, as boxes, as a PDF with a text layer, and as a picture: what the readers' tests read.

The PDF names a font of Adobe's Chinese set without embedding it, so no font file is needed to write or to read it.
"""

import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

WIDTH, HEIGHT = 640, 900  # points
SIZE, PITCH, GUTTER = 11.0, 16.0, 16.0
_NEVER_FIRST = "。，、；：！？”’）》%℃"

HEADLINE = "青禾开发区纺织车间换新装"
STORY = (
    "走进青禾开发区，织机声此起彼伏。2024年，青禾开发区规上工业总产值突破52.36亿元，同比增长7.8%，其中纺织业产值18.05亿元，"
    "占34.47%。园区现有纺织企业41家，规上企业18家，用工3206人。",
    "去年，青禾开发区布匹出口额约3.2亿元，占全市的六成以上。“每吨棉纱的电耗从2100千瓦时降到1860千瓦时。”车间主任陈阿水说，"
    "仅此一项，一年可省电费460万元。废水回用率由71.5%提高到93.2%，每天少取水1200吨。",
    "为了招到熟练工，园区与青禾职校合办了3个订单班，首批120名学员将于6月进厂。开发区计划到2027年新增产值20亿元，"
    "建成标准厂房15万平方米，引进企业不少于30家。",
    "白鹭水库今年蓄水1860万立方米，比上年多出240万立方米，可灌溉农田12.5万亩，惠及3个乡镇。水库管理站投入85.6万元更换了4台闸门，"
    "渠系水利用系数由0.52提高到0.61。入春以来，库区降雨量达到186.5毫米，较常年偏多14.3%。",
)


@dataclass(frozen=True)
class Item:
    """A line as set: left and top in points, the size of its type, its text."""

    x: float
    y: float
    size: float
    text: str


def width_of(text: str, size: float) -> float:
    return sum(size * (0.5 if ord(letter) < 128 else 1.0) for letter in text)


def wrapped(paragraph: str, width: float, size: float = SIZE) -> list[str]:
    """The paragraph's lines; numbers stay whole, and no line begins with a full stop."""
    lines, line, used = [], "", 2 * size
    for word in re.findall(r"[0-9A-Za-z.%]+|.", paragraph):
        wide = width_of(word, size)
        if used + wide > width + 0.01:
            kept = ""
            if word[0] in _NEVER_FIRST:
                last = re.search(r"[0-9A-Za-z.]+$|.$", line)
                assert last is not None
                line, kept = line[: last.start()], last[0]
            lines.append(line)
            line, used = kept, width_of(kept, size)
        line, used = line + word, used + wide
    return [*lines, line]


def in_columns(paragraphs: Sequence[str], left: float, top: float, width: float, count: int, depth: int) -> list[Item]:
    """The paragraphs in ``count`` columns of at most ``depth`` lines."""
    narrow = (width - GUTTER * (count - 1)) / count
    items, row, column = [], 0, 0
    for paragraph in paragraphs:
        for at, line in enumerate(wrapped(paragraph, narrow)):
            if row == depth:
                row, column = 0, column + 1
            x = left + column * (narrow + GUTTER) + (2 * SIZE if at == 0 else 0)
            items.append(Item(x, top + row * PITCH, SIZE, line))
            row += 1
    assert column < count, "the story is longer than its columns"
    return items


def two_columns() -> list[Item]:
    """A page with one headline over two columns."""
    return [Item(120, 40, 30, HEADLINE), *in_columns(STORY, 40, 100, WIDTH - 80, 2, 12)]


def printed(items: Sequence[Item]) -> str:
    """What the page says, in the order it was set, without white."""
    return "".join(item.text for item in items)


def pdf(pages: Sequence[Sequence[Item]], *, turned: int = 0) -> bytes:
    """The pages as a PDF. With ``turned`` degrees they are stored so, and /Rotate has a viewer turn them upright."""
    wide, high = (WIDTH, HEIGHT) if turned in (0, 180) else (HEIGHT, WIDTH)
    turn = {0: "", 90: f"0 1 -1 0 {HEIGHT} 0 cm", 180: f"-1 0 0 -1 {WIDTH} {HEIGHT} cm", 270: f"0 -1 1 0 0 {WIDTH} cm"}
    bodies: list[bytes] = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"",
        b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[4 0 R]>>",
        b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)"
        b"/Supplement 4>>/DW 1000/W[1 95 500]/FontDescriptor 5 0 R>>",
        b"<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0/Ascent 880"
        b"/Descent -120/CapHeight 880/StemV 93>>",
    ]
    kids = []
    for items in pages:
        lines = [
            f"/F1 {item.size} Tf 1 0 0 1 {item.x:.2f} {HEIGHT - item.y - 0.88 * item.size:.2f} Tm "
            f"<{item.text.encode('utf-16-be').hex()}> Tj"
            for item in items
        ]
        stream = "\n".join([turn[turned], "BT", *lines, "ET"]).encode()
        bodies.append(b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream))
        page = (
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {wide} {high}]/Rotate {turned}"
            f"/Resources<</Font<</F1 3 0 R>>>>/Contents {len(bodies)} 0 R>>"
        )
        bodies.append(page.encode())
        kids.append(f"{len(bodies)} 0 R")
    bodies[1] = f"<</Type/Pages/Count {len(kids)}/Kids[{' '.join(kids)}]>>".encode()
    return assembled(bodies)


def assembled(bodies: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """Numbered PDF objects as a file; the first is the catalogue."""
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        out
        + b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
        + table
        + b"trailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF" % (len(bodies) + 1, trailer, len(out))
    )


def chinese_font() -> tuple[Path, int] | None:
    """A font file with simplified Chinese and its number in the collection, or None."""
    try:
        found = subprocess.run(
            ["fc-list", ":lang=zh-cn", "file", "index", "family"], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    fonts = []
    for line in found.stdout.splitlines():
        name, _, rest = line.partition(":")
        index = re.search(r"index=(\d+)", rest)
        # the index of a variable font has its instance in the upper half
        fonts.append(
            (("SC" not in rest, "Bold" in name, name), Path(name.strip()), int(index[1]) % 65536 if index else 0)
        )
    return min(fonts)[1:] if fonts else None


def picture(items: Sequence[Item], font: tuple[Path, int], dpi: int = 200) -> Any:
    """The page as a grey picture."""
    from PIL import Image, ImageDraw, ImageFont

    scale = dpi / 72
    page = Image.new("L", (round(WIDTH * scale), round(HEIGHT * scale)), 250)
    draw = ImageDraw.Draw(page)
    for item in items:
        face = ImageFont.truetype(str(font[0]), round(item.size * scale), index=font[1])
        x = item.x
        for letter in item.text:
            draw.text((x * scale, (item.y + 0.88 * item.size) * scale), letter, font=face, fill=20, anchor="ls")
            x += width_of(letter, item.size)
    return page
