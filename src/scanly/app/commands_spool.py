"""``scanly spool``: what waits on this machine for the event log."""

import json
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from scanly.app import installation
from scanly.app.serve import say
from scanly.kernel.config import Settings
from scanly.kernel.startup import StartupError
from scanly.services.routing import inspection
from scanly.services.routing.settings import RoutingSettings

spool = typer.Typer(no_args_is_help=True, help="Scans on this machine that wait for the event log.")


@spool.callback()
def _group() -> None:
    """Let a single command keep its name."""


@spool.command("inspect")
def inspect(
    folder: Annotated[Path | None, typer.Option(help="The spool folder; that of the settings when left out")] = None,
    show: Annotated[int, typer.Option(min=0, help="Print so many of the scans, a line of JSON each")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="For programs")] = False,
) -> None:
    """Print the folders and segments of the spool; changes nothing, and shows no visitor's address."""
    loaded = installation.load()
    root = folder or loaded.get(RoutingSettings).spool_folder(loaded.get(Settings).data_dir)
    if not root.is_dir():
        raise StartupError(f"There is no spool at {root}. Name its folder with --folder, or start Scanly once.")
    try:
        folders = inspection.inspect(root)
        if as_json:
            say(json.dumps([asdict(found) for found in folders], indent=2))
        else:
            _print(folders)
        for scan in islice(inspection.scans(root), show):
            say(json.dumps(scan, ensure_ascii=False))
    except PermissionError as error:
        raise StartupError(
            f"{error.filename} belongs to the account that runs Scanly: run this command as that account."
        ) from error


def _print(folders: list[inspection.FolderReport]) -> None:
    for found in folders:
        owner = f"process {found.owner}" if found.owner else "its process is gone; a living one adopts it"
        say(f"{found.folder}  ({owner})")
        for segment in found.segments:
            damage = f"  {segment.damaged_bytes} bytes are not whole" if segment.damaged_bytes else ""
            say(
                f"  {segment.file:<28}{segment.kind:<7}{segment.scans:>8} scans{segment.bytes:>12} bytes"
                f"{segment.age_seconds:>9.1f} s{damage}"
            )
    scans = sum(segment.scans for found in folders for segment in found.segments)
    say(f"{scans} scans wait in {sum(len(found.segments) for found in folders)} files.")
