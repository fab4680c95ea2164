"""A function's process is the same, whether it is a fork or a new interpreter."""

import subprocess
import sys
from pathlib import Path

import pytest

from dev.local_aws.function_processes import FunctionProcess
from tests.waiting import DEADLINE_SECONDS

SCRIPT = """
import json, os, sys

variables = {name: value for name, value in os.environ.items() if not name.startswith("__CF")}  # macOS sets some
print(json.dumps([sys.argv, sys.path[0], os.getcwd(), variables, __name__, "dev" in sys.modules]), flush=True)
print(sys.stdin.readline().upper(), end="", file=sys.stderr)
sys.exit(3)
"""


@pytest.mark.parametrize("kind", [FunctionProcess, subprocess.Popen])
def test_script_sees_its_own_environment_only(tmp_path: Path, kind: type[FunctionProcess]) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "bufsize": 1}

    process = kind(
        [sys.executable, str(script)], cwd=str(tmp_path), env={"NAME": "value", "LC_ALL": "C.UTF-8"}, **pipes
    )
    with process.stdin, process.stdout, process.stderr:
        process.stdin.write("a line\n")
        printed, logged, code = process.stdout.read(), process.stderr.read(), process.wait(DEADLINE_SECONDS)

    assert printed == (
        f'[["{script}"], "{tmp_path}", "{tmp_path}", {{"NAME": "value", "LC_ALL": "C.UTF-8"}}, "__main__", false]\n'
    )
    assert (logged, code, process.poll()) == ("A LINE\n", 3, 3)


def test_process_that_does_not_end_can_be_killed(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("import time\ntime.sleep(1000)")

    process = FunctionProcess([sys.executable, str(script)], cwd=str(tmp_path), env={})
    with process.stdin, process.stdout, process.stderr:
        assert process.poll() is None
        process.kill()
        assert process.wait(DEADLINE_SECONDS) != 0
