"""Conversations against a plain model, whatever happens to the deliveries of their stream.

The functions are the real ones, on a table in memory. Its stream is read by the project's own poller, which filters,
retries and bisects as Lambda does; the consumer gets records twice, out of order, late, and while others write.
"""

import contextlib
import functools
import itertools
import random
import tempfile
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from unittest import mock

import boto3
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from dev import in_memory
from dev.cases import Outcome
from dev.in_memory import environment, in_memory_aws, lambda_context
from dev.streams.checkpoints import Checkpoints
from dev.streams.failure import Record
from dev.streams.plan import Planned
from dev.streams.shards import Stream
from dev.streams.worker import Stopping, Worker
from messages import create, create_group, list_groups, on_message, store
from messages import list as list_messages
from tests.unit.clock import Clock
from tests.unit.http_events import call
from tests.unit.messages.calls import ALICE, BOB, CAROL, message_event
from tests.unit.messages.conftest import ONE_TABLE, Write, next_transaction, refusal
from tests.unit.messages.cursors import pages
from tests.unit.template_facts import properties

USERS = (ALICE, BOB, CAROL)
TIMES = (
    "2026-12-31T23:59:59.998Z",
    "2026-12-31T23:59:59.999Z",
    "2027-01-01T00:00:00.000Z",
    "2027-01-01T00:00:00.001Z",
)
"""Of any message: two may have the same one, and the clocks of two functions need not agree."""

type Fault = Literal["twice", "reversed", "raises", "answer lost", "throttled", "two at once"]
FAULTS: tuple[Fault, ...] = ("twice", "reversed", "raises", "answer lost", "throttled", "two at once")
MOST_FAULTS = 4
"""In one delivery, so that no record uses up its retries."""


@dataclass
class Talk:
    """A conversation in the model: who is in it, and time, id, sender and text of every message."""

    members: tuple[str, str]
    said: list[tuple[str, str, str, str]] = field(default_factory=list)


@functools.cache
def streams() -> Any:
    """Return a client of streams; making one takes longer than an example."""
    return boto3.client("dynamodbstreams")


class Patient(Stopping):
    """Waits in no time."""

    def pause(self, seconds: float) -> None:
        pass


def handle(records: list[Record]) -> Any:
    return on_message.handler({"Records": records}, lambda_context())


def two_at_once(one: list[Record], other: list[Record]) -> Any:
    """Handle some records while others are, between the look at their conversation and its transaction."""
    failed = []

    def let_the_other_in(write: Write, request: dict[str, Any]) -> Any:
        failed.extend(handle(other)["batchItemFailures"])
        other.clear()
        return write(**request)

    with next_transaction(let_the_other_in):
        failed.extend(handle(one)["batchItemFailures"])
    return {"batchItemFailures": [*failed, *handle(other)["batchItemFailures"]]}


def refuse(_write: Write, _request: dict[str, Any]) -> Any:
    raise refusal("ThrottlingException")


class Conversations(RuleBasedStateMachine):
    """Three users talk. Now and then the stream is delivered, badly; in the end it is, well."""

    def __init__(self) -> None:
        super().__init__()
        self.talks: dict[str, Talk] = {}
        self.texts = map("text {}".format, itertools.count(1))
        self.faults: list[Fault] = []
        self.delivered: list[Record] = []
        self.clock, chance = Clock(), random.Random(5)
        ids = (uuid.UUID(int=chance.getrandbits(128)) for _ in itertools.count())
        self.world = contextlib.ExitStack()
        self.world.enter_context(in_memory_aws(ONE_TABLE))
        self.world.enter_context(environment(in_memory.function_environment() | {"MESSAGES_TABLE": "MessagesTable"}))
        self.world.enter_context(mock.patch("shared.clock.datetime", self.clock))
        self.world.enter_context(mock.patch("uuid.uuid4", side_effect=ids))
        self.checkpoints = Path(self.world.enter_context(tempfile.TemporaryDirectory())) / "checkpoints.json"

    def a_worker(self) -> Worker:
        """A poller that goes on where the last one was; in memory a transaction that fails cuts iterators off."""
        arn = in_memory.client("dynamodb").describe_table(TableName="MessagesTable")["Table"]["LatestStreamArn"]
        return Worker(
            Planned("OnMessageMapping", properties("OnMessageMapping"), arn, "arn:function", "url"),
            Stream(streams(), arn),
            self.consume,
            send_failure=lambda message: pytest.fail(f"given up: {message}"),
            checkpoints=Checkpoints(self.checkpoints),
            stopping=Patient(),
        )

    @initialize()
    def begin_two(self) -> None:
        self.begin((ALICE, BOB), TIMES[1])
        self.begin((CAROL, ALICE), TIMES[1])

    @rule(members=st.permutations(USERS), time=st.sampled_from(TIMES))
    def begin(self, members: tuple[str, ...], time: str) -> None:
        caller, other = members[:2]
        self.clock.time, text = time, next(self.texts)

        status, group, _ = call(create_group.handler, message_event({"to": other, "message": text}, caller=caller))

        assert (status, group["with"], group["last_message_at"]) == (201, other, time)
        (message,) = self.listed(group["id"], caller, "asc")
        self.talks[group["id"]] = Talk((caller, other), [message])

    @rule(number=st.integers(0, 99), side=st.integers(0, 1), time=st.sampled_from(TIMES))
    def say(self, number: int, side: int, time: str) -> None:
        group_id = sorted(self.talks)[number % len(self.talks)]
        talk, self.clock.time, text = self.talks[group_id], time, next(self.texts)
        event = message_event({"message": text}, caller=talk.members[side], group_id=group_id)

        status, message, _ = call(create.handler, event)

        assert (status, message["created_at"]) == (201, time)
        talk.said.append((time, message["id"], talk.members[side], text))

    @rule(faults=st.lists(st.sampled_from(FAULTS), max_size=MOST_FAULTS))
    def deliver(self, faults: list[Fault]) -> None:
        self.faults = faults.copy()
        worker = self.a_worker()
        while worker.poll():
            self.require_each_conversation_once()

    @precondition(lambda self: self.delivered)
    @rule(numbers=st.lists(st.integers(0, 99), min_size=1, max_size=4))
    def deliver_again(self, numbers: list[int]) -> None:
        """Records that were delivered once come late, as after `dev redrive`."""
        records = [self.delivered[number % len(self.delivered)] for number in numbers]

        assert handle(records) == {"batchItemFailures": []}
        self.require_each_conversation_once()

    def consume(self, event: dict[str, Any]) -> Outcome:
        """The function as the poller invokes it, with the next fault if there is one left."""
        fault, records = self.faults.pop() if self.faults else None, event["Records"]
        self.delivered += records
        if fault == "raises":
            return Outcome(None, "Error", "")
        if fault == "two at once":
            failed = two_at_once(records[:1], records[1:])
        else:
            again = {"twice": records * 2, "reversed": records[::-1]}.get(fault or "", records)
            with next_transaction(refuse) if fault == "throttled" else contextlib.nullcontext():
                failed = handle(again)
        return Outcome(None, "Task timed out", "") if fault == "answer lost" else Outcome(failed, None, "")

    def require_each_conversation_once(self) -> None:
        """In every list at any moment, whatever is delivered."""
        for user in USERS:
            listed = [row["message_group_uuid"]["S"] for row in store.list_groups(user, 100, None)[0]]
            assert sorted(listed) == sorted(group_id for group_id, talk in self.talks.items() if user in talk.members)

    def teardown(self) -> None:
        with self.world:
            self.deliver([])
            for user in USERS:
                assert self.groups(user) == self.expected_groups(user)
            for group_id, talk in self.talks.items():
                for order, expected in (("asc", sorted(talk.said)), ("desc", sorted(talk.said, reverse=True))):
                    assert self.listed(group_id, talk.members[1], order) == expected

    def groups(self, user: str) -> list[tuple[str, ...]]:
        """Return a user's list as it is answered, two on a page."""
        found = pages(list_groups.handler, lambda cursor: message_event(caller=user, query={"limit": "2"} | cursor))
        facts = ("last_message_at", "message", "with", "id")
        return [tuple(item[fact] for fact in facts) for page in found for item in page]

    def expected_groups(self, user: str) -> list[tuple[str, ...]]:
        """Return a user's list as the model has it."""
        mine = [(max(talk.said), group_id, talk) for group_id, talk in self.talks.items() if user in talk.members]
        return [
            (time, text, next(member for member in talk.members if member != user), group_id)
            for (time, _, _, text), group_id, talk in sorted(mine, key=lambda one: one[0], reverse=True)
        ]

    def listed(self, group_id: str, user: str, order: str) -> list[tuple[str, str, str, str]]:
        """Return a conversation as it is answered, three on a page."""
        query = {"limit": "3", "order": order}
        found = pages(
            list_messages.handler, lambda cursor: message_event(caller=user, group_id=group_id, query=query | cursor)
        )
        return [(item["created_at"], item["id"], item["from"], item["message"]) for page in found for item in page]


TestConversations = Conversations.TestCase
TestConversations.settings = settings(
    max_examples=10,
    stateful_step_count=14,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
