"""Deploys changes to a running stack as soon as files are saved."""

import threading
import time

import watchfiles
from botocore.exceptions import BotoCoreError, ClientError

from dev.errors import DevError
from dev.local_aws import sam
from dev.local_aws.deployment import Report
from dev.local_aws.project import digest
from dev.local_aws.stack import LocalStack

LOOK_MILLISECONDS = 1000
"""Also looks without a notification, because there is none for a file that an editor has replaced."""


def watch_stack(stack: LocalStack, report: Report, stop: threading.Event | None = None) -> None:
    """Deploy each change from now on, until `stop` or Ctrl-C. The stack continues to run.

    A change of code replaces only the code of the deployed functions. Errors are reported and do not end the loop.
    """
    try:
        _watch(stack, report, stop)
    except KeyboardInterrupt:
        report("Stopped watching. The stack is still running.")


def _watch(stack: LocalStack, report: Report, stop: threading.Event | None) -> None:
    infrastructure, code = stack.project.infrastructure, stack.project.functions
    deployed, seen = digest(*infrastructure), (digest(*infrastructure), digest(code))
    if sam.built_from(stack.build_dir) != stack.project.digest():  # saved during the last `up`
        deployed, seen = "", ("", "")
    report("Watching for changes. Press Ctrl-C to stop watching.")
    paths = [path for path in (*infrastructure, code) if path.exists()]
    for _ in watchfiles.watch(*paths, stop_event=stop, rust_timeout=LOOK_MILLISECONDS, yield_on_timeout=True):
        started = time.monotonic()
        now = digest(*infrastructure), digest(code)
        if now == seen:
            continue
        seen = now
        try:
            if now[0] == deployed:
                stack.update_code(report)
                report(f"code updated in {time.monotonic() - started:.1f} s")
            else:
                stack.up(report)
                deployed = now[0]
                report(f"deployed in {time.monotonic() - started:.1f} s")
        except (DevError, BotoCoreError, ClientError) as error:
            report(f"error: {error}")
