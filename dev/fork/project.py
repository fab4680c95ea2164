"""The new repository."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path

from dev.errors import DevError
from dev.fork.documents import without_resources, without_routes
from dev.fork.features import belongs_to, removed_parts
from dev.fork.sections import without_mentions, without_sections
from dev.paths import OPENAPI, ROOT, TEMPLATE

OWN_NAME = "dynamodb-sam-reference"
LONGEST_NAME = 22
OWN_TITLE = "The reference AWS SAM application for DynamoDB"
BIN = Path(sys.executable).parent


def write_fork(directory: Path, name: str, features: Collection[str]) -> None:
    """Write a repository with some features and a name of its own. Raises DevError if the directory is not empty."""
    parts = removed_parts(features)
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name):
        raise DevError(f"{name} is not a valid name for a stack. Use lower-case letters, digits and single dashes.")
    if len(name) > LONGEST_NAME:
        raise DevError(f"{name} has more than {LONGEST_NAME} characters, which pipeline/template.yaml does not allow.")
    if directory.resolve().is_relative_to(ROOT):
        raise DevError(f"{directory} is inside this repository. Name a folder outside.")
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise DevError(f"{directory} exists and is not an empty folder. Name a new one.")
    template, gone = without_resources(without_sections(TEMPLATE.read_text(), parts), parts)
    contract = without_routes(without_sections(OPENAPI.read_text(), parts), gone)
    documents = {TEMPLATE: template, OPENAPI: contract}
    own = _own_files()
    paths = [path for path in own if _is_kept(path, parts, template)]
    for path in paths:
        target = directory / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target)
        if (text := _text(path)) is not None:
            text = documents.get(path) or without_sections(text, parts)
            target.write_text(text.replace(OWN_NAME, name).replace(OWN_TITLE, name))
    gone |= _names(own) - _names(paths)
    for document in directory.rglob("*.md"):
        _drop_mentions(document, directory, gone)
    _run(directory, "git", "init", "--quiet", "--initial-branch=main")
    _run(directory, "make", "--silent", "lock")
    _run(directory, f"{BIN}/ruff", "check", "--fix", "--quiet")
    _run(directory, f"{BIN}/ruff", "format", "--quiet")
    model = _run(directory, sys.executable, "-m", "dev.cli", "tables", "model")
    (directory / "docs" / "workbench.json").write_text(model)


def _own_files() -> list[Path]:
    """Return the files that git knows, changed or new ones as they are."""
    listed = _run(ROOT, "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    return [path for path in map(ROOT.joinpath, listed.split("\0")) if path.is_file()]


def _names(files: Collection[Path]) -> set[str]:
    """Return the names of files and of their folders."""
    relative = [file.relative_to(ROOT) for file in files]
    return {str(path) for file in relative for path in (file, *file.parents)}


def _is_kept(path: Path, parts: Collection[str], template: str) -> bool:
    """A layer is kept if the template uses it."""
    folder = path.parent.relative_to(ROOT).as_posix()
    is_unused_layer = folder.startswith("layers/") and f"ContentUri: {folder}\n" not in template
    return not belongs_to(path.relative_to(ROOT), parts) and not is_unused_layer


def _text(path: Path) -> str | None:
    """Return the content of a text file."""
    try:
        return path.read_text()
    except UnicodeDecodeError:
        return None


def _drop_mentions(document: Path, directory: Path, gone: Collection[str]) -> None:
    here = document.parent.relative_to(directory)

    def is_gone(word: str) -> bool:
        return word in gone or os.path.normpath(here / word) in gone

    document.write_text(without_mentions(document.read_text(), is_gone))


def _run(directory: Path, *command: str) -> str:
    """Run a command in the new repository, with its own code. Raises DevError with its output if it fails."""
    environment = dict(os.environ) | {
        "PYTHONPATH": f"{directory.resolve()}:{directory.resolve() / 'functions'}",
        "PATH": f"{os.environ['PATH']}:{ROOT / '.uv' / 'bin'}",  # the uv of this repository, if there is no other
    }
    done = subprocess.run(command, cwd=directory, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise DevError(f"{' '.join(command)} failed in {directory}:\n{done.stdout}{done.stderr}")
    return done.stdout
