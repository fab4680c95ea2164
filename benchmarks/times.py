"""Processor time and memory, in interleaved rounds. Other work on the machine changes them, so no budget uses them."""

import re
import subprocess
from collections.abc import Sequence

from benchmarks.instructions import FAILED
from benchmarks.variants import PYTHON, RUNTIME, Variant

_TIMES = re.compile(r"^TIMES (\S+) (\S+) (\S+)$", re.MULTILINE)

type Times = tuple[float, float, float]
"""Seconds of a cold start with its first response, seconds of a later response, and megabytes of memory."""


def times(variants: Sequence[Variant], rounds: int) -> dict[str, list[Times]]:
    """Return the times of each round by name."""
    found: dict[str, list[Times]] = {variant.name: [] for variant in variants}
    for _ in range(rounds):
        for variant in variants:
            found[variant.name].append(_run(variant))
    return found


def _run(variant: Variant) -> Times:
    command = [str(PYTHON), "-S", "-P", str(RUNTIME), str(variant.calls), variant.handler, str(variant.event_file())]
    done = subprocess.run(command, env=variant.environment(), capture_output=True, text=True, check=False)
    if done.returncode or FAILED.search(done.stdout):
        raise RuntimeError(f"{variant.name} failed:\n{done.stdout}{done.stderr}")
    first, later, memory = map(float, _TIMES.findall(done.stdout)[0])
    return first, later, memory
