"""`dev changes` in a repository of its own."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from dev.paths import ROOT
from tests.e2e.clone import Clone
from tests.forks import run_in

ALARM = """
OneMoreAlarm:
  Type: AWS::CloudWatch::Alarm
  Properties: { MetricName: Errors, Namespace: AWS/Lambda, Period: 60, EvaluationPeriods: 1, Threshold: 1 }
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A copy of this repository with one commit, and settings of Git that change how it prints a difference."""
    folder = Clone(tmp_path).folder
    settings = {
        "user.name": "Nobody",
        "user.email": "nobody@example.com",
        "color.ui": "always",
        "diff.external": "true",  # a program that prints nothing
    }
    configure = [["config", *setting] for setting in settings.items()]
    environment = os.environ | {"GIT_CONFIG_GLOBAL": os.devnull}
    for command in (["init", "--quiet"], *configure, ["add", "--all"], ["commit", "--quiet", "--message=First"]):
        subprocess.run(["git", *command], cwd=folder, env=environment, check=True)
    return folder


def test_changes_show_costs_and_lines(repository: Path) -> None:
    observability = repository / "observability.yaml"
    observability.write_text(observability.read_text().rstrip() + ALARM)

    shown = run_in(repository, "dev.cli", "changes", "HEAD").splitlines()

    (example,) = re.findall(r"(?s)dev changes .*?```text\n(.*?)```", (ROOT / "docs" / "pipeline.md").read_text())
    assert shown[:5] == ["Load medium, in USD per month:", "", *example.splitlines()]
    assert shown[5].startswith("| total | ")
    assert shown[5].endswith(" | +0.10 |")
    assert "+OneMoreAlarm:" in shown


def test_unknown_revision_is_rejected(repository: Path) -> None:
    shown = run_in(repository, "dev.cli", "changes", "no-such-revision")

    assert shown == "error: No revision no-such-revision. Run git fetch, or pass one such as origin/main.\nexit code 1"
