"""Message groups against a plain model, with every fault in the deliveries of their stream.

The functions are the real ones, on a table in memory. Its stream is read by the project's own poller, which filters,
retries and bisects as Lambda does; the consumer gets records twice, out of order, late, and while others write.
"""

import contextlib
import itertools
import random
import tempfile
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from dev.application import in_process
from dev.application.in_process import environment
from messages import create, create_group, list_groups, store
from messages import list as list_messages
from tests.unit.clock import Clock
from tests.unit.empty_aws import empty_aws
from tests.unit.http_events import call
from tests.unit.messages.bad_deliveries import FAULTS, MOST_FAULTS, Deliveries, Fault, handle
from tests.unit.messages.calls import ALICE, BOB, CAROL, message_event
from tests.unit.messages.cursors import pages

USERS = (ALICE, BOB, CAROL)
TIMES = (
    "2026-12-31T23:59:59.998Z",
    "2026-12-31T23:59:59.999Z",
    "2027-01-01T00:00:00.000Z",
    "2027-01-01T00:00:00.001Z",
)
"""Of any message: two may have the same one, and the clocks of two functions need not agree."""


@dataclass
class Talk:
    """A message group in the model: who is in it, and time, id, sender and text of every message."""

    members: tuple[str, str]
    said: list[tuple[str, str, str, str]] = field(default_factory=list)


class MessageGroups(RuleBasedStateMachine):
    """Three users talk. Now and then the stream is delivered, badly; in the end it is, well."""

    def __init__(self) -> None:
        super().__init__()
        self.talks: dict[str, Talk] = {}
        self.texts = map("text {}".format, itertools.count(1))
        self.clock, chance = Clock(), random.Random(5)
        ids = (uuid.UUID(int=chance.getrandbits(128)) for _ in itertools.count())
        self.world = contextlib.ExitStack()
        self.world.enter_context(empty_aws())
        tables = {"MESSAGES_TABLE": "MessagesTable", "IDEMPOTENCY_TABLE": "IdempotencyTable"}
        self.world.enter_context(environment(in_process.function_environment() | tables))
        self.world.enter_context(mock.patch("shared.clock.datetime", self.clock))
        self.world.enter_context(mock.patch("uuid.uuid4", side_effect=ids))
        folder = self.world.enter_context(tempfile.TemporaryDirectory())
        self.stream = Deliveries(Path(folder) / "checkpoints.json")

    @initialize(begun=st.lists(st.tuples(st.permutations(USERS), st.sampled_from(TIMES)), min_size=2, max_size=3))
    def begin(self, begun: list[tuple[list[str], str]]) -> None:
        for (caller, other, _), self.clock.time in begun:
            text = next(self.texts)

            status, group, _ = call(create_group.handler, message_event({"to": other, "message": text}, caller=caller))

            assert (status, group["with"], group["last_message_at"]) == (201, other, self.clock.time)
            (message,) = self.listed(group["id"], caller, "asc")
            self.talks[group["id"]] = Talk((caller, other), [message])

    @rule(
        sayings=st.lists(st.tuples(st.integers(0, 5), st.sampled_from(TIMES)), min_size=1, max_size=5),
        faults=st.none() | st.lists(st.sampled_from(FAULTS), min_size=1, max_size=MOST_FAULTS),
    )
    def talk(self, sayings: list[tuple[int, str]], faults: list[Fault] | None) -> None:
        """Say something in message groups of some numbers, by one side or the other; and deliver, or not yet."""
        for number, self.clock.time in sayings:
            group_id = sorted(self.talks)[number // 2 % len(self.talks)]
            talk, text = self.talks[group_id], next(self.texts)
            sender = talk.members[number % 2]

            event = message_event({"message": text}, caller=sender, group_id=group_id)
            status, message, _ = call(create.handler, event)

            assert (status, message["created_at"]) == (201, self.clock.time)
            talk.said.append((self.clock.time, message["id"], sender, text))
        if faults is not None:
            self.deliver(faults)

    def deliver(self, faults: list[Fault]) -> None:
        for _ in self.stream.deliver(faults):
            self.require_each_message_group_once()

    @rule(numbers=st.lists(st.integers(0, 99), min_size=1, max_size=4))
    def deliver_again(self, numbers: list[int]) -> None:
        """Records that were delivered once come late, as after `dev redrive`."""
        if not self.stream.delivered:
            self.deliver([])  # a precondition would make half of all examples invalid
        delivered = self.stream.delivered
        records = [delivered[number % len(delivered)] for number in numbers]

        assert handle(records) == {"batchItemFailures": []}
        self.require_each_message_group_once()

    def require_each_message_group_once(self) -> None:
        """In every list at any time, before and after each delivery."""
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
        """Return a message group as it is answered, six on a page."""
        query = {"limit": "6", "order": order}
        found = pages(
            list_messages.handler, lambda cursor: message_event(caller=user, group_id=group_id, query=query | cursor)
        )
        return [(item["created_at"], item["id"], item["from"], item["message"]) for page in found for item in page]


TestMessageGroups = MessageGroups.TestCase
TestMessageGroups.settings = settings(
    max_examples=6,
    stateful_step_count=6,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
