"""What a process tells of itself, and how a process asks its peers."""

import asyncio
import time
from collections.abc import Iterable, Mapping
from typing import Literal

import httpx
from pydantic import BaseModel, Field, ValidationError

from scanly import __version__
from scanly.app.operator import figures
from scanly.kernel.auth import PRINCIPAL_HEADER, PrincipalSigner, current_principal
from scanly.kernel.http.app import API_PREFIX
from scanly.kernel.telemetry import Check, Grade

PATH = "/operator/process"
_PATIENCE = 3.0
_GRADES: Mapping[Grade, Literal["works", "degraded", "failing"]] = {
    Grade.WORKS: "works",
    Grade.DEGRADED: "degraded",
    Grade.FAILING: "failing",
}


class CheckReport(BaseModel):
    """One thing that a process depends on."""

    name: str = Field(description="`database`, `redis`, a service, or the name of work beside requests")
    grade: Literal["works", "degraded", "failing"]
    detail: str = Field(description="What is wrong, in plain words; empty when nothing is")


class Answers(BaseModel):
    """Answers since the start."""

    count: int
    failed: int = Field(description="Answers 5xx, and visitors who were told to come back")
    p99_seconds: float | None = Field(description="99 of 100 took less; null before the first one was timed")


class SpoolReport(BaseModel):
    """Scans on the local disk that the event log has not acknowledged."""

    files: int
    bytes: int
    age_seconds: float = Field(description="Of the oldest that waits")
    recorded: int = Field(description="Scans written since the start")
    lost: int = Field(description="Scans that could not be written since the start; must be 0")
    free_bytes: int | None = Field(description="Room on its disk; null before it was measured")


class CountingReport(BaseModel):
    """The consumer of scans."""

    behind_records: int = Field(description="Scans in the log that are not counted")
    behind_seconds: float = Field(description="Since when there was anything left to count")


class DatabaseReport(BaseModel):
    """PostgreSQL as this process sees it."""

    answer_seconds: float
    connections_in_use: int
    connections_max: int


class ProcessReport(BaseModel):
    """One process of the installation."""

    name: str
    address: str | None = Field(description="Where it was asked; null for the process that answers")
    services: list[str]
    roles: list[str]
    version: str
    state: Literal["ready", "degraded", "waiting", "away"]
    checks: list[CheckReport]
    redirects: Answers | None
    requests: Answers | None
    spool: SpoolReport | None
    counting: CountingReport | None
    jobs_waiting: int | None
    database: DatabaseReport | None

    @classmethod
    def of(
        cls, *, name: str, services: Iterable[str], roles: Iterable[str], checks: Mapping[str, Check]
    ) -> "ProcessReport":
        """Return what this process measures. Parts that do not run here are None."""
        known = set(services)
        worst = min((check.grade for check in checks.values()), default=Grade.WORKS)
        found = figures.read()
        works = {role: role in roles for role in ("redirect", "worker")}
        return cls(
            name=name,
            address=None,
            services=sorted(known),
            roles=sorted(roles),
            version=__version__,
            state={Grade.WORKS: "ready", Grade.DEGRADED: "degraded", Grade.FAILING: "waiting"}[worst],
            checks=[
                CheckReport(name=each, grade=_GRADES[check.grade], detail=check.detail)
                for each, check in checks.items()
            ],
            redirects=_redirects(found) if "routing" in known else None,
            requests=_requests(found) if "gateway" in known else None,
            spool=_spool(found) if "routing" in known and works["redirect"] else None,
            counting=_counting(found) if "analytics" in known and works["worker"] else None,
            jobs_waiting=_whole(found, "scanly_jobs_waiting") if works["worker"] else None,
            database=DatabaseReport(
                answer_seconds=figures.total(found, "scanly_database_answer_seconds") or 0,
                connections_in_use=_whole(found, "scanly_database_connections_in_use"),
                connections_max=_whole(found, "scanly_database_connections_max"),
            ),
        )

    @classmethod
    def away(cls, address: str, services: Iterable[str], reason: str) -> "ProcessReport":
        """Return what is known of a peer that does not answer."""
        return cls(
            name=address,
            address=address,
            services=sorted(services),
            roles=[],
            version="",
            state="away",
            checks=[CheckReport(name="process", grade="failing", detail=reason)],
            redirects=None,
            requests=None,
            spool=None,
            counting=None,
            jobs_waiting=None,
            database=None,
        )


async def ask_peers(
    peers: Mapping[str, Iterable[str]], client: httpx.AsyncClient, signer: PrincipalSigner
) -> list[ProcessReport]:
    """Return what every peer tells of itself, in the caller's name; behind one address answers one process of many."""
    services: dict[str, set[str]] = {}
    for service, bases in peers.items():
        for base in bases:
            services.setdefault(base, set()).add(service)
    return list(await asyncio.gather(*(_ask(base, services[base], client, signer) for base in services)))


async def _ask(base: str, services: set[str], client: httpx.AsyncClient, signer: PrincipalSigner) -> ProcessReport:
    headers = {PRINCIPAL_HEADER: signer.sign(current_principal())}
    try:
        answer = await client.get(f"{base}{API_PREFIX}{PATH}", headers=headers, timeout=_PATIENCE)
    except httpx.TransportError:
        return ProcessReport.away(base, services, f"It does not answer within {_PATIENCE:g} seconds.")
    try:
        if answer.status_code == httpx.codes.OK:
            return ProcessReport.model_validate_json(answer.content).model_copy(update={"address": base})
    except ValidationError:
        return ProcessReport.away(base, services, "It runs another version, whose answer cannot be read.")
    return ProcessReport.away(base, services, f"It answers {answer.status_code}. It may be starting.")


def _redirects(found: figures.Figures) -> Answers:
    return Answers(
        count=_whole(found, "scanly_redirects_total"),
        failed=_whole(found, "scanly_redirects_total", outcome="away"),
        p99_seconds=figures.quantile(found, "scanly_redirect_seconds", 0.99),
    )


def _requests(found: figures.Figures) -> Answers:
    return Answers(
        count=_whole(found, "scanly_http_requests_total"),
        failed=_whole(found, "scanly_http_requests_total", status="5xx"),
        p99_seconds=figures.quantile(found, "scanly_http_request_seconds", 0.99),
    )


def _spool(found: figures.Figures) -> SpoolReport:
    free = figures.total(found, "scanly_spool_free_bytes")
    return SpoolReport(
        files=_whole(found, "scanly_spool_files"),
        bytes=_whole(found, "scanly_spool_bytes"),
        age_seconds=figures.total(found, "scanly_spool_age_seconds") or 0,
        recorded=_whole(found, "scanly_scans_recorded_total"),
        lost=_whole(found, "scanly_scans_lost_total"),
        free_bytes=None if free is None or free != free else round(free),  # noqa: PLR0124 - NaN: not measured yet
    )


def _counting(found: figures.Figures) -> CountingReport | None:
    if not (caught_up := figures.total(found, "scanly_ingestion_caught_up_timestamp_seconds")):
        return None
    behind = _whole(found, "scanly_ingestion_lag_records")
    return CountingReport(behind_records=behind, behind_seconds=max(0.0, time.time() - caught_up))


def _whole(found: figures.Figures, name: str, **labels: str) -> int:
    return round(figures.total(found, name, **labels) or 0)
