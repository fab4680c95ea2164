"""A demo message group of two members, with three messages."""

from typing import Any

ALICE, BOB = "demo-alice", "demo-bob"
GROUP = "0" * 31 + "3"
_NEW_YEAR = "2026-01-01T00:00:00.000Z"


def _in_group(sort_key: str, **more: Any) -> dict[str, Any]:
    return {"pk": f"MSG#{GROUP}", "sk": sort_key, **more}


def _message(number: int, sender: str, text: str, created_at: str) -> dict[str, Any]:
    message_id = f"{number:032x}"
    sent = {"message_uuid": message_id, "user_uuid": sender, "message": text, "created_at": created_at}
    return _in_group(f"{created_at}#{message_id}", **sent)


def _group_row(member: str, other: str, newest: dict[str, Any]) -> dict[str, Any]:
    shown = {"message_group_uuid": GROUP, "user_uuid": other, "message": newest["message"]}
    return {"pk": f"GRP#{member}", "sk": newest["sk"], **shown}


FIRST = _message(4, ALICE, "The old year ends.", "2025-12-31T23:59:59.999Z")
_SECOND = _message(5, BOB, "A new one begins.", _NEW_YEAR)
NEWEST = _message(6, ALICE, "So it does.", "2026-01-01T00:00:00.001Z")

ITEMS = {
    # The message group comes before its messages, because the stream consumer reads it.
    "MessagesTable": [
        _in_group("GROUP", message_group_uuid=GROUP, members={ALICE, BOB}, newest_sk=NEWEST["sk"]),
        _group_row(ALICE, BOB, NEWEST),
        _group_row(BOB, ALICE, NEWEST),
        FIRST,
        _SECOND,
        NEWEST,
    ],
}
