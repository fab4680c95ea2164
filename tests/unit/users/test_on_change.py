"""OnUserChangeFunction, beyond its event files."""

import json
import threading
from typing import Any

import pytest
from botocore.exceptions import ClientError

from dev.application import in_process
from dev.application.in_process import lambda_context
from dev.paths import EVENTS
from dev.replay.cases import load_json
from shared.aws import CALLS_AT_ONCE
from tests.template_facts import properties
from tests.unit.rounds import Rounds
from users import store
from users.on_change import handler

pytestmark = pytest.mark.usefixtures("dynamodb")


def event(case: str) -> dict[str, Any]:
    return load_json(EVENTS / "users" / "on_change" / f"{case}.json")


def created(number: int, user_id: str) -> dict[str, Any]:
    """Return a record of a user that was created."""
    record: dict[str, Any]
    (record,) = event("insert")["Records"]
    record["dynamodb"] |= {"Keys": {"UserId": {"S": user_id}}, "SequenceNumber": str(number)}
    return record | {"eventID": str(number)}


def versions() -> int:
    return len(in_process.client("s3").list_object_versions(Bucket="userarchivebucket").get("Versions", []))


def user_metrics(printed: str) -> dict[str, Any]:
    """Return what was counted of users, from lines in the embedded metric format."""
    lines = [json.loads(line) for line in printed.splitlines()]
    return {name: value for line in lines for name, value in line.items() if name.startswith("User")}


def test_redelivery_writes_nothing_new() -> None:
    handler(event("insert"), lambda_context())
    handler(event("insert"), lambda_context())

    assert versions() == 1


def test_batch_of_100_takes_four_rounds_of_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    rounds = Rounds()
    monkeypatch.setattr(store._s3, "put_object", rounds.call)

    answer = handler({"Records": [created(number, f"USER-{number}") for number in range(100)]}, lambda_context())

    assert answer == {"batchItemFailures": []}
    assert rounds.count == 4


def test_changes_of_one_user_are_archived_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first one takes until the other user is archived, so the rest could overtake it."""
    keys: list[str] = []
    other_user = threading.Event()

    def put(**call: Any) -> None:
        if call["Key"].startswith("USER-2/"):
            other_user.set()
        elif call["Key"] == "USER-1/2026-01-03/0.json":
            other_user.wait()
        keys.append(call["Key"])

    monkeypatch.setattr(store._s3, "put_object", put)
    changes = [created(number, "USER-1") for number in range(CALLS_AT_ONCE - 1)]

    handler({"Records": [*changes, created(len(changes), "USER-2")]}, lambda_context())

    of_one_user = [key for key in keys if key.startswith("USER-1/")]
    assert of_one_user == [f"USER-1/2026-01-03/{number}.json" for number in range(len(changes))]


def test_change_after_one_that_was_not_archived_waits_for_the_next_attempt(monkeypatch: pytest.MonkeyPatch) -> None:
    def reject_the_first(**call: Any) -> None:
        if call["Key"].endswith("/0.json"):
            raise ClientError({"Error": {"Code": "SlowDown", "Message": ""}}, "PutObject")
        keys.append(call["Key"])

    keys: list[str] = []
    monkeypatch.setattr(store._s3, "put_object", reject_the_first)
    users = ["USER-1", "USER-1", "USER-2", "USER-1"]

    answer = handler({"Records": [created(number, user) for number, user in enumerate(users)]}, lambda_context())

    assert answer == {"batchItemFailures": [{"itemIdentifier": each} for each in ("0", "1", "3")]}
    assert keys == ["USER-2/2026-01-03/2.json"]


@pytest.mark.parametrize(("case", "metric"), [("insert", "UserCreated"), ("remove", "UserDeleted")])
def test_change_is_counted_once(capsys: pytest.CaptureFixture[str], case: str, metric: str) -> None:
    handler(event(case), lambda_context())
    first = user_metrics(capsys.readouterr().out)
    handler(event(case), lambda_context())

    assert first == {metric: [1.0]}
    assert user_metrics(capsys.readouterr().out) == {metric: [0.0]}


@pytest.mark.parametrize("code", ["SlowDown", "AccessDenied", "ConditionalRequestConflict"])
def test_change_that_cannot_be_archived_is_reported(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Two writers of one object may get a conflict although neither has written: it is tried again."""

    def reject(**_: Any) -> None:
        raise ClientError({"Error": {"Code": code, "Message": ""}}, "PutObject")

    monkeypatch.setattr(store._s3, "put_object", reject)

    answer = handler(event("insert"), lambda_context())

    assert answer == {"batchItemFailures": [{"itemIdentifier": "100000000000000000001"}]}


def test_archiver_has_time_for_a_batch_whose_every_object_takes_three_attempts() -> None:
    """Each attempt has a second to connect and three to answer; between them the SDK waits up to two."""
    seconds_for_one = 3 * (1 + 3) + 2

    batch, timeout = properties("OnUserChangeMapping")["BatchSize"], properties("OnUserChangeFunction")["Timeout"]
    assert batch / CALLS_AT_ONCE * seconds_for_one <= timeout
