"""The example in CONTRIBUTING.md, added to a copy of this repository as it stands there."""

import re
import subprocess
from pathlib import Path

import pytest

from dev.paths import ROOT
from tests.e2e.clone import Clone
from tests.forks import run_in

pytestmark = pytest.mark.slow
EXAMPLE = (ROOT / "CONTRIBUTING.md").read_text().partition("## Example")[2].partition("\n## ")[0]
FILES = re.findall(r"(?ms)^\*\*([\w/.]+)\*\*(?:, after `([^`]+)`)?:\n\n```\w+\n(.*?)^```", EXAMPLE)
(COMMANDS,) = re.findall(r"(?s)```bash\n(.*?)```", EXAMPLE)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy with the example."""
    folder = Clone(tmp_path_factory.mktemp("copy")).folder
    for name, place, text in FILES:
        path = folder / name
        before, found, after = path.read_text().partition(place) if place else ("", "", "\n")
        line, _, rest = after.partition("\n")
        path.write_text(before + found + line + ("\n" if place else "") + text + rest)
    subprocess.run(["bash", "-ec", COMMANDS], cwd=folder, check=True)
    return folder


def test_added_function_passes(copy: Path) -> None:
    tested = run_in(copy, "pytest", "-q", "-n", "2", "tests/lint", "tests/unit/products")
    replayed = run_in(copy, "dev.cli", "replay", "--target", "process", "events/products/close")

    assert len(FILES) == 6
    assert tested.endswith("exit code 0"), tested
    assert "3 passed, 0 failed on process" in replayed, replayed
    assert replayed.endswith("exit code 0"), replayed


def test_missing_event_is_one_message(copy: Path) -> None:
    event = copy / "events" / "products" / "close" / "ok.json"
    text = event.read_text()
    event.unlink()

    found = run_in(copy, "pytest", "-q", "tests/lint/test_events.py", "tests/lint/test_expectations.py")

    event.write_text(text)
    assert re.findall(r"(?m)^FAILED \S+::(\w+)", found) == ["test_every_expectation_has_its_event"]
    assert "Add their events, or delete these files:\n  products/close/ok.expect.json\n" in found
