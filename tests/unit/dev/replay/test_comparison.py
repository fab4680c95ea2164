"""What about the outcome of an event is not as expected."""

import json
from decimal import Decimal
from typing import Any

import pytest

from dev.local_aws.invocation import Outcome
from dev.replay.comparison import problems_with
from dev.replay.matching import Difference


def answered(status: int = 200, body: str | None = None, log: str = "", **headers: str) -> Outcome:
    return Outcome({"statusCode": status, "headers": headers, "body": body}, None, log)


def logged(*lines: str) -> Outcome:
    return Outcome(None, None, "\n".join(lines))


EXPECTED: dict[str, tuple[dict[str, Any], Outcome]] = {
    "body": ({"status": 200, "body": {"a": Decimal("0.1")}}, answered(body='{"a": 0.1, "b": 2}')),
    "no body": ({"status": 204, "body": None}, answered(status=204, body="")),
    "headers": ({"status": 200, "headers": {"ETag": "1"}}, answered(ETag="1", Via="x")),
    "returns": ({"returns": {"failures": []}}, Outcome({"failures": [], "more": 1}, None, "")),
    "raises": ({"raises": "spoilt"}, Outcome(None, "spoilt", "")),
}


def test_outcome_as_expected_has_no_problem(subtests: pytest.Subtests) -> None:
    for name, (wanted, outcome) in EXPECTED.items():
        with subtests.test(name):
            assert problems_with(wanted, outcome) == []


UNEXPECTED: list[tuple[dict[str, Any], Outcome, str]] = [
    ({"status": 201}, answered(status=200), "answer.status is 200, not 201"),
    ({"status": 200, "body": {"a": 1}}, answered(body='{"a": 2}'), "answer.body.a is 2, not 1"),
    ({"status": 200, "body": {"a": 1}}, answered(), 'answer.body is null, not {"a": 1}'),
    ({"status": 200, "headers": {"ETag": "1"}}, answered(ETag="2"), 'answer.headers.ETag is "2", not "1"'),
    ({"status": 200, "headers": {"ETag": "1"}}, answered(), 'answer.headers.ETag is missing, not "1"'),
    ({"returns": {"a": 1}}, Outcome({"a": 2}, None, ""), "result.a is 2, not 1"),
    ({"status": 200}, Outcome(None, "spoilt", ""), 'raised error is "spoilt", not null'),
    ({"returns": None}, Outcome(None, "spoilt", ""), 'raised error is "spoilt", not null'),
    ({"raises": "spoilt"}, answered(), 'raised error is null, not "spoilt"'),
    ({"raises": "spoilt"}, Outcome(None, "rotten", ""), 'raised error is "rotten", not "spoilt"'),
]


def test_unexpected_outcome_is_reported(subtests: pytest.Subtests) -> None:
    for wanted, outcome, problem in UNEXPECTED:
        with subtests.test(wanted=wanted, outcome=outcome):
            assert list(map(str, problems_with(wanted, outcome))) == [problem]


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
    wanted = {"returns": None, "logs": [{"message": "stored"}]}

    assert problems_with(wanted, logged("START RequestId: 1 {", "[1, 2]", line, "END")) == []


def test_line_of_the_platform_is_no_log_line() -> None:
    wanted = {"returns": None, "logs": [{"level": "INFO"}]}

    problems = problems_with(wanted, logged('{"level": "INFO", "type": "platform.start"}'))

    assert list(map(str, problems)) == ['log line is missing, not {"level": "INFO"}']


def test_log_may_hold_lines_between_the_expected() -> None:
    outcome = logged('{"message": "a"}', '{"message": "b"}', '{"message": "c"}')

    assert problems_with({"returns": None, "logs": [{"message": "a"}, {"message": "c"}]}, outcome) == []


MISSING_LINES: dict[str, tuple[list[str], list[str], str]] = {
    "no log": (["a"], [], 'log line is missing, not {"message": "a"}'),
    "another line": (["a"], ["b"], 'log line is {"message": "b"}, not {"message": "a"}'),
    "out of order": (["a", "b"], ["b", "a"], 'log line is missing, not {"message": "b"}'),
    "one for two": (["a", "a"], ["a", "b"], 'log line is {"message": "b"}, not {"message": "a"}'),
    "first of many": (["b", "a", "c"], ["a", "c"], 'log line is {"message": "a"}, not {"message": "b"}'),
}


def test_missing_log_line_is_reported_once(subtests: pytest.Subtests) -> None:
    for name, (logs, lines, problem) in MISSING_LINES.items():
        with subtests.test(name):
            wanted = {"returns": None, "logs": [{"message": message} for message in logs]}

            problems = problems_with(wanted, logged(*(json.dumps({"message": line}) for line in lines)))

            assert list(map(str, problems)) == [problem]


def test_nearest_log_line_is_reported() -> None:
    lines = ['{"message": "a", "n": 1}', '{"message": "b", "n": 1, "more": 1}', '{"message": "c", "n": 1}']

    problems = problems_with({"returns": None, "logs": [{"message": "b", "n": 2}]}, logged(*lines))

    assert list(map(str, problems)) == ['log line is {"message": "b", "n": 1}, not {"message": "b", "n": 2}']


@pytest.mark.parametrize("result", [None, [], {}, "text"])
def test_result_that_is_no_answer_is_a_problem(result: Any) -> None:
    assert problems_with({"status": 200}, Outcome(result, None, ""))


def test_body_that_is_not_json_is_compared_as_text() -> None:
    assert problems_with({"status": 200, "body": "<p>"}, answered(body="<p>")) == []


def test_fractions_in_log_lines_are_exact() -> None:
    assert (
        problems_with({"returns": None, "logs": [{"share": Decimal("0.1")}]}, logged('{"message": "m", "share": 0.1}'))
        == []
    )


METRIC = json.dumps(
    {
        "_aws": {"CloudWatchMetrics": [{"Dimensions": [["service"]], "Metrics": [{"Name": "Sold"}, {"Name": "Lost"}]}]},
        "service": "shop",
        "Sold": [1.0, 2.0],
        "Lost": 0,
    }
)


@pytest.mark.parametrize(
    "metric",
    [{"name": "Sold"}, {"name": "Sold", "value": 3, "dimensions": {"service": {"IsStr": "sh.+"}}}, {"name": "Lost"}],
)
def test_logged_metric_is_as_expected(metric: dict[str, Any]) -> None:
    assert problems_with({"returns": None, "metrics": [metric]}, logged("START {", f"\x1b[0m\t{METRIC}")) == []


@pytest.mark.parametrize(
    ("metric", "nearest"),
    [
        ({"name": "Stolen"}, {"name": "Sold"}),
        ({"name": "Sold", "value": 1}, {"name": "Sold", "value": 3}),
        ({"name": "Lost", "dimensions": {"service": "mall"}}, {"name": "Lost", "dimensions": {"service": "shop"}}),
    ],
)
def test_other_metric_is_reported(metric: dict[str, Any], nearest: dict[str, Any]) -> None:
    expect = {"returns": None, "metrics": [metric]}

    assert problems_with(expect, logged(METRIC)) == [Difference("metric", metric, nearest)]


@pytest.mark.parametrize("unwanted", ["a.b", {"IsStr": "a[.]b"}])
def test_text_that_must_not_be_logged_is_reported(unwanted: Any) -> None:
    expect = {"returns": None, "not_logged": [unwanted]}

    assert problems_with(expect, logged("axb", '{"message": "a-b"}')) == []
    (problem,) = problems_with(expect, logged("END", '{"message": "a.b a.b"}'))
    assert problem.actual == "a.b"
    assert problems_with(expect, logged("END", '{"message": {"an event": "a.b"}}')) == []
