"""A session fixture that fails is one error; the run fails."""

import os
import subprocess
import sys
from pathlib import Path

from dev.paths import ROOT

SUITE = """
import pytest

@pytest.fixture(scope="session")
def stack():
    raise RuntimeError("no stack")

@pytest.fixture
def client(stack):
    return stack

def test_one(stack): ...
def test_two(stack): ...
def test_three(client): ...
"""


def test_fixture_that_fails_is_reported_once(tmp_path: Path) -> None:
    (tmp_path / "test_suite.py").write_text(SUITE)
    command = [
        *(sys.executable, "-m", "pytest", "-p", "tests.failed_fixtures", "-p", "no:cacheprovider", "-rs", str(tmp_path))
    ]
    environment = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}

    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert done.stdout.count("RuntimeError: no stack") == 1
    assert "its fixture failed, see " in done.stdout
    assert done.stdout.splitlines()[-1].strip("= ").startswith("2 skipped, 1 error in ")
