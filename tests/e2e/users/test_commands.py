"""Commands on the stream of users, in a fresh clone whose stack runs."""

from dev.application.stack import Status
from tests.e2e.clone import Clone


def test_status_shows_the_key_and_the_writers(status: Status) -> None:
    assert status.api_key
    assert [user.email for user in status.users if user.groups == ["writers"]] == [
        "carol@example.com",
        "dave@example.com",
    ]


def test_filter_names_dropped_records_and_the_reason(first_run: str, clone: Clone) -> None:
    assert clone.run(".venv/bin/dev filter events/users/on_change/modify.json") == (
        "OnUserChangeMapping: UsersTable to OnUserChangeFunction\n"
        '  record 1 dropped: eventName is "MODIFY", not "INSERT" or "REMOVE"\n'
    )
