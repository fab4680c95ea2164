"""Versions that stand in several files."""

import re

from dev.paths import ROOT
from tests.lint.rules import check

PLACES = [
    *("*.md", "*.toml", "*.yaml", ".gitlab-ci.yml", "Makefile", "docs/*.md", "layers/*/Makefile", ".ci/*"),
    *("policy/pyproject.toml", "benchmarks/*", "dev/**/*.py", "tests/**/*.py", "tests/**/*.yaml"),
]
FILES = {path: path.read_text() for place in PLACES for path in ROOT.glob(place) if path.is_file()}


def test_python_has_one_version() -> None:
    version = (ROOT / ".python-version").read_text().strip()
    offenders = [
        f"{path.relative_to(ROOT)}: {found[0]}"
        for path, text in FILES.items()
        for found in re.finditer(r"(?i)python(?:-version)?\W{0,6}(3\.\d+)", text)
        if found[1] != version
    ]

    check(offenders, f"Use the version of .python-version, {version}, in all of them, and prepare .venv again")


def test_packages_have_one_version() -> None:
    """Nothing but this compares the override of botocore with the pins that it replaces."""
    versions: dict[str, set[str]] = {}
    for text in FILES.values():
        for name, version in re.findall(r"([\w-]+)(?:\[\S*\])?==(\d[\w.]*\w)", text):
            versions.setdefault("boto3 and botocore" if name in {"boto3", "botocore"} else name, set()).add(version)

    check(
        [f"{name}: {' and '.join(sorted(several))}" for name, several in versions.items() if len(several) > 1],
        "Change all of them together, also the override of botocore, then run: make lock",
    )
