"""The page's own addresses under ``/jushi/``: pieces of HTML out of the index, files out, uploads in.

Gradio carries the conversation and the interface for programs; what a reader looks up goes here, in one plain request.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from assistant import listing
from assistant.errors import JushiError
from assistant.library import Library, OpenPage
from assistant.web import figures, proof, shelves, source
from assistant.web.checking import Checking
from assistant.web.guard import LARGEST_UPLOAD
from assistant.web.intake import Intake
from assistant.web.job import Job

_BOM: Final = "\ufeff"  # without it Excel reads UTF-8 as the system's old encoding
_REPORT_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
NO_STORE: Final = {"cache-control": "no-store"}


@dataclass(frozen=True, slots=True)
class Rooms:
    """What the page can show: the library of an index, and what takes files into it where that is allowed."""

    library: Library
    intake: Intake | None = None
    checking: Checking | None = None


def add(app: Any, rooms: Rooms) -> None:
    """Add the addresses to a FastAPI application."""
    from starlette.routing import Route

    view = _Views(rooms)
    shown: dict[str, Callable[[Any], str]] = {
        "source": view.source,
        "figures": view.figures,
        "names": view.names,
        "doubts": view.doubts,
        "shelves": view.shelves,
        "search": view.search,
        "page": view.page,
    }
    for name, piece in shown.items():
        app.router.routes.append(Route(f"/jushi/{name}", _page(piece)))
    app.router.routes.append(Route("/jushi/figures.csv", told(view.csv)))
    app.router.routes.append(Route("/jushi/figures.json", told(view.json)))
    if rooms.checking is not None:
        app.router.routes.append(Route("/jushi/check", told(_proof(rooms.checking)), methods=["POST"]))
    if rooms.intake is not None:
        posts = _Posts(rooms.intake, rooms.library)
        for name in ("begin", "upload", "preview", "ingest", "again", "remove", "cancel", "drop"):
            app.router.routes.append(Route(f"/jushi/{name}", told(getattr(posts, name)), methods=["POST"]))
        app.router.routes.append(Route("/jushi/report", told(posts.report)))


def _page(piece: Callable[[Any], str]) -> Callable[[Any], Awaitable[Any]]:
    async def answer(request: Any) -> Any:
        return as_html(await asyncio.to_thread(piece, request.query_params))

    return told(answer)


def told(answer: Callable[[Any], Awaitable[Any]]) -> Callable[[Any], Awaitable[Any]]:
    """The same, an error of ours told in words."""

    async def answered(request: Any) -> Any:
        from starlette.responses import PlainTextResponse

        try:
            return await answer(request)
        except JushiError as error:
            return PlainTextResponse(str(error), status_code=400)

    return answered


def _proof(checking: Checking) -> Callable[[Any], Awaitable[Any]]:
    async def answer(request: Any) -> Any:
        draft = (await request.body()).decode("utf-8", "replace")
        checked = await checking.check(draft, request.query_params.get("date", ""))
        return as_html(proof.checked_html(checked))

    return answer


class _Views:
    """Pieces of HTML, each from a query string."""

    def __init__(self, rooms: Rooms) -> None:
        self._library = rooms.library
        self._intake = rooms.intake

    def _opened(self, given: Any) -> OpenPage:
        """The page that is named; one that the index does not hold is told without saying where the index lies."""
        file = given.get("file", "")
        if not self._library.holds(file):
            raise JushiError(f"索引里没有 {file[:120]!r} 这一版。（No such page.）")
        return self._library.page(file)

    def source(self, given: Any) -> str:
        start, end = (_number(given.get(name, "")) for name in ("from", "to"))
        return source.source_panel(self._opened(given), start, max(start, end))

    def figures(self, given: Any) -> str:
        asked = figures.Asked.of(given)
        found, count = figures.rows(self._library.listing(), asked)
        return figures.table_html(found, count, asked)

    def names(self, _: Any) -> str:
        return figures.names_html(figures.rows(self._library.listing(), figures.Asked())[0])

    def doubts(self, given: Any) -> str:
        sought = figures.wanted(replace(figures.Asked.of(given), doubted=False))
        return figures.doubts_html(self._library.listing().suspicions(sought, figures.MOST), self._library.told)

    def shelves(self, _: Any) -> str:
        writable = self._intake is not None
        kept = self._intake.kept() if self._intake else frozenset()
        listed = shelves.list_html(self._library.pages(), kept, writable)
        return shelves.generation_html(self._library.generation()) + listed

    def search(self, given: Any) -> str:
        words = given.get("words", "")[:200].strip()
        return shelves.found_html(self._library.search(words) if words else (), words)

    def page(self, given: Any) -> str:
        return shelves.page_html(self._opened(given))

    async def csv(self, request: Any) -> Any:
        found = await asyncio.to_thread(self._rows, request.query_params)
        return _file(_BOM + listing.to_csv(found), "text/csv", "jushi-figures.csv")

    async def json(self, request: Any) -> Any:
        found = await asyncio.to_thread(self._rows, request.query_params)
        return _file(listing.to_json(found), "application/json", "jushi-figures.json")

    def _rows(self, given: Any) -> list[Any]:
        return figures.rows(self._library.listing(), figures.Asked.of(given))[0]


class _Posts:
    """What changes the index; only where the page may."""

    def __init__(self, intake: Intake, library: Library) -> None:
        self._intake = intake
        self._library = library

    async def begin(self, _: Any) -> Any:
        return as_json({"token": self._intake.begin()})

    async def upload(self, request: Any) -> Any:
        given = request.query_params
        kept = await self._intake.keep(given.get("token", ""), given.get("name", ""), request.stream(), LARGEST_UPLOAD)
        replaces = await asyncio.to_thread(self._library.holds, kept["name"])
        return as_json({**kept, "replaces": replaces})

    async def preview(self, request: Any) -> Any:
        given = request.query_params
        return stream(await self._intake.preview(given.get("token", ""), english=given.get("tongue") == "en"))

    async def ingest(self, request: Any) -> Any:
        return stream(await self._intake.ingest(request.query_params.get("token", "")))

    async def again(self, request: Any) -> Any:
        return stream(await self._intake.again(request.query_params.get("file", "")))

    async def remove(self, request: Any) -> Any:
        file = request.query_params.get("file", "")
        if not await asyncio.to_thread(self._library.holds, file):
            raise JushiError(f"{file}：索引里没有这一版。（No such page.）")
        return stream(await self._intake.remove(file))

    async def cancel(self, _: Any) -> Any:
        return as_json({"cancelled": await self._intake.cancel()})

    async def drop(self, request: Any) -> Any:
        self._intake.drop(request.query_params.get("token", ""))
        return as_json({})

    async def report(self, request: Any) -> Any:
        from starlette.responses import FileResponse

        path = self._intake.report(request.query_params.get("token", ""))
        headers = {**NO_STORE, "content-security-policy": f"{_REPORT_POLICY}; frame-ancestors 'self'; sandbox"}
        return FileResponse(path, media_type="text/html", headers=headers)


def stream(job: Job) -> Any:
    """What the job tells, an object a line, until it is over."""
    from starlette.responses import StreamingResponse

    async def lines() -> AsyncIterator[bytes]:
        async for told in job.follow():
            yield json.dumps(told, ensure_ascii=True).encode() + b"\n"

    return StreamingResponse(lines(), media_type="application/x-ndjson", headers=NO_STORE)


def as_html(piece: str) -> Any:
    """A piece of the page, not to be kept."""
    from starlette.responses import HTMLResponse

    return HTMLResponse(piece, headers=NO_STORE)


def as_json(told: dict[str, Any]) -> Any:
    """An object, not to be kept."""
    from starlette.responses import JSONResponse

    return JSONResponse(told, headers=NO_STORE)


def _file(words: str, kind: str, name: str) -> Any:
    from starlette.responses import Response

    headers = {**NO_STORE, "content-disposition": f'attachment; filename="{name}"'}
    return Response(words.encode("utf-8"), media_type=f"{kind}; charset=utf-8", headers=headers)


def _number(words: str) -> int:
    return int(words) if words.isdecimal() and len(words) < 12 else 0
