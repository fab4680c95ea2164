"""Compares the outcome of an event with its expectation."""

import contextlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from dev.local_aws.invocation import Outcome
from dev.local_aws.logs import json_fields, structured_fields
from dev.replay.matching import differences, is_matcher, pattern_or_text


def problems_with(expect: Mapping[str, Any], outcome: Outcome) -> list[str]:
    """Return the differences between an outcome and its expectation, in words."""
    return [
        *_result_problems(expect, outcome),
        *_log_problems(expect.get("logs", []), outcome.log),
        *_metric_problems(expect.get("metrics", []), outcome.log),
        *_secret_problems(expect.get("not_logged", []), outcome.log),
    ]


def details(outcome: Outcome) -> Iterator[str]:
    """Yield the details of an unexpected outcome: the result of the function, and its tracebacks."""
    if outcome.error is None:
        yield f"returned: {json.dumps(outcome.result, default=str, ensure_ascii=False)}"
    for fields in map(structured_fields, outcome.log.splitlines()):
        if "exception" in fields:
            yield str(fields["exception"])


def _result_problems(expect: Mapping[str, Any], outcome: Outcome) -> Iterable[str]:
    if outcome.error is not None or "raises" in expect:
        return differences(expect.get("raises"), outcome.error, "raised error")
    if "returns" in expect:
        return differences(expect["returns"], outcome.result, "result")
    wanted = {name: expect[name] for name in ("status", "headers", "body") if name in expect}
    return differences(wanted, answer(outcome.result), "answer")


def answer(result: Any) -> Any:
    """Return a proxy result as status, headers and parsed body. Return any other result unchanged."""
    if not isinstance(result, dict) or "statusCode" not in result:
        return result
    body = result.get("body") or "null"
    with contextlib.suppress(ValueError):
        body = json.loads(body, parse_float=Decimal)
    return {"status": result["statusCode"], "headers": result.get("headers"), "body": body}


def _log_problems(expected: list[dict[str, Any]], log: str) -> Iterable[str]:
    lines = [fields for fields in map(structured_fields, log.splitlines()) if fields]
    position = 0
    for wanted in expected:
        while position < len(lines) and list(differences(wanted, lines[position], "log")):
            position += 1
        if position == len(lines):
            yield f"log has no line with {wanted} in this position"
            return
        position += 1


def _metric_problems(expected: list[dict[str, Any]], log: str) -> Iterable[str]:
    found = list(_metrics(log))
    for wanted in expected:
        if all(list(differences(wanted, metric, "metric")) for metric in found):
            yield f"no metric is {wanted}. There are: {found}"


def _metrics(log: str) -> Iterator[dict[str, Any]]:
    """Yield the metrics in the embedded metric format, each with the sum of its values."""
    for fields in map(json_fields, log.splitlines()):
        for directive in fields.get("_aws", {}).get("CloudWatchMetrics", []):
            dimensions = {name: fields[name] for names in directive["Dimensions"] for name in names}
            for metric in directive["Metrics"]:
                value = fields[metric["Name"]]
                total = sum(value) if isinstance(value, list) else value
                yield {"name": metric["Name"], "value": total, "dimensions": dimensions}


def _secret_problems(unwanted: list[Any], log: str) -> Iterable[str]:
    for text in unwanted:
        pattern = pattern_or_text(text) if is_matcher(text) else re.escape(text)
        for found in {match[0] for match in re.finditer(pattern, log)}:
            yield f"log contains {found}, which is in not_logged"
