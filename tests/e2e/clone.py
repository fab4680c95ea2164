"""A copy of this repository as a user has it after cloning, and the commands that they run."""

import os
import shutil
import subprocess
from pathlib import Path

import psutil

from dev.paths import ROOT

LONGEST_SECONDS = 1500
"""Ends what hangs: the first `make run` downloads its environment and may share the machine."""


def repository_files() -> list[str]:
    """Return the files that git knows, changed or new ones as they are, by their paths in this repository."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


class Clone:
    """A copy of what git knows of this repository, and commands run in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in repository_files():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)

    def run(self, command: str, *, expect: int = 0) -> str:
        """Run a shell command as a user would, without what this test run has set. Returns what it printed."""
        ours = ("AWS_", "MAKE", "MFLAGS", "POWERTOOLS_", "PYTEST_", "UV", "VIRTUAL_ENV")
        environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        elsewhere = [entry for entry in environment["PATH"].split(os.pathsep) if not entry.startswith(str(ROOT))]
        environment["PATH"] = os.pathsep.join(elsewhere)
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=LONGEST_SECONDS,
            check=False,
        )
        assert done.returncode == expect, (done.stdout + done.stderr)[-4000:]
        return done.stdout


def command_lines() -> list[str]:
    return [" ".join(process.info["cmdline"] or []) for process in psutil.process_iter(["cmdline"])]
