"""A file's bytes in, what it is out: by magic bytes, zip members and HTML tags; by its suffix only where these fail."""

import io
import re
import zipfile
from pathlib import Path

from assistant.errors import SourceError

TEXT, HTML, DOCX, PDF, IMAGE = "text", "html", "docx", "pdf", "image"

_HEAD = 4096
_IMAGE_MAGIC = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*")
# What is known, but not read: (magic bytes, what it is, what to do)
_REFUSED = (
    (
        b"\xd0\xcf\x11\xe0",
        "an old Office file, or a Word file with a password",
        "Save it as .docx without a password, or as .pdf",
    ),
    (b"{\\rtf", "an RTF file", "Save it as .docx or .txt"),
    (b"\x1f\x8b", "a gzip archive", "Unpack it"),
    (b"7z\xbc\xaf", "a 7z archive", "Unpack it"),
    (b"Rar!", "a RAR archive", "Unpack it"),
    (b"GIF8", "a GIF image", "Save it as .png"),
    (b"BM", "a BMP image", "Save it as .png"),
    (b"AT&TFORM", "a DjVu file", "Save it as .pdf"),
)
_HTML_START = re.compile(rb"(?is)\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html[\s>])")
_HTML_TAG = re.compile(rb"(?i)<(?:html|head|body|meta|title|article|div|table|h[1-6]|p)[\s>/]")


def kind(data: bytes, path: Path) -> str:
    """One of the five kinds above. Raises SourceError for a known format that is not read."""
    head = data[:_HEAD]
    if b"%PDF-" in head[:1024]:  # PDF readers allow junk before the mark, and so do real files
        return PDF
    if head.startswith(_IMAGE_MAGIC) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        return IMAGE
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip(data, path)
    for magic, what, step in _REFUSED:
        # "BM" alone also begins a text: a bitmap has zero bytes in its header
        if head.startswith(magic) and (len(magic) > 2 or b"\0" in head[:16]):
            raise SourceError(f"{path} is {what}, which Jushi does not read. {step}.")
    if re.match(rb"(?i)(?:from: <saved by|mime-version:)", head):
        raise SourceError(f"{path} is a web archive (MHTML), which Jushi does not read. Save the page as .html.")
    plain = head.replace(b"\0", b"") if head[:2] in (b"\xff\xfe", b"\xfe\xff") else head.removeprefix(b"\xef\xbb\xbf")
    if _HTML_START.match(plain.removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")):
        return HTML
    if path.suffix.lower() in (".html", ".htm") and _HTML_TAG.search(data[: 2**20]):
        return HTML
    return TEXT


def _zip(data: bytes, path: Path) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise SourceError(f"{path} is a broken or truncated .docx or zip file: {error}. Fetch it again.") from error
    if "word/document.xml" in names:
        return DOCX
    what = next(
        (
            what
            for member, what in (
                ("xl/workbook.xml", "an Excel workbook"),
                ("ppt/presentation.xml", "a PowerPoint file"),
                ("META-INF/container.xml", "an EPUB book"),
                ("content.xml", "an OpenDocument file"),
            )
            if member in names
        ),
        "a zip archive",
    )
    step = "Unpack it" if what == "a zip archive" else "Save it as .docx, .html or .pdf"
    raise SourceError(f"{path} is {what}, which Jushi does not read. {step}.")
