"""The requests of `make run` to products."""

import re


def test_run_walks_through_products(first_run: str) -> None:
    answers = re.findall(r"^  ✓ (\d{3}) (\w+) +/customers", first_run, re.MULTILINE)
    changes = re.findall(r"^  ✓ (INSERT|MODIFY|REMOVE) ", first_run, re.MULTILINE)

    assert answers == [
        ("201", "POST"),
        ("200", "GET"),
        ("200", "GET"),
        ("200", "PATCH"),
        ("412", "PATCH"),
        ("204", "DELETE"),
        ("404", "GET"),
    ]
    assert changes == ["INSERT", "MODIFY", "REMOVE"]
