"""Users archived by their stream consumer, also after crashes and failures."""

import json
import uuid
from pathlib import Path
from typing import Any

import httpx
import pytest

from dev.application.stack import Stack, Status
from dev.local_aws.event_sources.deployed_mappings import Plan
from dev.local_aws.event_sources.service import PLAN
from tests.integration.consumers import failed_events, redriven, spoilt
from tests.waiting import wait_until

FUNCTION = "OnUserChangeFunction"
ADA = {"name": "Ada", "email": "ada@example.com"}

SPOILT = """
import os, pathlib
from users import on_change

def handler(event, context):
    poison = [one for one in event["Records"] if "POISON" in one["dynamodb"]["Keys"]["UserId"]["S"]]
    good = [one for one in event["Records"] if one not in poison]
    died = pathlib.Path({died!r})
    if not died.exists():  # once, with half the batch done and not yet answered
        on_change.handler({{"Records": good[: len(good) // 2]}}, context)
        died.touch()
        os._exit(1)
    if good:
        on_change.handler({{"Records": good}}, context)
    return {{"batchItemFailures": [{{"itemIdentifier": one["dynamodb"]["SequenceNumber"]}} for one in poison]}}
"""


@pytest.fixture
def prefix() -> str:
    """Begins the ids of one test's users."""
    return f"T-{uuid.uuid4()}"


class Archive:
    """What the archive holds of one test's users."""

    def __init__(self, stack: Stack, status: Status, prefix: str) -> None:
        self._s3, self._bucket, self._prefix = stack.client("s3"), status.buckets["UserArchiveBucket"], prefix

    def changes(self) -> list[dict[str, Any]]:
        """Return every change in it, in the order of writing. An object that was written twice counts twice."""
        pages = self._s3.get_paginator("list_object_versions").paginate(Bucket=self._bucket)
        versions = [version for page in pages for version in page.get("Versions", [])]
        found = [self._content(version) for version in sorted(versions, key=lambda each: each["LastModified"])]
        return [change for change in found if change["user_id"].startswith(self._prefix)]

    def read(self) -> list[tuple[str, str]]:
        """Return kind and user of every change in it."""
        return [(change["kind"], change["user_id"].removeprefix(self._prefix)) for change in self.changes()]

    def _content(self, version: dict[str, Any]) -> dict[str, Any]:
        answer = self._s3.get_object(Bucket=self._bucket, Key=version["Key"], VersionId=version["VersionId"])
        content: dict[str, Any] = json.loads(answer["Body"].read())
        return content


@pytest.fixture
def archive(stack: Stack, status: Status, prefix: str) -> Archive:
    return Archive(stack, status, prefix)


def test_insert_and_remove_are_archived_and_modify_is_not(carol: httpx.Client, archive: Archive, prefix: str) -> None:
    carol.put(f"users/{prefix}-1", json=ADA)
    carol.put(f"users/{prefix}-1", json={**ADA, "name": "Ada King"})
    carol.delete(f"users/{prefix}-1")

    wait_until(lambda: len(archive.read()) >= 2)
    assert archive.read() == [("created", "-1"), ("deleted", "-1")]


def test_archived_object_holds_the_user(
    stack: Stack, status: Status, carol: httpx.Client, archive: Archive, prefix: str
) -> None:
    carol.put(f"users/{prefix}-1", json=ADA)
    wait_until(archive.read)

    key = {"UserId": {"S": f"{prefix}-1"}}
    item = stack.client("dynamodb").get_item(TableName=status.tables["UsersTable"], Key=key)["Item"]
    (archived,) = archive.changes()
    assert archived["item"] == item
    assert archived["happened_at"] >= item["created_at"]["S"]


def test_killed_consumer_and_poison_lose_nothing_and_write_nothing_twice(
    stack: Stack, carol: httpx.Client, archive: Archive, prefix: str, tmp_path: Path
) -> None:
    names = ["-1", "-2", "-POISON", "-3", "-4", "-5", "-6"]
    good = [("created", name) for name in names if name != "-POISON"] + [("deleted", "-1")]

    with spoilt(stack, FUNCTION, SPOILT.format(died=str(tmp_path / "died")), "handler"):
        stack.poller.stop()  # so that all come in one batch
        for name in names:
            assert carol.put(f"users/{prefix}{name}", json=ADA).status_code == 200
        assert carol.delete(f"users/{prefix}-1").status_code == 204
        stack.poller.start(Plan.from_text((stack.home / PLAN).read_text()))
        wait_until(lambda: len(failed_events(stack, FUNCTION)) == 1 and len(archive.read()) >= len(good))

    assert (tmp_path / "died").exists()
    assert sorted(archive.read()) == sorted(good)

    assert redriven(stack, FUNCTION) == ["redriven"]

    assert sorted(archive.read()) == sorted([*good, ("created", "-POISON")])
    assert failed_events(stack, FUNCTION) == []
