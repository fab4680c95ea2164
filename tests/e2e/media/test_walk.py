"""The requests of `make run` to media."""

import re


def test_run_walks_through_media(first_run: str) -> None:
    answers = re.findall(r"^  ✓ (\d{3}) (\w+) +(?:/media|/shared|the form|its presigned URL)", first_run, re.MULTILINE)

    assert answers == [
        ("201", "POST"),
        ("201", "POST"),
        ("204", "POST"),
        ("200", "GET"),
        ("422", "POST"),
        ("201", "POST"),
        ("302", "GET"),
        ("200", "GET"),
        ("200", "GET"),
        ("204", "DELETE"),
        ("404", "GET"),
        ("201", "POST"),
        ("410", "GET"),
        ("204", "DELETE"),
        ("302", "GET"),
        ("200", "GET"),
        ("404", "GET"),
        ("204", "DELETE"),
        ("204", "DELETE"),
    ]
    assert "/stats  1 download\n" in first_run
