"""Says what a hit was: a person, or why not.

The order of evidence, first match wins:

1. what the request itself proves: its method (HEAD shows nobody a page), a header that says "prefetch" or "prerender"
   (a browser guessing ahead), the preview page ("where does this lead?") in place of the destination;
2. what the client says about itself: nothing at all, a known link preview, a known program, a word or a shape that
   only programs have (``signatures``);
3. what it did a moment before: the same visitor on the same link within the window is a repetition. That needs other
   hits, so it is decided where they are stored (``repository.ingestion``).

Everybody else is a person. A scan that met a paused or ended code is still a scan by a person.
"""

from dataclasses import dataclass
from functools import lru_cache

from scanly.contracts.analytics import Reason, Verdict
from scanly.services.analytics.domain.signatures import shape_fault, signature_of

_CACHED_AGENTS = 20_000
_SPECULATIVE = ("prefetch", "prerender", "preview", "instant")


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict with its stable ``reason`` (None for people) and ``evidence``, the words that led to it."""

    verdict: Verdict
    reason: Reason | None = None
    evidence: str = ""


PERSON = Judgement(Verdict.HUMAN)


def judge(*, method: str, purpose: str, outcome: str, user_agent: str) -> Judgement:
    """Judge a hit by itself; ``purpose`` is Sec-Purpose, Purpose, X-Purpose or X-Moz as it was sent."""
    if method.upper() == "HEAD":
        return Judgement(Verdict.HEAD, Reason.HEAD_REQUEST, "HEAD")
    if any(word in purpose.lower() for word in _SPECULATIVE):
        return Judgement(Verdict.PREFETCH, Reason.PREFETCH, purpose[:64])
    if outcome == "preview":
        return Judgement(Verdict.PREVIEW, Reason.PREVIEW_PAGE, "+")
    return judge_agent(user_agent)


@lru_cache(maxsize=_CACHED_AGENTS)
def judge_agent(user_agent: str) -> Judgement:
    """Judge a client by what it says about itself."""
    agent = user_agent.strip()
    if not agent:
        return Judgement(Verdict.BOT, Reason.NO_USER_AGENT)
    if found := signature_of(agent):
        reason, evidence = found
        return Judgement(Verdict.PREVIEW if reason is Reason.LINK_PREVIEW else Verdict.BOT, reason, evidence[:64])
    if fault := shape_fault(agent):
        return Judgement(Verdict.BOT, Reason.NOT_A_BROWSER, fault)
    return PERSON
