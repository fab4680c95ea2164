"""New cases: valid events with the contract's examples, and the expectation of a first outcome."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from dev import events_cli
from dev.application import project
from dev.errors import DevError
from dev.events import files
from dev.events.new import new_case
from dev.events.sources import Application
from tests.unit.dev.events.notes import APPLICATION, CONTRACT, TEMPLATE, problems_of


@pytest.mark.parametrize(
    ("function", "expect"),
    [
        ("notes/create", {"status": 201}),
        ("notes/on_change", {"returns": {"batchItemFailures": []}}),
        (
            "notes/on_file",
            {
                "given": {
                    "FilesBucket": [
                        {
                            "key": "uploads/EXAMPLE-c0ffee000000",
                            "base64": "ZXhhbXBsZQ==",
                            "content_type": "text/plain",
                        }
                    ]
                },
                "returns": None,
            },
        ),
        ("notes/authorize", {"returns": {}}),
    ],
)
def test_a_new_event_is_valid(function: str, expect: dict[str, Any]) -> None:
    event, expectation = new_case(APPLICATION, APPLICATION.functions[function])

    assert problems_of(function, event) == []
    assert expectation == expect


def test_a_new_request_has_the_path_and_the_body_of_the_contract() -> None:
    event, _ = new_case(APPLICATION, APPLICATION.functions["notes/create"])

    assert event["path"] == "/notes/00000000000000000000c0ffee000000"
    assert json.loads(event["body"]) == {"text": "example", "kind": "memo", "size": 1}
    assert event["requestContext"]["authorizer"]["claims"]["token_use"] == "id"


def test_a_new_record_is_one_that_the_mapping_delivers() -> None:
    template = copy.deepcopy(TEMPLATE)
    template["Resources"]["OnNoteMapping"]["Properties"]["FilterCriteria"] = {
        "Filters": [{"Pattern": '{"eventName": ["REMOVE"]}'}]
    }
    application = Application(template, CONTRACT)

    event, _ = new_case(application, application.functions["notes/on_change"])

    assert event["Records"][0]["eventName"] == "REMOVE"
    assert "NewImage" not in event["Records"][0]["dynamodb"]


def test_a_record_without_demo_data_is_to_be_completed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(project, "load_template", lambda: TEMPLATE)
    monkeypatch.setattr(project, "load_openapi", lambda: CONTRACT)
    monkeypatch.setattr(events_cli, "ROOT", tmp_path)
    monkeypatch.setattr(events_cli, "EVENTS", tmp_path / "events")

    done = CliRunner().invoke(events_cli.app, ["new", "notes/on_change", "ok"])

    message = "NotesTable has no demo data: complete NewImage, or add dev/application/demo_data/notes.py first."
    assert message in done.stdout.splitlines()


@pytest.mark.parametrize("deleted", ["new.json", "new.expect.json"])
def test_neither_file_of_a_case_is_overwritten(tmp_path: Path, deleted: str) -> None:
    written = files.write(tmp_path, "new", {"a": 1}, {"status": 200})
    (tmp_path / deleted).unlink()
    (kept,) = {*written} - {tmp_path / deleted}
    before = kept.read_text()

    with pytest.raises(DevError, match=f"^{kept} exists"):
        files.write(tmp_path, "new", {}, {})

    assert (kept.read_text(), [*tmp_path.iterdir()]) == (before, [kept])


@pytest.mark.parametrize("case", ["../new", "new_case", "a b/c", ""])
def test_a_case_has_a_name_that_is_a_file_name(tmp_path: Path, case: str) -> None:
    with pytest.raises(DevError, match=r"is not a valid name of a case\. Use lower-case letters, digits and dashes"):
        files.write(tmp_path, case, {}, {})
