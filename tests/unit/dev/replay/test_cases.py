"""Event files, and what about an outcome is not as expected."""

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
    details,
    event_files,
    ids,
    load_case,
    problems_with,
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


def case(**expect: Any) -> Case:
    return Case("orders/place", "ok", {}, expect)


def answered(status: int = 200, body: str | None = None, log: str = "", **headers: str) -> Outcome:
    return Outcome({"statusCode": status, "headers": headers, "body": body}, None, log)


def logged(*lines: str) -> Outcome:
    return Outcome(None, None, "\n".join(lines))


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


def test_event_without_expectation_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DevError, match=r"ok\.json has no ok\.expect\.json beside it"):
        load_case(event_file(tmp_path, None))


def test_unknown_expectations_are_named(tmp_path: Path) -> None:
    with pytest.raises(DevError, match=r"ok\.expect\.json is not as docs/expectations\.md says: .*stauts"):
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
        ({"body": {"id": {"IsStr": "a", "b": 1}}}, r"body\.id must contain less than or equal to 1 properties"),
        ({"hashes": ["nowhere"]}, "whose SHA-256 is nowhere in the case: 'nowhere'"),
    ],
)
def test_malformed_expectation_is_refused(tmp_path: Path, expect: dict[str, Any], problem: str) -> None:
    with pytest.raises(DevError, match=problem):
        load_case(event_file(tmp_path, {"status": 200, **expect}))


def test_file_that_holds_no_object_is_refused(tmp_path: Path) -> None:
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
    assert with_id_of_answer({"key": "MSG#ID_OF_ANSWER"}, answered(body=body)) == {"key": key}


def test_details_are_what_was_returned_and_tracebacks() -> None:
    line = json.dumps({"message": "failed", "exception": "Traceback: NameError"})

    assert list(details(Outcome({"statusCode": 500}, None, f"START\n{line}\n"))) == [
        'returned: {"statusCode": 500}',
        "Traceback: NameError",
    ]


def cursor(mark: str) -> str:
    return base64.urlsafe_b64encode(f'["901{mark}"]'.encode()).decode().rstrip("=")


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_event_files_leave_out_expectations(tmp_path: Path) -> None:
    path = event_file(tmp_path, {"status": 200})
    (path.parent / "again.json").write_text("{}")

    assert event_files(tmp_path) == [path.parent / "again.json", path]
    assert event_files(path) == [path]


EXPECTED = {
    "body": (case(status=200, body={"a": Decimal("0.1")}), answered(body='{"a": 0.1, "b": 2}')),
    "no body": (case(status=204, body=None), answered(status=204, body="")),
    "headers": (case(status=200, headers={"ETag": "1"}), answered(ETag="1", Via="x")),
    "returns": (case(returns={"failures": []}), Outcome({"failures": [], "more": 1}, None, "")),
    "raises": (case(raises="spoilt"), Outcome(None, "spoilt", "")),
}


def test_outcome_as_expected_has_no_problem(subtests: pytest.Subtests) -> None:
    for name, (wanted, outcome) in EXPECTED.items():
        with subtests.test(name):
            assert problems_with(wanted, outcome) == []


UNEXPECTED = [
    (case(status=201), answered(status=200), "answer.status is 200, not 201"),
    (case(status=200, body={"a": 1}), answered(body='{"a": 2}'), "answer.body.a is 2, not 1"),
    (case(status=200, body={"a": 1}), answered(), "answer.body is None, not {'a': 1}"),
    (case(status=200, headers={"ETag": "1"}), answered(ETag="2"), "answer.headers.ETag is '2', not '1'"),
    (case(status=200, headers={"ETag": "1"}), answered(), "answer.headers.ETag is missing"),
    (case(returns={"a": 1}), Outcome({"a": 2}, None, ""), "result.a is 2, not 1"),
    (case(status=200), Outcome(None, "spoilt", ""), "raised error is 'spoilt', not None"),
    (case(returns=None), Outcome(None, "spoilt", ""), "raised error is 'spoilt', not None"),
    (case(raises="spoilt"), answered(), "raised error is None, not 'spoilt'"),
    (case(raises="spoilt"), Outcome(None, "rotten", ""), "raised error is 'rotten', not 'spoilt'"),
]


def test_unexpected_outcome_is_reported(subtests: pytest.Subtests) -> None:
    for wanted, outcome, problem in UNEXPECTED:
        with subtests.test(wanted=wanted, outcome=outcome):
            assert problems_with(wanted, outcome) == [problem]


@pytest.mark.parametrize(
    "line",
    [
        '{"message": "stored", "level": "INFO"}',
        '2026-11-21T08:00:00.000Z {"message": "stored"}',
        '\x1b[33m[place] 2026-11-21T08:00:00 INFO\x1b[0m\t{"message": "stored"}',
    ],
    ids=["bare", "timestamp", "sam local"],
)
def test_log_line_is_found_behind_any_prefix(line: str) -> None:
    wanted = case(returns=None, logs=[{"message": "stored"}])

    assert problems_with(wanted, logged("START RequestId: 1 {", "[1, 2]", line, "END")) == []


def test_line_of_the_platform_is_no_log_line() -> None:
    wanted = case(returns=None, logs=[{"level": "INFO"}])

    problems = problems_with(wanted, logged('{"level": "INFO", "type": "platform.start"}'))

    assert problems == ["log has no line with {'level': 'INFO'} in this position"]


def test_log_may_hold_lines_between_the_expected() -> None:
    outcome = logged('{"message": "a"}', '{"message": "b"}', '{"message": "c"}')

    assert problems_with(case(returns=None, logs=[{"message": "a"}, {"message": "c"}]), outcome) == []


MISSING_LINES = {
    "no log": (["a"], [], "a"),
    "another line": (["a"], ["b"], "a"),
    "out of order": (["a", "b"], ["b", "a"], "b"),
    "one for two": (["a", "a"], ["a", "b"], "a"),
    "first of many": (["b", "a", "c"], ["a", "c"], "b"),
}


def test_missing_log_line_is_reported_once(subtests: pytest.Subtests) -> None:
    for name, (logs, lines, absent) in MISSING_LINES.items():
        with subtests.test(name):
            wanted = case(returns=None, logs=[{"message": message} for message in logs])

            problems = problems_with(wanted, logged(*(json.dumps({"message": line}) for line in lines)))

            assert problems == [f"log has no line with {{'message': '{absent}'}} in this position"]


def test_expectation_that_is_not_json_is_refused(tmp_path: Path) -> None:
    path = event_file(tmp_path, {"status": 200})
    path.with_name("ok.expect.json").write_text("{")

    with pytest.raises(DevError, match="is not JSON"):
        load_case(path)


@pytest.mark.parametrize("result", [None, [], {}, "text"])
def test_result_that_is_no_answer_is_a_problem(result: Any) -> None:
    assert problems_with(case(status=200), Outcome(result, None, ""))


def test_body_that_is_not_json_is_compared_as_text() -> None:
    assert problems_with(case(status=200, body="<p>"), answered(body="<p>")) == []


def test_fractions_in_log_lines_are_exact() -> None:
    assert (
        problems_with(case(returns=None, logs=[{"share": Decimal("0.1")}]), logged('{"message": "m", "share": 0.1}'))
        == []
    )
