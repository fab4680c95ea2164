"""Event files and their expectations."""

import base64
import hashlib
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from dev.errors import DevError
from dev.local_aws.invocation import Outcome
from dev.replay.cases import (
    Case,
    event_files,
    expectations_without_event,
    ids,
    load_case,
    with_id_of_answer,
    with_mark,
)


def event_file(root: Path, expect: dict[str, Any] | None) -> Path:
    path = root / "events" / "orders" / "place" / "ok.json"
    path.parent.mkdir(parents=True)
    path.write_text('{"body": "hello"}')
    if expect is not None:
        path.with_name("ok.expect.json").write_text(json.dumps(expect))
    return path


def test_case_is_named_by_its_folders(tmp_path: Path) -> None:
    loaded = load_case(event_file(tmp_path, {"status": 200}))

    assert loaded == Case("orders/place", "ok", {"body": "hello"}, {"status": 200})
    assert str(loaded) == "orders/place/ok"


def test_fractions_are_expected_exactly(tmp_path: Path) -> None:
    loaded = load_case(event_file(tmp_path, {"status": 200, "body": {"balance": 0.1}}))

    assert loaded.expect["body"]["balance"] == Decimal("0.1")


def test_sets_of_texts_are_expected(tmp_path: Path) -> None:
    loaded = load_case(event_file(tmp_path, {"status": 200, "given": {"orders": [{"tags": {"SS": ["b", "a"]}}]}}))

    assert loaded.expect["given"] == {"orders": [{"tags": {"a", "b"}}]}


def test_event_without_expectation_is_rejected(tmp_path: Path) -> None:
    with pytest.raises(DevError, match=r"ok\.json has no ok\.expect\.json beside it"):
        load_case(event_file(tmp_path, None))


def test_unknown_expectations_are_named(tmp_path: Path) -> None:
    with pytest.raises(
        DevError, match=r"ok\.expect\.json is not a valid expectation, see docs/expectations\.md: .*stauts"
    ):
        load_case(event_file(tmp_path, {"stauts": 200, "returns": {}}))


@pytest.mark.parametrize(
    "expect",
    [{}, {"body": {}, "logs": []}, {"status": 200, "raises": "E"}, {"status": 200, "returns": {}, "raises": "E"}],
    ids=["nothing", "no outcome", "two", "three"],
)
def test_expectation_needs_one_outcome(tmp_path: Path, expect: dict[str, Any]) -> None:
    with pytest.raises(DevError, match="needs exactly one of: status, returns, raises"):
        load_case(event_file(tmp_path, expect))


@pytest.mark.parametrize(
    ("expect", "problem"),
    [
        ({"given": []}, r"given must be object"),
        ({"given": {"orders": [{"id": {"IsStr": True}}]}}, r"given\.orders\[0\]\.id\.IsStr must not be there"),
        ({"given": {"orders": [{"tags": {"SS": [1]}}]}}, r"SS\[0\] must be string"),
        ({"changes": {"orders": [{"key": {}}]}}, r"changes\.orders\[0\] must contain \['after'\]"),
        ({"body": {"id": {"IsUUID": "a"}}}, r"body\.id\.IsUUID must be one of"),
        ({"body": {"id": {"IsStr": "("}}}, r"body\.id\.IsStr must be a valid regex"),
        ({"metrics": [{"value": 1}]}, r"metrics\[0\] must contain \['name'\]"),
        ({"not_logged": [""]}, r"not_logged\[0\] must be longer than"),
        ({"not_logged": [{"IsUUID": True}]}, r"not_logged\[0\] must contain \['IsStr'\]"),
        ({"body": {"id": {"IsStr": "a", "b": 1}}}, r"body\.id must contain less than or equal to 1 properties"),
        ({"body": {"id": {"IsString": True}}}, r"body\.id\.IsString must not be there"),
        ({"hashes": ["nowhere"]}, "whose SHA-256 is nowhere in the case: 'nowhere'"),
    ],
)
def test_malformed_expectation_is_rejected(tmp_path: Path, expect: dict[str, Any], problem: str) -> None:
    with pytest.raises(DevError, match=problem):
        load_case(event_file(tmp_path, {"status": 200, **expect}))


def test_file_that_holds_no_object_is_rejected(tmp_path: Path) -> None:
    path = event_file(tmp_path, {"status": 200})
    path.write_text("[]")

    with pytest.raises(DevError, match=r"ok\.json is not a JSON object"):
        load_case(path)


def test_ids_of_a_run_replace_those_of_the_files_everywhere() -> None:
    token = "901c0ffee000000-secret"
    event = {
        "path": "/a/901c0ffee000000",
        "body": '{"to": "b-c0ffee000000"}',
        "query": {"cursor": cursor("c0ffee000000")},
    }
    expect = {"given": {"T": [{"links": {sha256(token): {"SS": 1}}, "of": {"b-c0ffee000000"}}]}, "hashes": [token]}

    own = with_mark(Case("f", "case", event, expect), "0123456789ab")

    assert own.event == {
        "path": "/a/9010123456789ab",
        "body": '{"to": "b-0123456789ab"}',
        "query": {"cursor": cursor("0123456789ab")},
    }
    assert own.expect["given"] == {
        "T": [{"links": {sha256("9010123456789ab-secret"): {"SS": 1}}, "of": {"b-0123456789ab"}}]
    }


def test_ids_of_a_case_end_with_its_mark() -> None:
    event = {"path": "/a/901c0ffee000000", "key": "x/1-2-c0ffee000000/y", "token": "901c0ffee000000AbC", "c0ffee": 1}

    assert ids(Case("f", "case", event, {}), "c0ffee000000") == {"901c0ffee000000", "1-2-c0ffee000000"}


@pytest.mark.parametrize(
    ("body", "key"), [('{"id": "1"}', "MSG#1"), ("{}", "MSG#ID_OF_ANSWER"), ("", "MSG#ID_OF_ANSWER")]
)
def test_answered_id_is_filled_in(body: str, key: str) -> None:
    assert with_id_of_answer({"key": "MSG#ID_OF_ANSWER"}, Outcome({"statusCode": 201, "body": body}, None, "")) == {
        "key": key
    }


def cursor(mark: str) -> str:
    return base64.urlsafe_b64encode(f'["901{mark}"]'.encode()).decode().rstrip("=")


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_event_files_leave_out_expectations(tmp_path: Path) -> None:
    path = event_file(tmp_path, {"status": 200})
    (path.parent / "again.json").write_text("{}")

    assert event_files(tmp_path) == [path.parent / "again.json", path]
    assert event_files(path) == [path]


def test_expectation_without_event_is_found(tmp_path: Path) -> None:
    path = event_file(tmp_path, {"status": 200})
    assert expectations_without_event(tmp_path, path) == []

    path.unlink()

    assert expectations_without_event(tmp_path) == [path.with_name("ok.expect.json")]


def test_event_file_that_is_named_twice_is_one(tmp_path: Path) -> None:
    path = event_file(tmp_path, {"status": 200})

    assert event_files(path, tmp_path) == [path]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "is not JSON"),
        ('{"status": 200, "body": {"a": 1, "a": 2}}', "an object has a more than once"),
        ('{"status": 200, "body": NaN}', "NaN is not a number"),
    ],
)
def test_expectation_that_is_not_json_is_rejected(tmp_path: Path, text: str, problem: str) -> None:
    path = event_file(tmp_path, {"status": 200})
    path.with_name("ok.expect.json").write_text(text)

    with pytest.raises(DevError, match=problem):
        load_case(path)
