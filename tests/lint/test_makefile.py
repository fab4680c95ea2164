"""The commands of make on unusual machines."""

import os
import subprocess
from pathlib import Path

from dev.paths import ROOT


def test_uv_may_be_in_a_path_with_spaces(tmp_path: Path) -> None:
    uv = tmp_path / "Ada Lovelace" / "uv"
    uv.parent.mkdir()
    uv.touch(0o755)
    environment = os.environ | {"PATH": f"{uv.parent}:{os.environ['PATH']}"}

    done = subprocess.run(
        ["make", "--no-print-directory", "--dry-run", "lock"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout.splitlines()[:1], done.stderr) == (0, ["uv lock"], "")
