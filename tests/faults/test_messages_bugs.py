"""A bug that is put into messages, and found."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from unittest import mock

from messages import store
from messages.model import Message

type Finds = Callable[[str, AbstractContextManager[object]], bool]


def test_failed_record_that_is_not_reported(finds: Finds) -> None:
    move_rows = store.move_rows

    def move_rows_if_possible(message: Message) -> bool:
        try:
            return move_rows(message)
        except Exception:
            return False

    assert finds("messages/on_message/insert", mock.patch.object(store, "move_rows", move_rows_if_possible))
