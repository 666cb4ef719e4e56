"""A file of any format but plain text in, its RawText out, read in a child process that can be stopped.

A hostile or broken file can make a parser loop, swallow the memory or crash (80 MB of operators fit in 0.3 MB of PDF;
20,000 nested tags take half a second, 300,000 minutes). In a child none of this reaches the program: its memory is
bounded, and it is ended when it shows no progress. The child writes JSON lines: a beat while it works, then the text
or the reason why there is none.
"""

import json
import queue
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from assistant.errors import SourceError
from ingest.readers import kept
from ingest.readers.kind import DOCX, HTML, IMAGE, PDF
from ingest.readers.raw import RawText

SLOW = (PDF, IMAGE)  # seconds to minutes; the others take less than a second
# Between two beats: ten lines of OCR, one page of a PDF, or all of an HTML or Word file. The longest measured (50 MB
# of HTML) takes 6 s on two cores.
STILL_SECONDS = 120.0
MEMORY = 8 * 2**30  # bytes of addresses, of which OCR of a broadsheet uses 0.7 GB of real memory
_START = "import sys; sys.path[:] = {path!r}; from ingest.readers.worker import main; main()"


def read(path: Path, kind: str, still_seconds: float = STILL_SECONDS) -> RawText:
    """The file as read. Raises SourceError with the file, the reason and the next step."""
    # -I: neither the working folder nor the user's site is searched; the path is handed over as it is here
    command = [sys.executable, "-I", "-c", _START.format(path=sys.path), kind, str(path)]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        lines: queue.Queue[bytes] = queue.Queue()
        errors: list[bytes] = []
        assert child.stdout is not None
        assert child.stderr is not None
        threads = [
            threading.Thread(target=_pump, args=(child.stdout, lines.put), daemon=True),
            threading.Thread(target=_pump, args=(child.stderr, errors.append), daemon=True),
        ]
        for thread in threads:
            thread.start()
        try:
            while line := lines.get(timeout=still_seconds):
                message: dict[str, Any] = json.loads(line)
                if "error" in message:
                    reason = str(message["error"])
                    raise SourceError((reason if reason.startswith(str(path)) else f"{path}: {reason}") + ".")
                if "raw" in message:
                    return kept.from_json(message["raw"])
        except queue.Empty:
            raise SourceError(
                f"{path}: reading it came to a stop for {still_seconds:.0f} s and was ended. "
                "It may be broken or made to do harm; print it anew to PDF, or give its text as .txt."
            ) from None
        finally:
            child.kill()
            for thread in threads:
                thread.join(timeout=5)
        child.wait()
        last = b"".join(errors[-3:]).decode("utf-8", "replace").strip().splitlines()
        ending = last[-1] if last else f"exit code {child.returncode}"
        raise SourceError(
            f"{path}: reading it failed ({ending[:200]}). It may be broken, or need over {MEMORY >> 30} GB of memory; "
            "print it anew to PDF, or give its text as .txt."
        )


def _pump(pipe: IO[bytes], put: Callable[[bytes], None]) -> None:
    for line in pipe:
        put(line)
    put(b"")  # the end


def main() -> None:
    """The child: ``KIND PATH`` in ``sys.argv``."""
    _bound_memory()
    # Whatever a library prints goes to stderr; stdout carries the messages alone
    out, sys.stdout = sys.stdout, sys.stderr

    def say(message: dict[str, Any]) -> None:
        print(json.dumps(message), file=out, flush=True)

    kind, name = sys.argv[1], sys.argv[2]
    try:
        raw = _read(kind, Path(name), lambda: say({"beat": 1}))
        if not raw.text.strip():
            raise SourceError("it holds no text")
        say({"raw": asdict(raw)})
    except SourceError as error:
        say({"error": str(error).rstrip(".")})
    except MemoryError:
        say({"error": f"reading it needs over {MEMORY >> 30} GB of memory. Split it"})
    except RecursionError:
        say({"error": "its parts are nested too deeply. Give its text as .txt"})


def _read(kind: str, path: Path, beat: Callable[[], None]) -> RawText:
    data = path.read_bytes()
    if kind == HTML:
        from ingest.readers import html

        return html.read(data, path)
    if kind == DOCX:
        from ingest.readers import docx

        return docx.read(data)
    from ingest.readers import pdf

    return pdf.read(data, beat) if kind == PDF else pdf.read_pictures(data, beat)


def _bound_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such bound; the time bound holds there too
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
