"""The reference of the API as one plain page, made from the OpenAPI document: no script, no foreign file."""

from html import escape
from typing import Any

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}"
    "h2{margin-top:2.5rem}code{font-size:.95em}details{border-block-end:1px solid #8884;padding:.6rem 0}"
    "summary{cursor:pointer}b{display:inline-block;min-width:4.5rem}td,th{text-align:start;padding:.2rem .8rem .2rem 0}"
)


def docs_page(openapi: dict[str, Any]) -> bytes:
    """Return the page for a document."""
    groups: dict[str, list[str]] = {}
    for path, methods in openapi["paths"].items():
        for method, operation in methods.items():
            group = (operation.get("tags") or ["other"])[0]
            groups.setdefault(group, []).append(_operation(path, method, operation))
    body = "".join(f"<h2>{escape(name)}</h2>{''.join(items)}" for name, items in groups.items())
    info = openapi["info"]
    page = (
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
        f"<title>{escape(info['title'])} API</title><style>{_STYLE}</style>"
        f"<h1>{escape(info['title'])} API {escape(info['version'])}</h1><p>{escape(info.get('summary', ''))}</p>"
        "<p>Programs sign in with <code>Authorization: Bearer …</code>. Errors are "
        "<code>application/problem+json</code>. The whole document: <a href=/api/openapi.json>openapi.json</a>, "
        "events: <a href=/api/asyncapi.json>asyncapi.json</a>.</p>" + body
    )
    return page.encode()


def _operation(path: str, method: str, operation: dict[str, Any]) -> str:
    parameters = "".join(
        f"<tr><td><code>{escape(p['name'])}</code><td>{escape(p['in'])}<td>{escape(p.get('description', ''))}"
        for p in operation.get("parameters", ())
    )
    answers = ", ".join(f"{escape(status)} {escape(a['description'])}" for status, a in operation["responses"].items())
    body = operation.get("requestBody", {}).get("content", {})
    shapes = ", ".join(escape(_shape(content.get("schema", {}))) for content in body.values())
    return (
        f"<details><summary><b>{method.upper()}</b> <code>{escape(path)}</code> {escape(operation.get('summary', ''))}"
        f"</summary><p>{escape(operation.get('description', ''))}</p>"
        + (f"<p>Body: <code>{shapes}</code></p>" if shapes else "")
        + (f"<table>{parameters}</table>" if parameters else "")
        + f"<p>Answers: {answers}</p></details>"
    )


def _shape(schema: dict[str, Any]) -> str:
    return str(schema.get("$ref", schema.get("title", schema.get("type", "")))).rsplit("/", 1)[-1]
