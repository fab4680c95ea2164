"""What a stream record says of a user."""

from typing import Any

import pytest

from users.model import UserChange

USER = {"UserId": {"S": "U-1"}, "name": {"S": "Ada"}}


def record(name: str) -> dict[str, Any]:
    images = {
        "INSERT": {"NewImage": USER},
        "REMOVE": {"OldImage": USER},
        "MODIFY": {"NewImage": USER, "OldImage": USER},
    }
    change = {"ApproximateCreationDateTime": 1767398400.9, "Keys": {"UserId": {"S": "U-1"}}, **images[name]}
    return {"eventID": "e1", "eventName": name, "dynamodb": change}


def test_insert_is_a_creation() -> None:
    assert UserChange.from_record(record("INSERT")) == UserChange("e1", "created", "U-1", "2026-01-03T00:00:00Z", USER)


def test_modify_is_no_change_of_who_is_there() -> None:
    assert UserChange.from_record(record("MODIFY")) is None


def test_remove_is_a_deletion() -> None:
    assert UserChange.from_record(record("REMOVE")) == UserChange("e1", "deleted", "U-1", "2026-01-03T00:00:00Z", USER)


def test_objects_of_a_user_have_one_prefix() -> None:
    change = UserChange.from_record(record("INSERT"))

    assert change is not None
    assert change.object_key == "U-1/2026-01-03/e1.json"


def test_record_without_its_image_is_rejected() -> None:
    broken = record("INSERT")
    del broken["dynamodb"]["NewImage"]

    with pytest.raises(KeyError):
        UserChange.from_record(broken)
