"""The requests of `make run` to users."""

import re


def test_run_walks_through_users(first_run: str) -> None:
    answers = re.findall(r"^  ✓ (\d{3}) (\w+) +/users", first_run, re.MULTILINE)
    archived = re.findall(r"^  ✓ (created|deleted) demo-ada", first_run, re.MULTILINE)

    assert answers == [
        ("403", "GET"),
        ("200", "GET"),
        ("401", "PUT"),
        ("403", "PUT"),
        ("200", "PUT"),
        ("200", "GET"),
        ("200", "PUT"),
        ("200", "GET"),
        ("200", "GET"),
        ("409", "PUT"),
        ("200", "PUT"),
        ("404", "DELETE"),
        ("204", "DELETE"),
        ("204", "DELETE"),
        ("200", "GET"),
        ("429", "GET"),
    ]
    assert re.findall(r"  (\d) users?", first_run) == ["0", "1", "2", "0"]
    assert archived == ["created", "deleted"]
    assert "the MODIFY between them was not delivered" in first_run
