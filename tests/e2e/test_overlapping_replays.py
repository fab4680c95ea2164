"""Replays beside each other and beside a client that writes: no write is lost, nothing is left behind."""

import contextlib
import json
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from dev.application.project import load_template
from dev.application.stack import Stack, Status
from dev.local_aws.template import key_names
from dev.paths import EVENTS, ROOT
from dev.replay.bucket_state import Buckets
from dev.replay.cases import Item
from dev.replay.table_state import Tables
from tests.waiting import wait_until

WRITES = 500
REPLAY = """
import pathlib, sys
from dev import paths
paths.LOCAL = pathlib.Path(sys.argv.pop(1))
from dev.cli import main
main()
"""
"""`dev` on the stack whose folder is the first argument."""

type Held = set[tuple[Any, ...]]


@contextlib.contextmanager
def replaying(stack: Stack, *events: Path) -> Iterator[subprocess.Popen[str]]:
    """Run `dev replay` beside the test; provide it once its first case has ended."""
    command = [sys.executable, "-u", "-c", REPLAY, str(stack.home), "replay", *map(str, events)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline().startswith("ok   ")
            yield process
        finally:
            process.kill()


def held(stack: Stack, status: Status) -> Held:
    """Return every item of every table, and every version of every object."""
    tables = Tables(stack.client("dynamodb"), status.tables, KEYS)
    buckets = Buckets(stack.client("s3"), status.buckets)
    return {
        *((table, str(key), plain(item)) for table, items in tables.read().items() for key, item in items.items()),
        *((bucket, *version) for bucket in status.buckets for version in buckets.versions(bucket)),
    }


def plain(item: Item) -> str:
    return json.dumps(item, default=lambda value: sorted(value) if isinstance(value, set) else str(value))


def key(number: int) -> dict[str, Any]:
    return {name: {"S": f"LIVE-{RUN}-{number}"} for name in KEYS[TABLE]}


RUN = uuid.uuid4().hex
KEYS = key_names(load_template())
TABLE = next(iter(KEYS))


def test_overlapping_replays_keep_the_writes_of_a_client(stack: Stack, status: Status) -> None:
    before = held(stack, status)
    dynamodb, table = stack.client("dynamodb"), status.tables[TABLE]
    some = sorted(folder for folder in EVENTS.glob("*/*") if folder.is_dir())[::2]

    with (
        replaying(stack, *some) as whole,
        replaying(stack, EVENTS) as interrupted,  # all, so that it still runs when the third one has started
        replaying(stack, EVENTS) as terminated,
        ThreadPoolExecutor(4) as client,
    ):
        writes = [client.submit(dynamodb.put_item, TableName=table, Item=key(number)) for number in range(WRITES)]
        interrupted.send_signal(signal.SIGINT)
        terminated.send_signal(signal.SIGTERM)
        outputs = [process.communicate()[0] for process in (whole, interrupted, terminated)]
        for done in writes:
            done.result()

    assert "FAIL" not in "".join(outputs)
    assert [process.returncode for process in (whole, interrupted, terminated)] == [0, 130, 143]
    added = held(stack, status) - before
    assert sum(RUN in str(item) for item in added) == WRITES
    wait_until(lambda: {item for item in held(stack, status) - before if RUN not in str(item)} == set())
    assert before <= held(stack, status)
    for number in range(WRITES):
        dynamodb.delete_item(TableName=table, Key=key(number))
