"""Messages: two message groups of three users in one table, and a stream consumer that updates their lists."""

from typing import Any

import httpx

from dev.application.stack import Stack
from dev.application.walkthrough.steps import Headers, Show, Steps
from dev.errors import DevError

GROUPS = "message-groups"
ONE_EACH = {"limit": 2}
"""Message groups are never deleted: a list begins with the two that this walk began."""
KEY = {"Idempotency-Key": "demo"}
LAST = "How are you?"


def walk(stack: Stack, show: Show) -> None:
    show.pattern("Messages: one table", "alice writes to bob and carol; a stream updates their lists")
    subs = {user.email.partition("@")[0]: user.sub for user in stack.status().users}
    alice, bob, carol = ({"Authorization": stack.token(name)} for name in ("alice", "bob", "carol"))
    with stack.http() as http:
        step = Steps(http, show, _summary)
        step.called.update({sub: name for name, sub in subs.items()})
        with_bob = _begin(step, alice, subs["bob"], "Hello, Bob!")
        with_carol = _begin(step, alice, subs["carol"], "Hello, Carol!")
        step.called.update({with_bob: "{id}", with_carol: "{other id}"})
        _require_order(step(200, "GET", GROUPS, " as alice", alice, params=ONE_EACH), with_carol, with_bob)
        said = f"{GROUPS}/{with_bob}/messages"
        step(201, "POST", said, " as bob", bob, json={"message": "Hello, Alice!"})
        _say_twice(step, said, bob)
        listed = step(200, "GET", GROUPS, " as alice, again", alice, until=_is_moved, params=ONE_EACH)
        _require_order(listed, with_bob, with_carol)
        page = step(200, "GET", said, " as alice, two at a time", alice, params={"limit": 2}).json()
        step(200, "GET", said, " its next page", alice, params={"cursor": page["next_cursor"]})
        step(404, "GET", said, " as carol", carol)


def _begin(step: Steps, alice: Headers, other: str, text: str) -> str:
    """Return the id of a new message group."""
    group: str = step(201, "POST", GROUPS, " as alice", alice, json={"to": other, "message": text}).json()["id"]
    return group


def _say_twice(step: Steps, said: str, bob: Headers) -> None:
    """Send the same request twice, as a client does that lost the answer."""
    first, repeat = (
        step(201, "POST", said, note, bob, headers=KEY, json={"message": LAST}) for note in (" as bob", ", repeated")
    )
    if first.json() != repeat.json():
        raise DevError(f"One Idempotency-Key gave two messages: {first.text} and {repeat.text}")


def _require_order(listed: httpx.Response, *expected: str) -> None:
    if _ids(listed) != list(expected):
        raise DevError(f"The list should hold {', '.join(expected)}: {listed.text}")


def _is_moved(listed: httpx.Response) -> bool:
    return bool(listed.json()["items"][0]["message"] == LAST)


def _ids(listed: httpx.Response) -> list[str]:
    return [item["id"] for item in listed.json()["items"]]


def _summary(body: dict[str, Any]) -> str:
    """Return messages with their senders or recipients; for a list, in its order."""
    said = body.get("items", [body])
    return "; ".join(f"{item.get('from') or item['with']}: {item['message']}" for item in said)
