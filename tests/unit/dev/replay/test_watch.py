"""Which cases a change touches."""

from pathlib import Path

import pytest

from dev.paths import FUNCTIONS
from dev.replay.watch import touched

GET, LIST, CREATE = (Path(f"/events/{name}/ok.json") for name in ("books/get", "books/list", "orders/create"))


@pytest.mark.parametrize(
    ("changed", "cases"),
    [
        (LIST, [LIST]),
        (Path("/events/books/list/ok.expect.json"), [LIST]),
        (FUNCTIONS / "books" / "model.py", [GET, LIST]),
        (FUNCTIONS / "shared" / "api.py", [GET, LIST, CREATE]),
    ],
    ids=["event", "expectation", "code of a feature", "shared code"],
)
def test_change_touches_its_cases(changed: Path, cases: list[Path]) -> None:
    assert touched({changed}, [GET, LIST, CREATE]) == cases
