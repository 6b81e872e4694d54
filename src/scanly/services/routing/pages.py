"""The small pages that a visitor sees in place of a destination: HTML below 5 kB, no script, no cookie, two languages.

Statuses: ended 410, unknown 404, away 503. A paused link and one that has not begun answer 200: the page is what its
owner chose to show, and a 5xx would make proxies take this process for a broken one.
"""

import hashlib
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup
from starlette.types import Send

from scanly.services.routing.negotiation import weights

_TEMPLATES = Path(__file__).parent / "templates"
_STYLE = (_TEMPLATES / "visitor.css").read_text(encoding="utf-8").strip()
_STYLE_HASH = b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_template = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=False).from_string(
    (_TEMPLATES / "visitor.html").read_text(encoding="utf-8")
)
_MAX_SHOWN = 300

SECURITY_HEADERS = (
    (
        b"content-security-policy",
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'".encode(),
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-robots-tag", b"noindex"),
)


class Case(StrEnum):
    """Why there is a page."""

    PAUSED = "paused"
    NOT_STARTED = "not_started"
    ENDED = "ended"
    UNKNOWN = "unknown"
    PREVIEW = "preview"
    NO_LINK = "no_link"
    """A product has no link of the type that is asked for."""
    AWAY = "away"


STATUS: Mapping[Case, int] = MappingProxyType(
    {
        Case.PAUSED: 200,
        Case.NOT_STARTED: 200,
        Case.PREVIEW: 200,
        Case.ENDED: 410,
        Case.UNKNOWN: 404,
        Case.NO_LINK: 404,
        Case.AWAY: 503,
    }
)
_PICTURES = {
    case: Markup((_TEMPLATES / "pictures" / f"{name}.svg").read_text(encoding="utf-8").strip())  # noqa: S704 - our files
    for case, name in (
        (Case.PAUSED, "resting"),
        (Case.NOT_STARTED, "resting"),
        (Case.AWAY, "resting"),
        (Case.ENDED, "ended"),
        (Case.UNKNOWN, "unknown"),
        (Case.NO_LINK, "unknown"),
        (Case.PREVIEW, "preview"),
    )
}


@dataclass(frozen=True, slots=True)
class _Words:
    """One language. ``{shop}`` and ``{day}`` are filled in; second messages are for nameless shops."""

    name: str
    titles: Mapping[Case, str]
    ended_on: str
    starts_on: str
    messages: Mapping[Case, tuple[str, str]]
    opens: str
    belongs: str
    open_it: str
    sign_in: str
    made: str
    months: tuple[str, ...]


_ENGLISH = _Words(
    name="English",
    titles={
        Case.PAUSED: "This code is resting",
        Case.NOT_STARTED: "This code opens soon",
        Case.ENDED: "This code has ended",
        Case.UNKNOWN: "Nothing lives at this code",
        Case.PREVIEW: "Where does this code lead?",
        Case.NO_LINK: "There is no such page",
        Case.AWAY: "One moment, please",
    },
    ended_on="This code ended on {day}",
    starts_on="This code opens on {day}",
    messages={
        Case.PAUSED: (
            "{shop} has paused it for now. It will open again, so keep the card.",
            "It is paused for now. It will open again, so keep the card.",
        ),
        Case.NOT_STARTED: (
            "{shop} has made it ready. Keep the card and scan again then.",
            "It is ready and waiting. Keep the card and scan again then.",
        ),
        Case.ENDED: (
            "What it led to is over. Ask {shop} what is new.",
            "What it led to is over. Ask the people who gave it to you what is new.",
        ),
        Case.UNKNOWN: (
            "",
            (
                "Perhaps a letter is wrong, or the code was put away. If it was printed, please tell the people who "
                "gave it to you."
            ),
        ),
        Case.PREVIEW: ("You looked before you opened it. Good habit.",) * 2,
        Case.NO_LINK: ("This product has no page of that kind. Its own page may have what you look for.",) * 2,
        Case.AWAY: ("", "We cannot look up this code just now. It is not lost: scan again in a minute."),
    },
    opens="It opens",
    belongs="It belongs to",
    open_it="Open it",
    sign_in="Is it your code? Sign in",
    made="Made with Scanly",
    months=tuple(
        "January February March April May June July August September October November December".split()  # noqa: SIM905
    ),
)
_HINDI = _Words(
    name="हिन्दी",
    titles={
        Case.PAUSED: "यह कोड अभी रुका है",
        Case.NOT_STARTED: "यह कोड जल्दी खुलेगा",
        Case.ENDED: "यह कोड ख़त्म हो गया",
        Case.UNKNOWN: "इस कोड पर कुछ नहीं है",
        Case.PREVIEW: "यह कोड क्या खोलता है?",
        Case.NO_LINK: "ऐसा कोई पेज नहीं है",
        Case.AWAY: "ज़रा रुकिए",
    },
    ended_on="यह कोड {day} को ख़त्म हुआ",
    starts_on="यह कोड {day} को खुलेगा",
    messages={
        Case.PAUSED: (
            "{shop} ने इसे कुछ समय के लिए रोका है। यह फिर खुलेगा, कार्ड संभालकर रखें।",
            "इसे कुछ समय के लिए रोका गया है। यह फिर खुलेगा, कार्ड संभालकर रखें।",
        ),
        Case.NOT_STARTED: (
            "{shop} ने इसे तैयार रखा है। कार्ड संभालकर रखें और तब फिर स्कैन करें।",
            "यह तैयार है। कार्ड संभालकर रखें और तब फिर स्कैन करें।",
        ),
        Case.ENDED: (
            "यह जो खोलता था, वह अब बंद है। नया क्या है, {shop} से पूछें।",
            "यह जो खोलता था, वह अब बंद है। नया क्या है, देने वाले से पूछें।",
        ),
        Case.UNKNOWN: ("", "शायद कोई अक्षर ग़लत है, या कोड हटा दिया गया है। अगर कोड छपा हुआ है, तो देने वाले को बताएँ।"),
        Case.PREVIEW: ("खोलने से पहले देखना अच्छी आदत है।",) * 2,
        Case.NO_LINK: ("इस उत्पाद का ऐसा कोई पेज नहीं है। शायद उत्पाद के अपने पेज पर मिल जाए।",) * 2,
        Case.AWAY: ("", "यह कोड अभी नहीं मिल पा रहा। यह खोया नहीं है: एक मिनट में फिर स्कैन करें।"),
    },
    opens="खुलेगा",
    belongs="किसका है",
    open_it="खोलें",
    sign_in="आपका कोड है? साइन इन करें",
    made="Scanly से बना",
    months=tuple("जनवरी फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर".split()),  # noqa: SIM905
)
_WORDS = {"en": _ENGLISH, "hi": _HINDI}
DEFAULT_LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class _Action:
    text: str
    href: str
    is_main: bool


def asked_language(scope: Mapping[str, Any]) -> str:
    """Return the language of the page that answers an ASGI request; see ``choose_language``."""
    return choose_language(scope["query_string"], dict(scope["headers"]).get(b"accept-language", b""))


async def show(
    send: Send,
    case: Case,
    page: bytes,
    retry_after: float | None = None,
    *,
    vary: bytes = b"accept-language",
    status: int | None = None,
) -> None:
    """Answer an ASGI request with a rendered page; ``vary`` names what else its choice hung on.

    Without a ``status`` it is that of the case.
    """
    headers = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-length", str(len(page)).encode()),
        (b"cache-control", b"private, no-store"),
        (b"vary", vary),
        *SECURITY_HEADERS,
    ]
    if retry_after is not None:
        headers.append((b"retry-after", str(max(1, round(retry_after))).encode()))
    await send({"type": "http.response.start", "status": status or STATUS[case], "headers": headers})
    await send({"type": "http.response.body", "body": page})


def choose_language(query: bytes, accept_language: bytes) -> str:
    """Return ``en`` or ``hi``: what ``?lang=`` asks for, else what the phone prefers (RFC 9110 §12.5.4)."""
    for field in query[:2048].split(b"&"):
        if field.startswith(b"lang=") and (asked := field[5:].decode("latin-1")) in _WORDS:
            return asked
    best, best_weight = DEFAULT_LANGUAGE, 0.0
    for tag, weight in weights(accept_language).items():
        language = tag.partition("-")[0]
        if language in _WORDS and weight > best_weight:
            best, best_weight = language, weight
    return best


@lru_cache(maxsize=512)
def render(
    case: Case,
    language: str,
    *,
    shop: str = "",
    day: date | None = None,
    destination: str = "",
    open_href: str = "",
    sign_in_href: str = "",
    asked: str = "",
) -> bytes:
    """Return the page. ``day``: when the link ended or begins; ``destination`` and ``open_href``: of the preview.

    ``asked`` is what of the query the page in the other language needs.
    """
    words = _WORDS[language]
    other = "en" if language == "hi" else "hi"
    title = words.titles[case]
    if day is not None:
        dated = words.ended_on if case is Case.ENDED else words.starts_on
        title = dated.format(day=f"{day.day} {words.months[day.month - 1]}")
    named, unnamed = words.messages[case]
    action = None
    facts: list[tuple[str, str]] = []
    if case is Case.PREVIEW:
        shown = destination.removeprefix("https://")
        shown = shown if len(shown) <= _MAX_SHOWN else f"{shown[:_MAX_SHOWN]}…"
        facts = [(words.opens, shown), *([(words.belongs, shop)] if shop else [])]
        action = _Action(words.open_it, open_href, is_main=True)
    elif case is Case.NO_LINK:
        action = _Action(words.open_it, open_href, is_main=True)
    elif case is Case.UNKNOWN and sign_in_href:
        action = _Action(words.sign_in, sign_in_href, is_main=False)
    return _template.render(
        language=language,
        title=title,
        style=Markup(_STYLE),  # noqa: S704 - our file
        shop=shop,
        initials=_initials(shop),
        picture=_PICTURES[case],
        message=named.format(shop=shop) if shop else unnamed,
        facts=facts,
        action=action,
        made=words.made,
        asked=asked,
        other=other,
        other_name=_WORDS[other].name,
    ).encode()


def _initials(shop: str) -> str:
    """Return two initials for Latin names, one for others, where two would not fit the disc."""
    words = [word for word in shop.split() if word[0].isalnum()]
    if not words:
        return ""
    letters = "".join(word[0] for word in words[:2]).upper()
    return letters if letters.isascii() else letters[:1]
