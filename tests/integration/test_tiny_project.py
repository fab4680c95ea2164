"""A project with nothing in common with this application, deployed by dev/local_aws."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from dev.local_aws.logs import function_log
from dev.local_aws.project import Project
from dev.local_aws.stack import LocalStack
from tests.waiting import DEADLINE_SECONDS, wait_until

ROOT = Path(__file__).with_name("tiny_project")


@pytest.fixture
def tiny(tmp_path: Path) -> Iterator[LocalStack]:
    project = Project(ROOT / "template.yaml", ROOT / "openapi.yaml", ROOT / "functions")
    stack = LocalStack(tmp_path / "home", tmp_path / "build" / "out", 0, "tiny", project)
    try:
        stack.up(lambda _: None)
        yield stack
    finally:
        stack.down(lambda _: None, delete=True)


@pytest.mark.slow
def test_direct_route_writes_and_stream_consumer_reads(tiny: LocalStack) -> None:
    answer = httpx.put(f"{tiny.api_url()}/notes/n1", timeout=DEADLINE_SECONDS, trust_env=False)

    assert (answer.status_code, answer.json()) == (200, {"stored": True})
    wait_until(lambda: [entry.fields.get("id") for entry in function_log(tiny, "OnNoteFunction")].count("n1") == 1)
