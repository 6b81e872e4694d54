"""Alert rules and dashboard: they hold, they name figures that there are, and each alert says what to do."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

import scanly.kernel.events.kafka  # noqa: F401 - its figures exist where Kafka is used
from scanly.app import installation
from tests.support.product import product_in_process
from tests.support.services import unavailable
from tools.services import prometheus
from tools.services.packages import Unavailable

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
RULES = ROOT / "deploy/prometheus/alerts.yml"
CASES = sorted((ROOT / "deploy/prometheus/tests").glob("*.yml"))
DASHBOARD = ROOT / "deploy/grafana/scanly.json"
RUNBOOKS = ROOT / "docs/operations.md"

FIGURE = re.compile(r"(?<![:\w])scanly_[a-z0-9_]+")
RECORDED = re.compile(r"scanly:[a-z0-9_:]+")


def rules() -> list[dict[str, Any]]:
    return [rule for group in yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"] for rule in group["rules"]]


def alerts() -> dict[str, dict[str, Any]]:
    return {rule["alert"]: rule for rule in rules() if "alert" in rule}


def dashboard() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(DASHBOARD.read_text(encoding="utf-8"))
    return document


def queries() -> list[str]:
    return [target["expr"] for panel in dashboard()["panels"] for target in panel.get("targets", ())]


def promtool(*arguments: object) -> str:
    try:
        program = prometheus.promtool()
    except Unavailable as reason:
        unavailable(reason)
    done = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def series_of(page: str) -> set[str]:
    """The names of all series on a page of metrics, those without a value yet included."""
    found = set()
    for name, kind in re.findall(r"^# TYPE (\S+) (\S+)$", page, re.MULTILINE):
        found |= {f"{name}_{part}" for part in ("bucket", "sum", "count")} if kind == "histogram" else {name}
    return found


def test_the_rules_are_rules() -> None:
    assert f"{len(rules())} rules found" in promtool("check", "rules", RULES)


def test_every_alert_fires_when_it_should_and_not_otherwise() -> None:
    promtool("test", "rules", *CASES)


@pytest.mark.parametrize("name", sorted(alerts()))
def test_every_alert_is_shown_firing_and_quiet(name: str) -> None:
    tests = yaml.safe_load((ROOT / f"deploy/prometheus/tests/{name}.yml").read_text(encoding="utf-8"))["tests"]
    asked = {test["name"]: test["alert_rule_test"][0] for test in tests}
    assert {case["alertname"] for case in asked.values()} == {name}
    assert asked["quiet"]["exp_alerts"] == []
    assert len(asked["fires"]["exp_alerts"]) == 1


def test_no_case_is_left_of_an_alert_that_is_gone() -> None:
    assert {path.stem for path in CASES} == set(alerts())


@pytest.mark.parametrize("name", sorted(alerts()))
def test_every_alert_says_how_bad_it_is_and_what_to_do(name: str) -> None:
    rule = alerts()[name]
    assert rule["labels"]["severity"] in {"critical", "warning"}
    assert rule["annotations"]["summary"]
    page, _, anchor = rule["annotations"]["runbook"].partition("#")
    assert ROOT / page == RUNBOOKS
    headings = re.findall(
        r"^### (\w+)\n\n(.+?)(?=\n\n|\Z)", RUNBOOKS.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    paragraphs = {heading.lower(): paragraph for heading, paragraph in headings}
    for part in ("**Means**", "**Look**", "**Do**"):
        assert part in paragraphs[anchor]


def test_every_runbook_belongs_to_an_alert_and_its_links_lead_somewhere() -> None:
    text = RUNBOOKS.read_text(encoding="utf-8")
    headings = set(re.findall(r"^### (\w+)$", text, re.MULTILINE))
    assert headings == set(alerts())
    assert set(re.findall(r"\]\(#(\w+)\)", text)) <= {heading.lower() for heading in headings}


def test_the_runbooks_name_settings_that_there_are() -> None:
    known = {value.name for value in installation.load({}, Path("/nonexistent")).values}
    assert set(re.findall(r"SCANLY_[A-Z_]+", RUNBOOKS.read_text(encoding="utf-8"))) <= known


async def test_rules_dashboard_and_runbooks_name_figures_that_are_exported(product_dsn: str, data_dir: Path) -> None:
    async with product_in_process(product_dsn, data_dir, environ={"SCANLY_OPS_TOKEN": "metrics"}) as product:
        client = await product.client(headers={"Authorization": "Bearer metrics"})
        page = (await client.get("/metrics")).text
    # Figures of other tests stay in the registry of a process.
    exported = {name for name in series_of(page) if re.match("scanly_(?!test_)", name)}
    recorded = {rule["record"] for rule in rules() if "record" in rule}
    expressions = [*(rule["expr"] for rule in rules()), *queries()]
    assert {name for text in expressions for name in FIGURE.findall(text)} <= exported
    assert {name for text in expressions for name in RECORDED.findall(text)} <= recorded
    assert set(FIGURE.findall(RUNBOOKS.read_text(encoding="utf-8"))) <= exported
    shown = {re.sub(r"_(bucket|sum|count)$", "", name) for text in queries() for name in FIGURE.findall(text)}
    assert {re.sub(r"_(bucket|sum|count)$", "", name) for name in exported} <= shown


def test_the_dashboard_is_whole() -> None:
    document = dashboard()
    panels = document["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    assert {variable["name"] for variable in document["templating"]["list"]} == {"datasource", "instance"}
    for panel in panels:
        if panel["type"] != "row":
            assert panel["targets"], panel["title"]
            assert panel["datasource"]["uid"] == "${datasource}"
            assert len({target["refId"] for target in panel["targets"]}) == len(panel["targets"])
    taken = [
        (x, y)
        for spot in (panel["gridPos"] for panel in panels)
        for x in range(spot["x"], spot["x"] + spot["w"])
        for y in range(spot["y"], spot["y"] + spot["h"])
    ]
    assert len(set(taken)) == len(taken)
    assert all(0 <= x < 24 for x, _ in taken)


def test_the_dashboard_asks_what_prometheus_understands(tmp_path: Path) -> None:
    plain = [
        query.replace('instance=~"$instance"', 'instance=~".*"').replace("$__rate_interval", "1m")
        for query in queries()
    ]
    as_rules = [{"record": f"dashboard:query:{number}", "expr": query} for number, query in enumerate(plain)]
    file = tmp_path / "dashboard.yml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "dashboard", "rules": as_rules}]}), encoding="utf-8")
    promtool("check", "rules", file)
