"""The requests of `make run` to messages."""

import re


def test_run_walks_through_messages(first_run: str) -> None:
    answers = re.findall(r"^  ✓ (\d{3}) (\w+) +/message-groups", first_run, re.MULTILINE)
    lists = re.findall(r"^  ✓ 200 GET    /message-groups as .*?\s{2,}(.*)$", first_run, re.MULTILINE)

    assert answers == [
        *[("201", "POST")] * 2,
        ("200", "GET"),
        *[("201", "POST")] * 3,
        *[("200", "GET")] * 3,
        ("404", "GET"),
    ]
    assert lists == ["carol: Hello, Carol!; bob: Hello, Bob!", "bob: How are you?; carol: Hello, Carol!"]
