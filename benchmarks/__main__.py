"""Measure the functions as built, in some minutes. Prints a table and writes docs/benchmarks.svg."""

import argparse
import json
import sys
import tomllib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks import results
from benchmarks.instructions import instructions
from benchmarks.peers import peers
from benchmarks.times import times
from benchmarks.variants import FOLDER, Variant, variants
from dev.application.project import PROJECT
from dev.local_aws import sam
from dev.paths import ROOT

_ROUNDS = 5
_AT_ONCE = 2
_NO_ENDPOINT = "http://127.0.0.1:9"  # the SAM CLI asks nothing of AWS to build
_OF_ALL = "shared.observability"
"""What all functions import."""
_OF_STORES = ("shared.aws", "shared.api")
"""What functions import that store something."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--json", action="store_true", help="print JSON instead of the table")
    how.add_argument("--gate", action="store_true", help="compare cold starts with budgets.toml only; 1 if one is over")
    arguments = parser.parse_args()
    build = sam.build(PROJECT, FOLDER / "build", _NO_ENDPOINT, lambda line: print(line, file=sys.stderr))
    with variants(build.parent) as found:
        if arguments.gate:
            return gate(found)
        measured = measure(found | peers(found["bare"]), build.parent)
    (ROOT / "docs" / "benchmarks.svg").write_text(results.plot(measured))
    print(json.dumps(measured, indent=2) if arguments.json else results.table(measured))
    return 0


def measure(found: Mapping[str, Variant], build: Path) -> results.Results:
    """Measure each variant alone."""
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        counts = threads.map(lambda variant: instructions([variant], variant.calls), found.values())
        counted = {name: count for each in counts for name, count in each.items()}
    timed = times(list(found.values()), _ROUNDS)
    return results.results(found, counted, timed, build)


def gate(found: Mapping[str, Variant]) -> int:
    """Print budgets and ratios. Return 1 if a function is over its budget."""
    budgets = tomllib.loads(Path(__file__).with_name("budgets.toml").read_text())
    chosen = sorted((found[name] for name in budgets), key=lambda variant: variant.has_stores)
    first = sum(not variant.has_stores for variant in chosen)
    steps: list[Variant | str] = [found["empty"], _OF_ALL, *chosen[:first], *_OF_STORES, *chosen[first:]]
    counts = instructions(steps, calls=1)
    ratios = {name: counts[name][0] / counts["empty"][0] for name in budgets}
    for name, budget in budgets.items():
        verdict = "ok" if ratios[name] <= budget else "TOO SLOW: see which import is new with python -X importtime"
        print(f"{name:24}{ratios[name]:6.2f} of {budget:.2f} {verdict}")
    return int(any(ratios[name] > budget for name, budget in budgets.items()))


if __name__ == "__main__":
    sys.exit(main())
