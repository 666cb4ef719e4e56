"""A scan's bytes in, its pages out as grey pictures: PNG, JPEG, WebP, and TIFF with one page or more."""

import io
import warnings
from collections.abc import Iterator
from typing import Any

from assistant.errors import SourceError

MOST_PIXELS = 150_000_000  # a broadsheet at 600 dpi has 118 million
_FORMATS = ("PNG", "JPEG", "TIFF", "WEBP")  # no other decoder of Pillow ever sees the bytes
_LEAST_SIDE = 16


def pictures(data: bytes, most: int) -> Iterator[Any]:
    """Each page as an array (height, width) of grey bytes, upright as its camera noted; ``most`` pages at most."""
    try:
        import numpy as np
        from PIL import Image, ImageOps, UnidentifiedImageError
    except ImportError as error:
        raise SourceError('a picture needs OCR: run pip install "jushi[ocr]"') from error
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the limit here is our own
        try:
            with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
                frames = getattr(image, "n_frames", 1)
                if frames > most:
                    raise SourceError(f"it has {frames} pages; {most} are the most. Split it")
                for at in range(frames):
                    image.seek(at)
                    if image.width * image.height > MOST_PIXELS:
                        raise SourceError(
                            f"it has {image.width} x {image.height} pixels; {MOST_PIXELS:,} are the most. "
                            "Scale it down to 300 dpi"
                        )
                    if min(image.size) < _LEAST_SIDE:
                        raise SourceError(f"it has only {image.width} x {image.height} pixels, too few to hold text")
                    yield np.asarray(_grey(ImageOps.exif_transpose(image)))
        except Image.DecompressionBombError as error:
            raise SourceError(f"it unpacks to too many pixels ({error}). Scale it down to 300 dpi") from error
        except (UnidentifiedImageError, OSError, EOFError, ValueError, SyntaxError) as error:
            raise SourceError(f"the picture is broken or truncated ({error}). Scan or fetch it again") from error


def _grey(image: Any) -> Any:
    from PIL import Image

    if image.mode.startswith("I") or image.mode == "F":
        # 16 bits a pixel: "L" would clip at 255 and give a white page
        import numpy as np

        values = np.asarray(image, dtype="float32")
        span = float(values.max() - values.min()) or 1.0
        return Image.fromarray(((values - values.min()) * (255 / span)).astype("uint8"))
    if "A" in image.mode or "transparency" in image.info:
        paper = Image.new("RGBA", image.size, "white")
        paper.alpha_composite(image.convert("RGBA"))
        return paper.convert("L")
    return image.convert("L")
