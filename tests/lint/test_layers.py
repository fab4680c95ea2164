"""Makefiles of the layers."""

import shutil
import subprocess
from pathlib import Path

from dev.local_aws.template import resources
from dev.paths import ROOT
from tests.lint.rules import check
from tests.template_facts import TEMPLATE


def test_makefiles_use_their_own_folder_only(tmp_path: Path) -> None:
    """`sam build --use-container` mounts nothing else."""
    failed = []
    for name, layer in resources(TEMPLATE, "AWS::Serverless::LayerVersion").items():
        source = tmp_path / name
        shutil.copytree(ROOT / layer["Properties"]["ContentUri"], source)
        command = ["make", "--dry-run", "--makefile", str(source / "Makefile"), f"build-{name}"]
        done = subprocess.run(command, cwd=source, capture_output=True, text=True, check=False)
        if done.returncode != 0 or "../" in done.stdout:
            failed.append(f"{name}: {done.stderr or done.stdout}")

    check(failed, "Do not refer to other folders")
