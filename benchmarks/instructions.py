"""Instructions, counted by Valgrind. They repeat to 0.2 percent, on a busy machine too."""

import re
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.variants import PYTHON, RUNTIME, Variant

_SUMMARY = re.compile(r"^summary: (\d+)", re.MULTILINE)
FAILED = re.compile(r'^(ERROR|RESULT .*("statusCode": [45]|itemIdentifier))', re.MULTILINE)
_PROCESS = re.compile(r"^(FIRST|LAST) (\d+) (\d+)$", re.MULTILINE)

type Counts = tuple[float, float]
"""Instructions of a cold start with its first response, and of a later response."""


def instructions(steps: Sequence[Variant | str], calls: int) -> dict[str, Counts]:
    """Return counts by name. The variants share a process until they are called, which saves time.

    A step that is a text names a module to import before the variants after it, because all of them import it.
    """
    variants = [step for step in steps if isinstance(step, Variant)]
    folders = dict.fromkeys(folder for variant in variants for folder in variant.folders)
    environment = {"COUNTED": "1"}
    for variant in variants:
        environment |= variant.environment(folders)
    arguments = [
        part
        for step in steps
        for part in (("import", step) if isinstance(step, str) else (step.handler, str(step.event_file())))
    ]
    with tempfile.TemporaryDirectory() as output:
        valgrind = ["valgrind", "--tool=cachegrind", "--cache-sim=no", f"--cachegrind-out-file={output}/%p"]
        command = [*valgrind, str(PYTHON), "-S", "-P", str(RUNTIME), str(calls), *arguments]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode or FAILED.search(done.stdout):
            raise RuntimeError(f"{' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
        counts = {path.name: int(_SUMMARY.findall(path.read_text())[0]) for path in Path(output).iterdir()}
    by_step = {(which, int(number)): counts[process] for which, process, number in _PROCESS.findall(done.stdout)}
    return {
        step.name: (first := by_step["FIRST", number], (by_step["LAST", number] - first) / max(calls - 1, 1))
        for number, step in enumerate(steps)
        if isinstance(step, Variant)
    }
