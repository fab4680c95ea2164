"""`dev logs`: which lines it shows, and how."""

import itertools
from types import SimpleNamespace
from typing import Any

import pytest

from dev.errors import DevError
from dev.local_aws import logs
from dev.local_aws.log_lines import Line, log_lines
from dev.local_aws.logs import Entry
from dev.local_aws.template import functions, load_yaml
from dev.logs_cli import readable
from dev.paths import TEMPLATE

FOLDER = "/home/a b/.local/tmp/ministack-lambda-shop-Get-1/code"
POWERTOOLS = '"service":"shop","cold_start":false,"function_name":"shop-Get","location":"_answer:9"'
ANSWERED = f'{{"level":"INFO","message":"rejected",{POWERTOOLS},"status":404,"code":"OrderNotFound"}}'


def logged(*messages: str, stream: str = "1", at: int = 1795713363000) -> list[Entry]:
    """Return the log of an invocation at 17:16:03."""
    report = "REPORT RequestId: r\tDuration: 11.4 ms\tBilled Duration: 12 ms"
    lines = ["START RequestId: r Version: $LATEST", *messages, "END RequestId: r", report]
    return [Entry(at, "GetOrderFunction", stream, line) for line in lines]


def shown(*messages: str) -> list[str]:
    return [str(readable(line)) for line in log_lines(logged(*messages))]


def test_answer_is_a_line_with_status_code_and_duration() -> None:
    assert shown(ANSWERED) == ["17:16:03 GetOrder 404 OrderNotFound 11ms"]


def test_fields_of_the_function_are_shown_after_the_message() -> None:
    fields = '"id":"7","names":["a","b"],"said":"two words","moved":true,"total":1.50'

    assert shown(f'{{"level":"WARNING","message":"order moved",{POWERTOOLS},{fields}}}') == [
        '17:16:03 GetOrder WARNING order moved id=7 names=a,b said="two words" moved=true total=1.5 11ms'
    ]


def test_failure_has_the_id_of_its_request_or_record() -> None:
    failed, answered = (f'{{"level":"{level}","message":"m","correlation_id":"e-1"}}' for level in ("ERROR", "INFO"))

    assert shown(failed, answered) == ["17:16:03 GetOrder ERROR m correlation_id=e-1", "17:16:03 GetOrder m 11ms"]


def test_logged_event_is_shown_as_json() -> None:
    assert shown(f'{{"level":"INFO","message":{{"httpMethod":"GET"}},{POWERTOOLS}}}') == [
        '17:16:03 GetOrder {"httpMethod":"GET"} 11ms'
    ]


def test_last_line_of_each_invocation_has_its_duration() -> None:
    together = [entry for pair in zip(logged("a", "b"), logged("c", "d", stream="2"), strict=True) for entry in pair]

    assert [(line["message"], line.get("duration_ms")) for line in log_lines(together)] == [
        *(("a", None), ("c", None)),
        *(("b", 11.4), ("d", 11.4)),
    ]


def test_platform_lines_and_metrics_are_not_shown() -> None:
    assert shown('{"_aws":{"Timestamp":1},"service":"shop","Http2xx":[1.0]}') == []


def test_traceback_follows_its_line_with_paths_of_the_repository() -> None:
    traceback = f'Traceback (most recent call last):\\n  File \\"{FOLDER}/orders/get.py\\", line 9, in get\\nKeyError'

    assert shown(f'{{"level":"ERROR","message":"failed",{POWERTOOLS},"exception":"{traceback}"}}') == [
        "17:16:03 GetOrder ERROR failed 11ms\n"
        "    Traceback (most recent call last):\n"
        '      File "functions/orders/get.py", line 9, in get\n'
        "    KeyError"
    ]


def test_traceback_that_python_printed_is_one_error() -> None:
    printed = ["Traceback (most recent call last):", '  File "/x/site-packages/lib.py", line 1, in run', "KeyError: 1"]

    assert shown(ANSWERED, *printed) == [
        "17:16:03 GetOrder 404 OrderNotFound",
        "17:16:03 GetOrder ERROR KeyError: 1 11ms\n"
        "    Traceback (most recent call last):\n"
        '      File "lib.py", line 1, in run\n'
        "    KeyError: 1",
    ]


def test_line_for_programs_has_all_fields() -> None:
    lines: list[Line] = log_lines(logged('{"level":"INFO","message":"moved","timestamp":"t","id":"7"}', "printed"))

    assert lines == [
        {"timestamp": "t", "function": "GetOrderFunction", "level": "INFO", "message": "moved", "id": "7"},
        {
            "timestamp": "2026-11-26T17:16:03.000+00:00",
            "function": "GetOrderFunction",
            "level": "INFO",
            "message": "printed",
            "duration_ms": 11.4,
        },
    ]


def test_control_characters_of_a_field_are_escaped() -> None:
    assert shown(r'{"message":"moved","id":"\u001b[2J"}') == [r'17:16:03 GetOrder moved id="\u001b[2J" 11ms']


def test_follow_yields_each_entry_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "POLL_SECONDS", 0)
    events = [{"timestamp": 20_000 + number, "logStreamName": "1", "message": str(number)} for number in range(3)]
    asked, answers = [], iter([events[:1], events[:2], events])

    def paginate(logGroupName: str, startTime: int) -> Any:  # noqa: N803
        asked.append(startTime)
        return [{"events": next(answers)}]

    client = SimpleNamespace(get_paginator=lambda _: SimpleNamespace(paginate=paginate))
    stack = SimpleNamespace(
        client=lambda _: client,
        resources=lambda: {"AWS::Logs::LogGroup": {"GetOrderLogGroup": "orders"}},
        project=SimpleNamespace(template=TEMPLATE),
    )

    batches = itertools.islice(logs.follow(stack, [], 5), 3)  # type: ignore[arg-type]

    assert [[entry.message for entry in batch] for batch in batches] == [["0"], ["1"], ["2"]]
    assert asked == [5, 10_000, 10_001]


def test_function_that_is_not_deployed_has_no_log() -> None:
    stack = SimpleNamespace(resources=dict, project=SimpleNamespace(template=TEMPLATE))
    name = next(iter(functions(load_yaml(TEMPLATE))))

    with pytest.raises(DevError, match=f"^{name} is not deployed. Deploy it with: dev up$"):
        logs.read(stack, [name])  # type: ignore[arg-type]
