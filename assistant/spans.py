"""What is done, as spans of OpenTelemetry for whoever traces; without it, or where nobody listens, nothing.

    opentelemetry-instrument jushi chat      # pip install "jushi[otel]"; OTEL_EXPORTER_OTLP_ENDPOINT says where to

A span holds names, counts and seconds: neither questions, answers nor pages, which are their readers' own.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Final, Self

_SCOPE: Final = "jushi"


class Span:
    """One piece of work with its parts. To be ended; parts may be begun from generators and other threads."""

    def __init__(self, name: str, **told: Any) -> None:
        """``told`` are attributes: strings and numbers by name."""
        tracer = _tracer()
        self._span = tracer.start_span(f"{_SCOPE}.{name}", attributes=_named(told)) if tracer else None

    @contextmanager
    def part(self, name: str) -> Iterator[Self]:
        """Within, whatever is traced belongs to the part, and the part to this span."""
        tracer = _tracer()
        if tracer is None or self._span is None:
            yield self
            return
        from opentelemetry import trace

        made = tracer.start_span(f"{_SCOPE}.{name}", context=trace.set_span_in_context(self._span))
        try:
            # By itself it would tell an error's words, which may be a reader's.
            with trace.use_span(made, record_exception=False, set_status_on_exception=False):
                yield self
        except BaseException as error:
            _failed(made, error)
            raise
        finally:
            made.end()

    def tell(self, **told: Any) -> None:
        """More attributes."""
        if self._span is not None:
            self._span.set_attributes(_named(told))

    def end(self, error: BaseException | None = None) -> None:
        """The work is done, or failed by this error, of which the name alone is told."""
        if self._span is None:
            return
        if error is not None:
            _failed(self._span, error)
        self._span.end()


@contextmanager
def span(name: str, **told: Any) -> Iterator[Span]:
    """A span around what is done within."""
    made = Span(name, **told)
    try:
        yield made
    except BaseException as error:
        made.end(error)
        raise
    made.end()


@lru_cache(maxsize=1)
def _tracer() -> Any:
    """OpenTelemetry's tracer, which does nothing until whoever runs the program has set up where spans go."""
    try:
        from opentelemetry import trace
    except ImportError:
        return None
    return trace.get_tracer(_SCOPE)


def _failed(span: Any, error: BaseException) -> None:
    from opentelemetry.trace import Status, StatusCode

    span.set_attribute("error.type", type(error).__name__)
    span.set_status(Status(StatusCode.ERROR))


def _named(told: dict[str, Any]) -> dict[str, Any]:
    return {f"{_SCOPE}.{name}": value for name, value in told.items()}
