"""What `dev forget` removes of users and their archive."""

import json
from typing import Any

import pytest

from dev.application.personal_data import users
from dev.errors import DevError
from tests.unit.forgetting import CANARY, forget, items, objects, plant, put, stores

OWN = {"UserId": "ada", "name": "Ada", "email": "Canary@Example.com", "owner": "sub-carol"}
PUT_BY_PERSON = {"UserId": "bob", "name": "Bob", "email": "bob@example.com", "owner": "sub-canary"}


def archived(kind: str, user: dict[str, str]) -> dict[str, Any]:
    item = {name: {"S": value} for name, value in user.items()}
    return {"event_id": "1", "kind": kind, "user_id": user["UserId"], "happened_at": "2026", "item": item}


@pytest.mark.usefixtures("dynamodb")
def test_users_of_the_person_are_deleted_and_others_lose_their_owner() -> None:
    plant("UsersTable", OWN, PUT_BY_PERSON)
    put("UserArchiveBucket", "ada/2026/1.json", archived("created", OWN))
    put("UserArchiveBucket", "bob/2026/1.json", archived("created", PUT_BY_PERSON))

    forget(CANARY, stores(lambda _: put("UserArchiveBucket", "ada/2026/2.json", archived("deleted", OWN))))

    assert items("UsersTable") == [PUT_BY_PERSON | {"owner": "forgotten"}]
    ((content,),) = objects("UserArchiveBucket").values()
    assert json.loads(content) == archived("created", PUT_BY_PERSON | {"owner": "forgotten"})


@pytest.mark.usefixtures("dynamodb")
def test_user_with_the_sub_as_user_id_in_any_case_is_deleted() -> None:
    user = {"UserId": "SUB-canary", "name": "Ada", "email": "ada@example.com", "owner": "sub-carol"}
    plant("UsersTable", user)

    forget(CANARY, stores(lambda _: put("UserArchiveBucket", "SUB-canary/2026/2.json", archived("deleted", user))))

    assert items("UsersTable") == []
    assert objects("UserArchiveBucket") == {}


@pytest.mark.usefixtures("dynamodb")
def test_deletion_that_is_not_archived_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(users, "ATTEMPTS", 2)
    put("UserArchiveBucket", "ada/2025/1.json", archived("deleted", OWN))  # of an earlier user
    plant("UsersTable", OWN)

    with pytest.raises(DevError, match="no record of the deletion of ada after 2 s"):
        forget(CANARY, stores())
