"""Saying and listing over HTTP."""

from typing import Any

import httpx

GROUPS = "message-groups"


def say(client: httpx.Client, group: dict[str, Any], text: str, **headers: str) -> dict[str, Any]:
    answer = client.post(f"{GROUPS}/{group['id']}/messages", json={"message": text}, headers=headers)
    assert answer.status_code == 201, answer.text
    said: dict[str, Any] = answer.json()
    return said


def listed(client: httpx.Client, path: str, **query: Any) -> list[dict[str, Any]]:
    """Return the items of every page."""
    found: list[dict[str, Any]] = []
    cursor: dict[str, str] | None = {}
    while cursor is not None:
        answer = client.get(path, params=query | cursor)
        assert answer.status_code == 200, answer.text
        found += answer.json()["items"]
        next_cursor = answer.json()["next_cursor"]
        cursor = {"cursor": next_cursor} if next_cursor else None
    return found


def newest(client: httpx.Client) -> tuple[str, str]:
    """Return id and text of the message group on top of a list."""
    first = client.get(GROUPS, params={"limit": 1}).json()["items"][0]
    return first["id"], first["message"]
