"""Runs cases on a target, and says how each ended."""

import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Literal

from dev.errors import DevError
from dev.replay.cases import case_name, load_case
from dev.replay.targets import Target


@dataclass(frozen=True, slots=True)
class Result:
    """How a case ended. Problems are in words, one per difference."""

    name: str
    seconds: float
    problems: list[str]
    skipped: str = ""
    """Why the case cannot run on this target."""

    @property
    def outcome(self) -> Literal["passed", "failed", "skipped"]:
        return "skipped" if self.skipped else "failed" if self.problems else "passed"


@dataclass(frozen=True, slots=True)
class Replay:
    """The results of a replay on a target. `not_run` counts the cases left out after a failure or a signal."""

    target: str
    seconds: float
    results: list[Result]
    not_run: int

    @property
    def failed(self) -> int:
        return self._count("failed")

    @property
    def passed(self) -> int:
        return self._count("passed")

    @property
    def skipped(self) -> int:
        return self._count("skipped")

    def _count(self, outcome: str) -> int:
        return sum(result.outcome == outcome for result in self.results)


def run(target: Target, paths: Iterable[Path], stopped: Callable[[], bool], jobs: int = 1) -> Iterator[Result]:
    """Run `jobs` cases at a time, and yield their results as they end. Start none once `stopped`."""
    if jobs > 1:
        yield from _run_in_threads(target, paths, stopped, jobs)
        return
    for path in paths:
        if stopped():
            return
        yield _run_case(target, path)


def _run_in_threads(target: Target, paths: Iterable[Path], stopped: Callable[[], bool], jobs: int) -> Iterator[Result]:
    left: SimpleQueue[Path] = SimpleQueue()
    for path in paths:
        left.put(path)
    ended: SimpleQueue[Result | Exception | None] = SimpleQueue()
    for _ in range(jobs):  # daemons, so that a second signal does not wait for a case that hangs
        threading.Thread(target=_work, args=(target, left, stopped, ended), daemon=True).start()
    while jobs:
        match ended.get():
            case None:
                jobs -= 1
            case Exception() as error:
                raise error
            case result:
                yield result


def _work(
    target: Target,
    left: SimpleQueue[Path],
    stopped: Callable[[], bool],
    ended: SimpleQueue[Result | Exception | None],
) -> None:
    """Run cases until none is left. Put the result of each, and None at the end."""
    try:
        while not stopped():
            ended.put(_run_case(target, left.get_nowait()))
    except Empty:
        pass
    except Exception as error:
        ended.put(error)
    ended.put(None)


def _run_case(target: Target, path: Path) -> Result:
    started = time.monotonic()
    try:
        case = load_case(path)
        if not target.has_users and "TOKEN_OF_" in json.dumps(case.event):
            return Result(case_name(path), 0, [], skipped="needs a token of a user of the local stack")
        problems = target.run(case)
    except DevError as error:
        problems = [str(error)]
    return Result(case_name(path), time.monotonic() - started, problems)
