"""Policy checks: infrastructure, workflows, code, licences, secrets and known vulnerabilities."""

import argparse
import fnmatch
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

from dev.local_aws.template import load_yaml
from dev.paths import ROOT
from tests.__main__ import BIN, CHECKS, Result, run_check, run_suite, timed
from tests.e2e.clone import repository_files

TOOLS = ROOT / "policy" / ".venv" / "bin"
LICENCES = "Apache;BSD;MIT;PSF-2.0"
UNRELIABLE = ("Base64HighEntropyString", "HexHighEntropyString")
"""Detectors that find secrets in most event files."""
NO_SECRETS = r"^(id|access|first-password|in-memory)$|^(true|false|30|minutes)\b|c0ffee000000"
"""Values that KeywordDetector takes for secrets because of their names, such as `token_use`."""
WITH_FORGED_TOKENS = "^events/auth/|^tests/"


def checkov() -> Result:
    """Check what CloudFormation creates. checkov reads neither SAM's merge keys nor loops."""
    folder = Path(".aws-sam/policy")
    folder.mkdir(parents=True, exist_ok=True)
    exceptions = load_yaml(ROOT / "policy" / "exceptions.yaml")
    for name, resources in templates().items():
        for pattern, checks in exceptions.items():
            for resource in fnmatch.filter(resources, pattern):
                skips = [{"id": check, "comment": reason} for check, reason in checks.items()]
                resources[resource].setdefault("Metadata", {})["checkov"] = {"skip": skips}
        template = {"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources}
        (folder / f"{name}.json").write_text(json.dumps(template, indent=1))
    return run_check([f"{TOOLS}/checkov", "--config-file", "policy/checkov.yaml"])


def templates() -> dict[str, dict[str, Any]]:
    """Return the resources of production with its own key and VPC, and those of the pipeline."""
    from tests.lint.test_parameters import EXAMPLES, TOGETHER, created
    from tests.lint.test_pipeline_roles import pipeline
    from tests.template_facts import TEMPLATE

    production = {name: str(each["Default"]) for name, each in TEMPLATE["Parameters"].items()} | {
        "Stage": "prod",
        **{name: EXAMPLES[name] for name in ("KmsKeyArn", "PermissionsBoundaryArn")},
        **TOGETHER[-1],
    }
    return {"application": created(production)["Resources"], "pipeline": pipeline()}


def secrets() -> Result:
    disabled = [option for name in UNRELIABLE for option in ("--disable-plugin", name)]
    excluded = ["--exclude-secrets", NO_SECRETS, "--exclude-files", WITH_FORGED_TOKENS]
    options = ["--no-verify", *disabled, *excluded]
    return run_check([f"{TOOLS}/detect-secrets-hook", *options, *repository_files()])


def licences() -> Result:
    """Check the packages that the layers contain."""
    lines = [line for path in Path("layers").glob("*/requirements.txt") for line in path.read_text().splitlines()]
    packages = sorted({line.partition("==")[0] for line in lines if "==" in line})
    allowed = ["--partial-match", "--allow-only", LICENCES]
    return run_check(
        [f"{TOOLS}/pip-licenses", "--python", f"{BIN}/python", "--from=mixed", *allowed, "--packages", *packages]
    )


def vulnerabilities() -> Result:
    done = run_check([os.environ.get("UV", "uv"), "audit", "--frozen"])
    if not done.ok and "client error (Connect)" in done.text:
        return Result(ok=True, text="", counts=Counter({"skipped, for want of a network": 1}))
    return done


POLICY: dict[str, Callable[[], Result]] = {
    "rules": partial(run_suite, ["tests/lint", "-n", "2"]),
    "cfn-lint": partial(run_check, CHECKS["cfn-lint"]),
    "checkov": checkov,
    "bandit": partial(run_check, [f"{TOOLS}/bandit", "-q", "-r", "functions", "layers"]),
    "bandit dev": partial(run_check, [f"{TOOLS}/bandit", "-q", "-c", "policy/bandit.yaml", "-r", "dev"]),
    "zizmor": partial(run_check, [f"{TOOLS}/zizmor", "--offline", "--quiet", ".github"]),
    "workflows": partial(
        run_check,
        [f"{TOOLS}/check-jsonschema", "--builtin-schema", "vendor.github-workflows"]
        + [str(path) for path in sorted(Path(".github/workflows").glob("*.y*ml"))],
    ),
    "gitlab": partial(
        run_check,
        [
            *(f"{TOOLS}/check-jsonschema", "--builtin-schema", "vendor.gitlab-ci"),
            *("--data-transform", "gitlab-ci", ".gitlab-ci.yml"),
        ],
    ),
    "secrets": secrets,
    "seeded": partial(run_suite, ["tests/seeded"]),
    "licences": licences,
    "audit": vulnerabilities,
}


def main(names: Iterable[str]) -> int:
    results = [timed(name, POLICY[name]) for name in names]
    return 0 if all(result.ok for result in results) else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.policy", description=__doc__)
    parser.add_argument("check", nargs="?", choices=POLICY, help="all without one")
    check = parser.parse_args().check
    sys.exit(main([check] if check else POLICY))
