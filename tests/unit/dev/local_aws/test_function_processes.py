"""How functions start."""

import os
import subprocess
import sys
from pathlib import Path

from dev.paths import ROOT

START = "from dev.local_aws.function_processes import popen; print(popen().__name__)"


def test_folder_of_a_long_path_has_no_forks(tmp_path: Path) -> None:
    temporary = tmp_path / ("long" * 25)
    temporary.mkdir()

    done = subprocess.run(
        [sys.executable, "-c", START],
        env=os.environ | {"TMPDIR": str(temporary), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == "Popen\n"
