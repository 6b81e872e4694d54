"""Who is a person, and why the others are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanly.contracts.analytics import Verdict
from scanly.services.analytics.domain.judge import Judgement, judge, judge_agent
from tests.services.analytics.agents import BOTS, PEOPLE, PREVIEWS
from tests.services.analytics.factories import GOOGLEBOT, IPHONE, WHATSAPP


@pytest.mark.parametrize("name", PEOPLE)
def test_people_are_people(name: str) -> None:
    assert judge_agent(PEOPLE[name]) == Judgement(Verdict.HUMAN)


@pytest.mark.parametrize("name", PREVIEWS)
def test_link_previews_are_told_from_other_programs(name: str) -> None:
    found = judge_agent(PREVIEWS[name])
    assert (found.verdict, found.reason) == (Verdict.PREVIEW, "link_preview")
    assert found.evidence.lower() in PREVIEWS[name].lower()


@pytest.mark.parametrize(("reason", "agent"), [(reason, agent) for reason, agents in BOTS.items() for agent in agents])
def test_programs_are_found_with_their_reason(reason: str, agent: str) -> None:
    found = judge_agent(agent)
    assert (found.verdict, found.reason) == (Verdict.BOT, reason)


@pytest.mark.parametrize(
    ("method", "purpose", "outcome", "agent", "verdict", "reason"),
    [
        ("HEAD", "", "redirect", IPHONE, Verdict.HEAD, "head_request"),
        ("head", "", "redirect", GOOGLEBOT, Verdict.HEAD, "head_request"),
        ("GET", "prefetch", "redirect", IPHONE, Verdict.PREFETCH, "prefetch"),
        ("GET", "prefetch;prerender", "redirect", IPHONE, Verdict.PREFETCH, "prefetch"),
        ("GET", "Preview", "redirect", IPHONE, Verdict.PREFETCH, "prefetch"),
        ("GET", "", "preview", IPHONE, Verdict.PREVIEW, "preview_page"),
        ("GET", "", "redirect", WHATSAPP, Verdict.PREVIEW, "link_preview"),
        ("GET", "", "paused", IPHONE, Verdict.HUMAN, None),
        ("GET", "", "ended", IPHONE, Verdict.HUMAN, None),
        ("POST", "", "redirect", IPHONE, Verdict.HUMAN, None),
        ("GET", "something else", "redirect", IPHONE, Verdict.HUMAN, None),
    ],
)
def test_the_order_of_evidence(
    method: str, purpose: str, outcome: str, agent: str, verdict: Verdict, reason: str | None
) -> None:
    found = judge(method=method, purpose=purpose, outcome=outcome, user_agent=agent)
    assert (found.verdict, found.reason) == (verdict, reason)


@given(st.text(max_size=1024))
def test_any_text_gets_a_verdict(agent: str) -> None:
    found = judge_agent(agent)
    assert (found.verdict is Verdict.HUMAN) == (not found.reason)
    assert len(found.evidence) <= 64


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=1024), st.text(max_size=64))
def test_a_verdict_depends_on_nothing_else(agent: str, purpose: str) -> None:
    first, second = (judge(method="GET", purpose=purpose, outcome="redirect", user_agent=agent) for _ in range(2))
    assert first == second
