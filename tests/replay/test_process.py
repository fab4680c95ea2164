"""Every event file, in this process on AWS in memory."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dev.application.stack import Stack
from dev.replay.cases import MARK, load_case
from dev.replay.targets import Target, target
from tests.replay import EVERY_EVENT


@pytest.fixture(scope="module")
def process() -> Iterator[Target]:
    with target("process", Stack()) as place:
        yield place


@pytest.mark.allow_hosts(["127.0.0.1"])  # the issuer of tokens
def test_outcome_is_as_expected(process: Target, path: Path) -> None:
    assert process.run(load_case(path)) == []


def test_callers_in_event_files_have_ids_of_the_case() -> None:
    strangers = []
    for case in map(load_case, EVERY_EVENT):
        claims = case.event.get("requestContext", {}).get("authorizer", {}).get("claims", {})
        callers = [claims[name] for name in ("sub", "custom:customer_id") if claims.get(name)]
        strangers += [f"{case}: {caller}" for caller in callers if MARK not in caller]

    assert strangers == []
