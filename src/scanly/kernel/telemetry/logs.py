"""Structured logs: JSON for machines, aligned lines for people, both with the id of the request.

Whatever a visitor sent stays data: control characters and those which turn text round reach neither the terminal nor a
log collector as they are (CWE-117). Values whose name says that they are secret are hidden.
"""

import json
import logging
import re
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Literal, TextIO

import structlog

_request_id: ContextVar[str | None] = ContextVar("request_id", default=None)

# C0, DEL, C1, line and paragraph separator, bidirectional controls. JSON escapes the first group by itself.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_CONTROL_BUT_NEWLINE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SECRET = re.compile(r"password|secret|token|authorization|cookie|api_key", re.IGNORECASE)

# Libraries that repeat what we log ourselves, or that would log the arguments of a job.
_QUIET = {
    "procrastinate": logging.CRITICAL,
    "alembic": logging.WARNING,
    "httpcore": logging.WARNING,
    "httpx": logging.WARNING,
    "uvicorn": logging.WARNING,
}

Event = MutableMapping[str, Any]


def configure_logging(
    style: Literal["auto", "json", "console"] = "auto", level: str = "info", stream: TextIO | None = None
) -> None:
    """Send all logs of this process, those of libraries too, to ``stream`` (standard error) at ``level`` and above.

    ``auto`` writes for people when the stream is a terminal and JSON otherwise.
    """
    out = stream or sys.stderr
    for_people = style == "console" or (style == "auto" and out.isatty())
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_ids,
        _hide_secrets,
    ]
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                *(_people(colors=out.isatty()) if for_people else _machines()),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name, least in _QUIET.items():
        logging.getLogger(name).setLevel(least)


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """Return the logger named ``name``; used as ``log.info("link_paused", link_id=…)``, an event and its facts."""
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return logger


def current_request_id() -> str | None:
    """Return the id of the running request; None outside of one."""
    return _request_id.get()


@contextmanager
def request_context(request_id: str) -> Iterator[None]:
    """Put ``request_id`` on every log line that is written inside."""
    token = _request_id.set(request_id)
    try:
        yield
    finally:
        _request_id.reset(token)


def _people(*, colors: bool) -> tuple[structlog.typing.Processor, ...]:
    return (
        _escape,
        structlog.dev.ConsoleRenderer(colors=colors, exception_formatter=structlog.dev.plain_traceback),
    )


def _machines() -> tuple[structlog.typing.Processor, ...]:
    return (structlog.processors.JSONRenderer(serializer=_json),)


def _add_ids(_logger: object, _method: str, event: Event) -> Event:
    if (request_id := _request_id.get()) is not None:
        event.setdefault("request_id", request_id)
    if (otel := sys.modules.get("opentelemetry.trace")) is not None:
        context = otel.get_current_span().get_span_context()
        if context.is_valid:
            event["trace_id"] = f"{context.trace_id:032x}"
    return event


def _hide_secrets(_logger: object, _method: str, event: Event) -> Event:
    for key in event:
        if _SECRET.search(key):
            event[key] = "(hidden)"
    return event


def _escape(_logger: object, _method: str, event: Event) -> Event:
    return {_CONTROL.sub(_escaped, key): _escaped_value(key, value) for key, value in event.items()}


def _escaped_value(key: str, value: object) -> object:
    if value is None or isinstance(value, int | float):
        return value
    pattern = _CONTROL_BUT_NEWLINE if key in {"exception", "stack"} else _CONTROL
    return pattern.sub(_escaped, str(value))


def _json(event: Any, **_options: Any) -> str:  # noqa: ANN401 - structlog's own signature
    return _CONTROL.sub(_escaped, json.dumps(event, default=str, ensure_ascii=False))


def _escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match.group()):04x}"
