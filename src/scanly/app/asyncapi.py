"""The AsyncAPI document of the product: every topic with its message, its producer and its consumers."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import msgspec
from pydantic.json_schema import models_json_schema

from scanly import __version__
from scanly.app.registry import SERVICES
from scanly.contracts.routing import SCAN_TOPIC, Scan
from scanly.kernel.events import Envelope, Event

_CONTRACTS = "scanly.contracts."
_SCHEMAS = "#/components/schemas/"


def events() -> list[type[Event]]:
    """Return the events of all contracts, by topic."""
    return [event for _, event in sorted(Event.registry.items()) if event.__module__.startswith(_CONTRACTS)]


def producer(event: type[Event]) -> str:
    """Return the service whose contract the event belongs to."""
    return event.__module__.removeprefix(_CONTRACTS).split(".")[0]


@lru_cache(maxsize=1)
def asyncapi_document() -> dict[str, Any]:
    """Return the document (AsyncAPI 3.0). Events travel in a CloudEvents 1.0 envelope, scans bare."""
    known = events()
    envelopes: dict[type[Event], Any] = {event: Envelope[event] for event in known}  # type: ignore[valid-type]
    references, definitions = models_json_schema(
        [(envelope, "serialization") for envelope in envelopes.values()], ref_template=f"{_SCHEMAS}{{model}}"
    )
    schemas = {name: _plain(schema) for name, schema in definitions["$defs"].items()}
    (scan,), scan_schemas = msgspec.json.schema_components([Scan], ref_template=f"{_SCHEMAS}{{name}}")
    messages = {event.__name__: _message(event, references[envelopes[event], "serialization"]) for event in known} | {
        "Scan": {"name": SCAN_TOPIC, "title": "Scan", "contentType": "application/json", "payload": scan}
    }
    topics = {event.topic: event.__name__ for event in known} | {SCAN_TOPIC: "Scan"}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Scanly",
            "version": __version__,
            "description": "Topics between the services of Scanly. At least once, in order per key.",
        },
        "defaultContentType": "application/json",
        "channels": {topic: _channel(topic, message) for topic, message in sorted(topics.items())},
        "operations": _operations(known, topics),
        "components": {"messages": messages, "schemas": {**schemas, **scan_schemas}},
    }


def _message(event: type[Event], payload: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": f"{event.topic}.v{event.version}",
        "title": event.__name__,
        **({"summary": event.__doc__.strip().split("\n")[0]} if event.__doc__ else {}),
        "contentType": "application/cloudevents+json",
        "payload": payload,
    }


def _channel(topic: str, message: str) -> dict[str, Any]:
    return {"address": topic, "messages": {message: {"$ref": f"#/components/messages/{message}"}}}


def _operations(known: list[type[Event]], topics: Mapping[str, str]) -> dict[str, Any]:
    operations = {f"send.{event.topic}": _operation("send", event.topic, topics, producer(event)) for event in known}
    operations[f"send.{SCAN_TOPIC}"] = _operation("send", SCAN_TOPIC, topics, "routing")
    operations[f"receive.{SCAN_TOPIC}.analytics"] = _operation("receive", SCAN_TOPIC, topics, "analytics")
    for manifest in SERVICES:
        for subscriber in manifest.subscribers:
            topic = subscriber.event.topic
            name = f"receive.{topic}.{subscriber.group}"
            operations[name] = _operation("receive", topic, topics, manifest.name)
    return dict(sorted(operations.items()))


def _operation(action: str, topic: str, topics: Mapping[str, str], service: str) -> dict[str, Any]:
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{topic}"},
        "messages": [{"$ref": f"#/channels/{topic}/messages/{topics[topic]}"}],
        "tags": [{"name": service}],
    }


def _plain(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in schema.items() if key != "title"}
