"""Stream consumers that call AWS for each record, for many records at the same time."""

import contextlib
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import TYPE_CHECKING, Any

from shared.aws import CALLS_AT_ONCE
from shared.observability import logger
from shared.stream import LambdaHandler, RecordHandler, batch_handler

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord

type Record = dict[str, Any]

_threads = ThreadPoolExecutor(CALLS_AT_ONCE)


def begin[**P, R](work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> Future[R]:
    """Do some work in one of CALLS_AT_ONCE threads. It must not log or count, which are not safe in threads."""
    return _threads.submit(work, *args, **kwargs)


def concurrent_handler[T, R](
    read: Callable[[Record], T | None],
    begin_all: Callable[[Sequence[T]], Sequence[Future[R]]],
    finish: Callable[[T, R], None],
) -> LambdaHandler:
    """Make a Lambda handler of three steps. A record fails if one of its steps raises.

    `read` returns what a record says, or None to ignore it. `begin_all` begins the work of all records. `finish` gets
    the result of each record, in the order of the batch.
    """

    def prepare(records: list[Record]) -> RecordHandler:
        contents: dict[str | None, T | None] = {}
        for record in records:
            with contextlib.suppress(Exception):  # `handle` raises it, for this record only
                contents[record.get("eventID")] = read(record)
        todo = {event_id: content for event_id, content in contents.items() if content is not None}
        begun = dict(zip(todo, begin_all(list(todo.values())), strict=True))
        tracebacks: dict[Future[R], TracebackType | None] = {}

        def handle(record: "DynamoDBRecord") -> None:
            event_id = record.event_id
            if event_id not in contents:
                read(record.raw_event)
            if event_id not in begun:  # or it is a repeat within the batch
                logger.info("record ignored", change=record.raw_event["eventName"])
                return
            future = begun.pop(event_id)
            # Records of one message group share a future. Raising its error again would lengthen its traceback.
            if (error := future.exception()) is not None:
                raise error.with_traceback(tracebacks.setdefault(future, error.__traceback__))
            finish(todo[event_id], future.result())

        return handle

    return batch_handler(prepare)
