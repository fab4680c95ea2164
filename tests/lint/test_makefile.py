"""The commands of make on unusual machines."""

import os
import subprocess
from pathlib import Path

from dev.paths import ROOT


def test_locks_do_not_depend_on_the_path_of_uv_or_the_index_of_the_shell(tmp_path: Path) -> None:
    uv = tmp_path / "Ada Lovelace" / "uv"
    uv.parent.mkdir()
    uv.write_text("#!/bin/sh\nenv | grep ^UV_\necho uv $*\n")
    uv.chmod(0o755)
    index = "https://packages.example.com/simple"
    environment = {"PATH": f"{uv.parent}:{os.environ['PATH']}", "HOME": str(tmp_path), "UV_DEFAULT_INDEX": index}

    done = subprocess.run(
        ["make", "--silent", "locked", "LAYERS="],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout, done.stderr) == (
        0,
        "uv lock --check --quiet\nuv lock --check --quiet --project policy\n",
        "",
    )
