"""`dev forget` on a deployed stack: nothing of a person is left that a search of everything could find."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx

from dev.application import people
from dev.application.deployed_stack import local
from dev.application.personal_data.person import Person
from dev.application.stack import Stack, Status
from dev.forget.stack import open_stack
from tests.integration.conftest import patient

EMAIL, CUSTOMER, TEXT, USER = "canary@example.com", "CUST-CANARY", "zilpzalp", "user-canary"
KEY = {"Idempotency-Key": "canary"}


def sign_in(stack: Stack, status: Status) -> tuple[str, str]:
    """Add a user to the pool. Return their sub and token."""
    cognito, password, groups = stack.client("cognito-idp"), "Canary-sings-1", list[str]()
    groups.append("writers")  # users
    sub = people.add_user(cognito, status.user_pool_id, EMAIL, password, CUSTOMER, groups)
    return sub, people.sign_in(cognito, status.user_pool_client_id, people.User(EMAIL, password, sub, CUSTOMER, groups))


# products
def plant_product(canary: httpx.Client) -> httpx.Response:
    body = {"product_id": "SAV-01", "product_type": TEXT, "balance": 1}
    return canary.post(f"customers/{CUSTOMER}/products", json=body, headers=KEY)


# /products
# users
def plant_user(canary: httpx.Client) -> httpx.Response:
    authorization = f"Bearer {canary.headers['Authorization']}"
    body = {"name": TEXT, "email": EMAIL}
    return canary.put(f"users/{USER}", json=body, headers={"Authorization": authorization})


# /users
# media
def plant_media(canary: httpx.Client) -> httpx.Response:
    files = {"file": (f"{TEXT}.txt", TEXT.encode(), "text/plain")}
    return canary.post("media", data={"name": TEXT, "caption": TEXT}, files=files)


# /media
# messages
def plant_message(canary: httpx.Client) -> httpx.Response:
    return canary.post("message-groups", json={"to": "bob", "message": TEXT}, headers=KEY)


# /messages
PLANT: dict[str, Callable[[httpx.Client], httpx.Response]] = {
    "ProductsTable": plant_product,  # products
    "UsersTable": plant_user,  # users
    "MediaTable": plant_media,  # media
    "MessagesTable": plant_message,  # messages
}


def test_forgotten_person_is_nowhere(stack: Stack, status: Status) -> None:
    sub, token = sign_in(stack, status)
    with patient(stack.http()) as canary:
        canary.headers["Authorization"] = token
        answers = {table: plant(canary).status_code for table, plant in PLANT.items()}
    event = json.dumps({"Records": [{"s3": {"object": {"key": f"uploads/{sub}/1"}}}]})
    stack.client("s3").put_object(Bucket=status.buckets["FailureBucket"], Key="canary", Body=event)
    wanted = [EMAIL, CUSTOMER, TEXT, USER, sub]
    assert {code // 100 for code in answers.values()} == {2}, answers
    assert {"FailureBucket", *PLANT} <= set(stored(stack, status, wanted))

    found = open_stack(local(stack))
    person = found.pool.complete(Person(customer_id=CUSTOMER))
    removed = list(found.remove(person))

    assert list(found.left(person)) == []
    assert [each.store for each in removed][-1] == "UserPool"
    assert list(stored(stack, status, wanted)) == []
    assert list(logged(stack, [EMAIL, TEXT])) == []
    assert stack.client("sqs").list_queues().get("QueueUrls", []) == []


def stored(stack: Stack, status: Status, texts: list[str]) -> Iterator[str]:
    """Yield the tables, buckets and user pool with one of the texts, read in full."""
    dynamodb, s3 = stack.client("dynamodb"), stack.client("s3")
    for table, name in status.tables.items():
        pages = dynamodb.get_paginator("scan").paginate(TableName=name, ConsistentRead=True)
        if has_any([page["Items"] for page in pages], texts):
            yield table
    for bucket, name in status.buckets.items():
        for page in s3.get_paginator("list_object_versions").paginate(Bucket=name):
            for each in page.get("Versions", []):
                content = s3.get_object(Bucket=name, Key=each["Key"], VersionId=each["VersionId"])["Body"].read()
                if has_any([page, content], texts):
                    yield bucket
    if has_any(stack.client("cognito-idp").list_users(UserPoolId=status.user_pool_id)["Users"], texts):
        yield "UserPool"


def logged(stack: Stack, texts: list[str]) -> Iterator[str]:
    """Yield the log groups with one of the texts. Ids of a person may be in logs."""
    for group in stack.resources()["AWS::Logs::LogGroup"].values():
        pages = stack.client("logs").get_paginator("filter_log_events").paginate(logGroupName=group)
        if has_any([page["events"] for page in pages], texts):
            yield group


def has_any(value: Any, texts: list[str]) -> bool:
    return any(text in str(value) for text in texts)
