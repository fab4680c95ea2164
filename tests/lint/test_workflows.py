"""Workflows pin actions, hold no keys, and run only commands that work on any CI."""

import re
from typing import Any

from dev.local_aws.template import load_yaml
from dev.paths import ROOT
from tests.lint.rules import check

FILES = sorted((ROOT / ".github" / "workflows").glob("*.y*ml"))
WORKFLOWS = {path.name: load_yaml(path) for path in FILES}
JOBS = {(name, job): body for name, workflow in WORKFLOWS.items() for job, body in workflow["jobs"].items()}
COMMANDS = re.compile(r"(sudo .*)?(make [\w./-]+|\.venv/bin/dev .+|\.ci/run|tar .+)")
PINNED = re.compile(r"\./\.github/.+|[\w-]+/[\w-]+@[0-9a-f]{40}")


def steps() -> list[tuple[str, dict[str, Any]]]:
    return [(f"{name} {job}", step) for (name, job), body in JOBS.items() for step in body.get("steps", [])]


def test_actions_are_pinned_by_their_commit() -> None:
    used = [(where, step["uses"]) for where, step in steps() if "uses" in step]

    assert used
    check((f"{where}: {action}" for where, action in used if not PINNED.fullmatch(action)), "Pin it by a commit's hash")


def test_steps_are_commands_of_this_repository() -> None:
    gitlab = load_yaml(ROOT / ".gitlab-ci.yml")
    scripts = [line for job in gitlab.values() if isinstance(job, dict) for line in job.get("script", [])]
    commands = [
        *(("gitlab", line) for line in scripts),
        *((where, step["run"]) for where, step in steps() if "run" in step),
    ]

    check((f"{where}: {line}" for where, line in commands if not COMMANDS.fullmatch(line)), "Run make or dev")


def test_workflows_may_read_only_and_assume_roles() -> None:
    offenders = [name for name, workflow in WORKFLOWS.items() if workflow.get("permissions") != {"contents": "read"}]
    offenders += [
        f"{name} {job}"
        for (name, job), body in JOBS.items()
        if body.get("permissions", {}) not in ({}, {"contents": "read", "id-token": "write"})
    ]

    check(offenders, "Allow contents: read, and id-token: write to jobs that assume a role")
    check((path.name for path in FILES if "secrets." in path.read_text()), "Assume a role instead of reading secrets")
