"""The log of an invocation is complete, however late another thread reads it."""

import os

from dev.local_aws.emulator_process import unread_bytes, wait_until_read


def test_everything_in_the_pipe_is_read_first() -> None:
    reading, writing = os.pipe()
    os.write(writing, b"the last line\n")
    with os.fdopen(reading) as pipe, os.fdopen(writing, "wb"):
        wait_until_read(pipe, sleep=lambda _: os.read(reading, 5))

        assert unread_bytes(pipe) == 0
