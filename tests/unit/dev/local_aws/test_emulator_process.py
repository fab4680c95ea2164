"""The log of an invocation is complete, however late another thread reads it."""

import os
import queue
import threading

from dev.local_aws.emulator_process import read_log, wait_until_read
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
