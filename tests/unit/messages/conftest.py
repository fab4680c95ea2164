"""The world of the message functions: one table, and what gets in the way of their transactions."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

import pytest

from messages import store
from tests.unit.messages.calls import a_message, begun
from tests.unit.messages.posts import Post, begin, say

type Write = Callable[..., Any]
type Act = Callable[[Write, dict[str, Any]], Any]
"""What a transaction does instead, given the real call and its request."""
type Interfere = Callable[[Act], None]


@contextlib.contextmanager
def next_transaction(act: Act) -> Iterator[None]:
    """Let the next transaction in a block do something else."""
    write = store._dynamodb.transact_write_items

    def interfered(**request: Any) -> Any:
        patched.stop()
        return act(write, request)

    patched = mock.patch.object(store._dynamodb, "transact_write_items", interfered)
    patched.start()
    try:
        yield
    finally:
        patched.stop()


@pytest.fixture
def instead() -> Iterator[Interfere]:
    """Lets the next transaction of a test do something else."""
    with contextlib.ExitStack() as stack:
        yield lambda act: stack.enter_context(next_transaction(act))


@pytest.fixture(params=[begin, say], ids=["POST /message-groups", "POST /message-groups/{id}/messages"])
def post(request: pytest.FixtureRequest, dynamodb: object) -> Post:
    """Sends a text, beginning a message group or in the one that Alice and Bob have."""
    begun(a_message(1, text="first"))
    post: Post = request.param
    return post
