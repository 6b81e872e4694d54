"""OpenTelemetry traces, only when ``OTEL_EXPORTER_OTLP_ENDPOINT`` is set; otherwise nothing of it is even imported."""

import os
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from typing import Any

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"

_tracer: Any = None


def configure_traces(process: str, version: str) -> Callable[[], None] | None:
    """Start exporting spans over OTLP/HTTP to the endpoint in the environment.

    Returns the function that sends what is left and stops; None when no endpoint is set.
    """
    global _tracer  # noqa: PLW0603 - a process has one tracer
    if not os.environ.get(ENDPOINT):
        return None
    from opentelemetry import trace  # noqa: PLC0415 - 15 MB which an installation without traces must not pay
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    resource = Resource.create({"service.name": "scanly", "service.version": version, "service.instance.id": process})
    provider = TracerProvider(resource=resource)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    _tracer = trace.get_tracer("scanly", tracer_provider=provider)

    def stop() -> None:
        global _tracer  # noqa: PLW0603
        _tracer = None
        provider.shutdown()

    return stop


@contextmanager
def span(name: str, headers: Mapping[str, str] | None = None, **attributes: str | float | bool) -> Iterator[None]:
    """Measure what runs inside as a span; nothing at all when traces are off.

    ``headers`` of an incoming request make it a part of the caller's trace (W3C Trace Context).
    """
    if _tracer is None:
        yield
        return
    from opentelemetry import propagate  # noqa: PLC0415

    parent = propagate.extract(headers) if headers is not None else None
    with _tracer.start_as_current_span(name, context=parent, attributes=attributes):
        yield


def inject_trace(headers: MutableMapping[str, str]) -> None:
    """Add the running span to the headers of a call to another process."""
    if _tracer is not None:
        from opentelemetry import propagate  # noqa: PLC0415

        propagate.inject(headers)
