"""Run checks and suites, three at a time, each with its time and counts, and all of them even if one fails.

With EVERY_TOOL_IS_HERE, as in CI, a skipped test is a failure, and suites that take long or run again are added.
"""

import argparse
import functools
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

BIN = Path(sys.executable).parent
CHECKS: dict[str, list[str]] = {
    "locks": ["make", "--silent", "locked"],
    "ruff": [f"{BIN}/ruff", "check", "--quiet"],
    "format": [f"{BIN}/ruff", "format", "--check", "--quiet"],
    "cfn-lint": [f"{BIN}/cfn-lint", "template.yaml", "guardrails/*.yaml", "pipeline/*.yaml"],
    "mypy": [f"{BIN}/mypy", "--no-error-summary"],
}
COMPLETE = "EVERY_TOOL_IS_HERE" in os.environ
ALL_EVENTS = ["--all-events"] if "ALL_EVENTS" in os.environ else []
ALL_FAULTS = ["--all-faults"] if "ALL_FAULTS" in os.environ else []
PARALLEL = ["-n", "2", "--dist", "worksteal"]
AT_ONCE = 3
"""On two cores, three take nine percent less time than two, because suites also wait."""
NEEDS_NO_STACK: dict[str, list[str]] = {}
if COMPLETE:  # fork
    NEEDS_NO_STACK["forks"] = ["tests/forks"]  # long, but after mypy, whose cache it copies # fork
NEEDS_NO_STACK |= {
    "lint": ["tests/lint"],
    "unit": ["tests/unit", *PARALLEL],
    "events": ["tests/replay/test_process.py"],
}
LONGEST: dict[str, list[str]] = {"e2e": ["tests/e2e"], "integration": ["tests/integration"]}
"""Begin first, because what ends last decides how long a run takes."""
NEEDS_MORE: dict[str, list[str]] = {
    "replay": ["tests/replay", "--ignore=tests/replay/test_process.py", *ALL_EVENTS],
    "faults": ["tests/faults", "--show-capture=no", *ALL_FAULTS],
    "vtl": ["tests/vtl"],
}
OTHER_CLOCKS = {
    "2027": ("2027-12-31 23:58", ["unit", "events"]),
    "2031": ("2031-06-01 12:00", ["lint", "unit", "events"]),
}
ELSEWHERE = {"TZ": "Asia/Kolkata", "LC_ALL": "C"}


@dataclass
class Result:
    """What came of a check or a suite; `text` is worth showing if it failed."""

    ok: bool
    text: str
    counts: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)

    def summary(self) -> str:
        counted = ", ".join(f"{number:,} {outcome}" for outcome, number in self.counts.items())
        return counted or ("ok" if self.ok else "failed")


def run_check(command: list[str]) -> Result:
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return Result(done.returncode == 0, done.stdout)


def run_suite(arguments: list[str], clock: str | None = None) -> Result:
    """Run one suite, as if it were `clock` and in another place if that is given.

    Its temporary files are its own: suites that end together would delete the same old ones of pytest, and fail.
    """
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        report = Path(folder, "report.xml")
        options = ["--quiet", f"--junit-xml={report}", f"--basetemp={folder}/files"]
        command = [sys.executable, "-m", "pytest", *options, *arguments]
        environment = dict(os.environ)
        if clock:
            command = ["faketime", clock, *command, "--timeout=240"]  # there, a wait with a time limit never ends
            environment |= ELSEWHERE
        done = subprocess.run(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
        cases = list(ElementTree.parse(report).iter("testcase")) if report.exists() else []
    result = Result(done.returncode == 0 and bool(cases), done.stdout)
    for case in cases:
        skip = case.find("skipped")
        failed = case.find("failure") is not None or case.find("error") is not None
        result.counts["failed" if failed else "passed" if skip is None else "skipped"] += 1
        if skip is not None:
            result.skipped[skip.get("message", "")] += 1
    return result


def timed(name: str, run: Callable[[], Result]) -> Result:
    """Run a check or a suite, and print its line."""
    print(f"{name:12} …", file=sys.stderr, flush=True)
    started = time.monotonic()
    result = run()
    print(f"{name:12} {result.summary()} in {time.monotonic() - started:.0f} s", flush=True)
    if not result.ok:
        print(result.text, flush=True)
    return result


def main(what: str) -> int:
    # In the background of a script, Ctrl-C is ignored, also by the processes that tests interrupt.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # each suite and each command would compile everything again
    first, later = (LONGEST, NEEDS_MORE) if what == "test" else ({}, {})
    jobs: dict[str, Callable[[], Result]] = {
        **{name: functools.partial(run_suite, arguments) for name, arguments in first.items()},
        **{name: functools.partial(run_check, command) for name, command in CHECKS.items()},
        **{name: functools.partial(run_suite, arguments) for name, arguments in (NEEDS_NO_STACK | later).items()},
        **{
            f"{name} {year}": functools.partial(run_suite, NEEDS_NO_STACK[name], clock)
            for year, (clock, names) in (OTHER_CLOCKS if COMPLETE else {}).items()
            for name in names
        },
    }
    with ThreadPoolExecutor(AT_ONCE) as threads:
        results = list(threads.map(timed, jobs, jobs.values()))
    counts = sum((result.counts for result in results), Counter[str]())
    for reason, number in sum((result.skipped for result in results), Counter[str]()).items():
        print(f"{number} skipped: {reason}")
    print(f"{counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped")
    return 0 if all(result.ok for result in results) and not (COMPLETE and counts["skipped"]) else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests", description=__doc__)
    parser.add_argument("what", choices=["check", "test"], help="what needs no stack, or the whole application")
    sys.exit(main(parser.parse_args().what))
