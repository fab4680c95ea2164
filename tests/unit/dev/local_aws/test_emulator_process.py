"""The log of an invocation is complete, however late another thread reads it. No invocation runs older code."""

import os
import queue
import threading

import pytest
from ministack.core import lambda_runtime

from dev.local_aws.emulator_process import acquire_current_worker, read_log, wait_until_read
from tests.waiting import DEADLINE_SECONDS


def test_everything_in_the_pipe_is_read_first() -> None:
    reading, writing = os.pipe()
    lines: queue.Queue[str] = queue.Queue()
    with os.fdopen(reading) as pipe, os.fdopen(writing, "w", buffering=1) as log:
        reader = threading.Thread(target=read_log, args=(pipe, lines, lambda fd, _: os.read(fd, 1)))
        log.write("first\nlåst\n")
        reader.start()
        wait_until_read(pipe, reader)
        found = [lines.get_nowait() for _ in range(lines.qsize())]

        log.write("no end of line")
        log.close()
        reader.join(DEADLINE_SECONDS)

    assert (found, lines.get_nowait()) == (["first", "låst"], "no end of line")


def test_process_with_other_code_than_the_invocation_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    config = {"FunctionArn": "arn:aws:lambda:eu-west-1:000000000000:function:f"}
    stopped = []
    monkeypatch.setattr(lambda_runtime, "_workers", {})
    monkeypatch.setattr(lambda_runtime.Worker, "kill", lambda worker: stopped.append(worker.code_zip))
    worker, _ = acquire_current_worker("f", config, b"old")
    for code in (b"old", b"new"):
        lambda_runtime.release_worker(worker)
        worker, reason = acquire_current_worker("f", config, code)

    assert (worker.code_zip, reason, stopped) == (b"new", "reused", [b"old"])
