"""A fresh clone whose stack runs."""

import contextlib
import socket
from collections.abc import Iterator

import pytest

from dev.application.stack import DEFAULT_PORT, Stack, Status
from dev.local_aws.emulator import HOST
from dev.paths import LOCAL_BUILD, ROOT
from tests.e2e.clone import Clone, command_lines


@pytest.fixture(scope="session")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clone]:
    """A clone; after the tests `make down` must leave nothing of it running."""
    clone = Clone(tmp_path_factory.mktemp("a clone"))
    yield clone
    clone.run("make down")
    assert not (clone.folder / ".local").exists()
    assert [line for line in command_lines() if str(clone.folder) in line] == []
    assert "not running" in clone.run(".venv/bin/dev status 2>&1", expect=1)


@pytest.fixture(scope="session")
def first_run(clone: Clone) -> str:
    """What the first `make run` printed. Another stack could take the default port while this one is stopped."""
    with socket.socket() as listener:
        with contextlib.suppress(OSError):  # taken already
            listener.bind((HOST, DEFAULT_PORT))
        return clone.run("make run")


@pytest.fixture(scope="session")
def stack(clone: Clone, first_run: str) -> Stack:
    """The clone's stack."""
    return Stack(home=clone.folder / ".local", build_dir=clone.folder / LOCAL_BUILD.relative_to(ROOT))


@pytest.fixture(scope="session")
def status(stack: Stack) -> Status:
    """The status of the clone's stack. Otherwise pytest would reuse that of the stack of other suites."""
    return stack.status()
