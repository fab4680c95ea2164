"""The background process: started once for a plan, again for another, and ended in order."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dev.local_aws.event_sources.deployed_mappings import DeployedMapping, Plan
from dev.local_aws.event_sources.service import StreamPoller
from tests.unit.dev.local_aws.event_sources.stream_records import STREAM_ARN
from tests.waiting import wait_until

NOBODY = "http://127.0.0.1:9"
PLAN = Plan(
    NOBODY,
    (
        DeployedMapping(
            "OnOrderChangeMapping",
            "uuid",
            {
                "EventSourceArn": {"Fn::GetAtt": "OrdersTable.StreamArn"},
                "FunctionName": {"Ref": "OnOrderChangeFunction"},
                "StartingPosition": "TRIM_HORIZON",
            },
            STREAM_ARN,
            "arn:function",
            None,
        ),
    ),
)


@pytest.fixture
def poller(tmp_path: Path) -> Iterator[StreamPoller]:
    poller = StreamPoller(tmp_path)
    yield poller
    poller.stop(deliver=False)


def pid(poller: StreamPoller) -> int | None:
    process = poller.daemon.process()
    return None if process is None else process.pid


def test_plan_survives_its_text() -> None:
    assert Plan.from_text(PLAN.to_text()) == PLAN


def test_same_plan_keeps_the_process_another_replaces_it_and_one_without_mappings_ends_it(poller: StreamPoller) -> None:
    """The emulator is away: the poller waits for it, and ends in order."""
    poller.start(PLAN)
    before = pid(poller)

    poller.start(PLAN)
    assert pid(poller) == before

    poller.start(replace(PLAN, endpoint_url="http://127.0.0.1:10"))
    assert pid(poller) not in {None, before}
    wait_until(lambda: "trying again" in poller.daemon.last_lines())

    poller.start(Plan(NOBODY, ()))
    assert (pid(poller), poller.is_missing()) == (None, False)
    assert poller.daemon.last_lines(1).endswith("stopped")
    assert poller.stop() is False


def test_poller_is_missing_before_its_start_and_after_its_end(poller: StreamPoller) -> None:
    """An interrupted `dev up` has deployed the stack, and has written no plan."""
    assert poller.is_missing()

    poller.start(PLAN)
    assert not poller.is_missing()

    poller.stop(deliver=False)
    assert poller.is_missing()


def test_undelivered_records_are_reported_until_the_next_start(poller: StreamPoller) -> None:
    started, complaint, stopped = "polling for A, B", "A: the newest records of its stream are not delivered", "stopped"
    log = "".join(f"2026-11-21 12:31:15,991 {line}\n" for line in (started, complaint, stopped))
    poller.daemon.log.write_text(log)
    assert poller.complaints() == [complaint]

    poller.daemon.log.write_text(f"{log}2026-11-21 12:32:00,000 {started}\n")
    assert poller.complaints() == []
