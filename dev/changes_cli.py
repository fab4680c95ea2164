"""`dev changes`: what a pull request changes, for those who review it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from dev.errors import DevError
from dev.paths import ROOT

FILES = ["template.yaml", "observability.yaml", "api/openapi.yaml"]
_SMALLEST = 0.005  # dollars that are shown


def changes(revision: Annotated[str, typer.Argument(help="A revision of Git, for example origin/main.")]) -> None:
    """Show what changed since a revision in template, contract and monthly cost, as Markdown.

    Needs neither a stack nor an account. Each cost is that of `dev cost` in its own revision.
    """
    import io
    import tarfile
    import tempfile

    try:
        _git("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    except DevError:
        raise DevError(f"No revision {revision}. Run git fetch, or pass one such as origin/main.") from None
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(fileobj=io.BytesIO(_git("archive", revision))) as archive:
            archive.extractall(folder, filter="data")
        before = _cost_in(Path(folder))
    difference = _git("diff", "--no-color", "--no-ext-diff", revision, "--", *FILES).decode()
    print("\n".join([*_costs(before, _cost_in(ROOT)), "", *_details(difference)]))


def _git(*arguments: str) -> bytes:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, check=False)
    if done.returncode != 0:
        raise DevError(f"`git {arguments[0]}` failed: {done.stderr.decode().strip()}")
    return done.stdout


def _cost_in(folder: Path) -> dict[str, Any]:
    """Return what `dev cost --json` of a copy of the repository prints."""
    done = subprocess.run(
        [sys.executable, "-m", "dev.cli", "cost", "--json"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise DevError(f"`dev cost` failed in {folder}:\n{done.stderr[-4000:]}")
    cost: dict[str, Any] = json.loads(done.stdout)
    return cost


def _costs(before: dict[str, Any], now: dict[str, Any]) -> Iterator[str]:
    yield f"Load {now['load']}, in USD per month:"
    yield ""
    yield "| resource | before | now | difference |"
    yield "|---|---:|---:|---:|"
    pairs = {
        name: (before["resources"].get(name, 0.0), now["resources"].get(name, 0.0))
        for name in {**before["resources"], **now["resources"]}
    }
    changed = {name: pair for name, pair in pairs.items() if abs(pair[1] - pair[0]) >= _SMALLEST}
    for name, (old, new) in {**changed, "total": (before["total"], now["total"])}.items():
        yield f"| {name} | {old:,.2f} | {new:,.2f} | {round(new, 2) - round(old, 2):+,.2f} |"


def _details(difference: str) -> list[str]:
    if not difference:
        return [f"No changes in {', '.join(FILES)}."]
    # Six, because the files of a pull request may contain three.
    return ["<details><summary>Template and contract</summary>", "", "``````diff", difference, "``````", "</details>"]
