"""Waits for another process, with a message after two seconds and a limit of minutes."""

import sys
import time
from collections.abc import Callable

LONGEST_SECONDS = 300
"""Ends what hangs. On a busy machine everything else just takes longer."""
SILENT_SECONDS = 2
POLL_SECONDS = 0.1


def wait_for_start(answers: Callable[[], bool], runs: Callable[[], bool], what: str) -> bool:
    """Wait until a process answers or ends. Return whether it answers."""
    ok, _ = poll(lambda: (answers(), runs()), lambda state: state != (False, True), f"{what} to start")
    return ok


def poll[T](ask: Callable[[], T], done: Callable[[T], bool], what: str) -> T:
    """Repeat a request until its answer is complete, for at most five minutes. Return the last answer.

    `what` completes "waiting for …", printed on stderr if the wait lasts.
    """
    started = time.monotonic()
    announced = False
    while not done(answer := ask()):
        waited = time.monotonic() - started
        if waited >= LONGEST_SECONDS:
            break
        if waited >= SILENT_SECONDS and not announced:
            print(f"  waiting for {what} …", file=sys.stderr, flush=True)
            announced = True
        time.sleep(POLL_SECONDS)
    return answer
