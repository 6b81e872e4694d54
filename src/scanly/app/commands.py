"""The commands."""

import asyncio
import json
import sys
from typing import Annotated, Any

import typer

from scanly import __version__
from scanly.app import doctor as checks
from scanly.app import installation, registry, serve
from scanly.app.commands_events import dlq, replay
from scanly.app.commands_spool import spool
from scanly.app.greeting import announce
from scanly.app.new_service import create_service
from scanly.app.product import Product
from scanly.app.snapshots import write_snapshots
from scanly.kernel.config import LoadedSettings, Settings
from scanly.kernel.db.migrate import migrate as migrate_schemas
from scanly.kernel.errors import ScanlyError
from scanly.kernel.startup import StartupError
from scanly.services.auth.service import AuthService

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Scanly: codes, short links and true counts.",
)
user = typer.Typer(no_args_is_help=True, help="People of this installation.")
app.add_typer(user, name="user")
app.add_typer(dlq, name="dlq")
app.add_typer(spool, name="spool")
app.command("replay")(replay)


def main() -> None:
    """Run a command; what stops it is one plain sentence and exit code 2."""
    try:
        app()
    except StartupError as error:
        sys.stderr.write(f"scanly: {error}\n")
        sys.exit(2)
    except ScanlyError as error:
        faults = " ".join(fault.detail for fault in error.errors)
        sys.stderr.write(f"scanly: {error.detail} {faults}".rstrip() + "\n")
        sys.exit(1)


def _names(text: str | None) -> list[str]:
    return [name.strip() for name in (text or "").split(",") if name.strip()]


@app.command()
def run(
    services: Annotated[str | None, typer.Option(help="Only these services, separated by commas")] = None,
    roles: Annotated[str | None, typer.Option(help="Only these roles: api, worker, redirect")] = None,
) -> None:
    """Serve the product."""
    wanted = _names(roles)
    if unknown := [role for role in wanted if role not in registry.ROLES]:
        raise StartupError(f"There is no role {', '.join(unknown)}. Roles are: {', '.join(registry.ROLES)}.")
    serve.run(installation.load(), services=_names(services), roles=wanted, announce=announce)


@app.command()
def config(
    as_json: Annotated[bool, typer.Option("--json", help="For programs")] = False,
) -> None:
    """Print every setting with its value and where that came from; secrets are hidden."""
    loaded = installation.load()
    if as_json:
        serve.say(json.dumps([vars(value) for value in loaded.values], indent=2))
        return
    width = max(len(value.name) for value in loaded.values)
    for value in loaded.values:
        serve.say(f"{value.name:<{width}}  {value.shown or '-'}  [{value.origin}]  {value.description}")
    for warning in loaded.warnings:
        sys.stderr.write(f"warning: {warning}\n")


@app.command()
def migrate() -> None:
    """Bring the database up to date."""
    database = installation.open_database(installation.load().get(Settings), attach=True)
    try:
        applied = migrate_schemas(database.dsn, registry.schemas())
    finally:
        database.close()
    serve.say("\n".join(f"applied {step}" for step in applied) or "The database is up to date.")


@app.command()
def doctor() -> None:
    """Check what Scanly needs on this machine, and say how to mend what is missing."""
    findings = checks.examine(installation.load())
    for finding in findings:
        words = finding.fault or finding.note
        serve.say(f"{'ok  ' if finding.fault is None else 'FAIL'} {finding.what}{f': {words}' if words else ''}")
    if any(finding.fault for finding in findings):
        raise typer.Exit(1)


@user.command("create")
def user_create(
    email: Annotated[str, typer.Argument(help="E-mail address")],
    password: Annotated[
        str, typer.Option(prompt=True, confirmation_prompt=True, hide_input=True, help="Asked for when left out")
    ],
    name: Annotated[str, typer.Option(help="Name of the person")] = "",
) -> None:
    """Make a person with a workspace."""

    async def create(auth: AuthService) -> None:
        await auth.create_user(email=email, password=password, name=name)

    _with_auth(create)
    serve.say(f"{email} can sign in now.")


@user.command("operator")
def user_operator(email: Annotated[str, typer.Argument(help="E-mail address of somebody who has signed up")]) -> None:
    """Make a person an operator of this installation."""

    async def promote(auth: AuthService) -> None:
        await auth.make_operator(email=email)

    _with_auth(promote)
    serve.say(f"{email} is an operator now.")


@app.command()
def version() -> None:
    """Print the version."""
    serve.say(__version__)


@app.command("new-service")
def new_service(name: Annotated[str, typer.Argument(help="One word in lower case")]) -> None:
    """Lay out a new service in this source tree; it passes every check from the start."""
    for path in create_service(name):
        serve.say(f"wrote {path}")


@app.command()
def snapshots() -> None:
    """Write the API, the event schemas and the catalogue of topics anew into docs/api of this source tree."""
    for path in write_snapshots():
        serve.say(f"wrote {path}")


def _with_auth(work: Any) -> None:  # noqa: ANN401 - an async function of the service
    loaded: LoadedSettings = installation.load()
    settings = loaded.get(Settings)
    database = installation.open_database(settings, attach=True)

    async def act() -> None:
        product = Product(loaded, database.dsn, installation.secret_key(settings), registry.SERVICES, roles=())
        try:
            await work(product.services["auth"])
        finally:
            await product.stop()

    try:
        migrate_schemas(database.dsn, registry.schemas())
        asyncio.run(act())
    finally:
        database.close()
