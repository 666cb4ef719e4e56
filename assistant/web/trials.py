"""A bench in, its addresses under ``/jushi/`` out: the runs, their reports, two compared; where it may, new ones."""

import asyncio
from collections.abc import Collection
from typing import Any, Final

from assistant.errors import JushiError
from assistant.web import reports
from assistant.web.bench import Bench
from assistant.web.measured import measured
from assistant.web.routes import NO_STORE, as_html, as_json, stream, told

# The report draws itself, in a frame of an origin of its own: it reaches neither this page nor any address.
_REPORT_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'; sandbox allow-scripts"
)


def add(app: Any, bench: Bench, models: Collection[str]) -> None:
    """Add the addresses to a FastAPI application; only the ``models`` named are asked."""
    from starlette.routing import Route

    trials = _Trials(bench, models)
    shown = {"runs": trials.runs, "measured": trials.measured, "compared": trials.compared, "run-report": trials.report}
    if bench.writable:
        shown["trial-follow"] = trials.follow
        for name, post in (("trial", trials.run), ("trial-resume", trials.resume), ("trial-stop", trials.stop)):
            app.router.routes.append(Route(f"/jushi/{name}", told(post), methods=["POST"]))
    for name, view in shown.items():
        app.router.routes.append(Route(f"/jushi/{name}", told(view)))


class _Trials:
    def __init__(self, bench: Bench, models: Collection[str]) -> None:
        self._bench = bench
        self._models = models

    async def runs(self, _: Any) -> Any:
        return as_html(await asyncio.to_thread(reports.list_html, self._bench))

    async def measured(self, _: Any) -> Any:
        found = measured(await asyncio.to_thread(self._bench.results.runs))
        return as_json(
            {
                model: {
                    "right": run.right,
                    "between": run.interval,
                    "wrong": run.wrong,
                    "of": run.scored,
                    "seconds": run.seconds,
                }
                for model, run in found.items()
            }
        )

    async def compared(self, request: Any) -> Any:
        names = [request.query_params.get(name, "") for name in ("first", "second")]
        found = await self._bench.compare(*names)
        runs = {run.name: run for run in await asyncio.to_thread(self._bench.results.runs)}
        return as_html(reports.compared_html(found, *(runs[name] for name in names)))

    async def report(self, request: Any) -> Any:
        from starlette.responses import FileResponse

        path = await self._bench.report(request.query_params.get("run", ""))
        headers = {**NO_STORE, "content-security-policy": _REPORT_POLICY}
        return FileResponse(path, media_type="text/html", headers=headers)

    async def run(self, request: Any) -> Any:
        given = request.query_params
        model = given.get("model", "")
        if model not in self._models:
            raise JushiError(f"没有名为 {model[:80]!r} 的模型。（No such model.）")
        return stream(await self._bench.run(model, given.get("kind", ""), given.get("size", ""), given.get("own", "")))

    async def resume(self, request: Any) -> Any:
        return stream(await self._bench.resume(request.query_params.get("run", "")))

    async def follow(self, _: Any) -> Any:
        job = self._bench.running
        if job is None:
            raise JushiError("没有正在考的一轮。（No run is going on.）")
        return stream(job)

    async def stop(self, _: Any) -> Any:
        return as_json({"stopped": await self._bench.stop()})
