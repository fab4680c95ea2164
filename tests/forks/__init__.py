"""Copies of this repository, changed as its documents say, pass their own checks."""

import os
import subprocess
import sys
from pathlib import Path


def run_in(folder: Path, *command: str, **variables: str) -> str:
    """Run a Python module in a repository, on its own code, without the network. Return output and exit code.

    Suites of a fork do not run again under other clocks.
    """
    own_code = f"{folder}{os.pathsep}{folder / 'functions'}"
    ours = ("PYTEST_", "EVERY_TOOL_IS_HERE")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        env=environment | {"PYTHONPATH": own_code, "UV_OFFLINE": "1"} | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return f"{done.stdout}exit code {done.returncode}"
