"""Compares the outcome of an event with its expectation."""

import contextlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from dev.local_aws.invocation import Outcome
from dev.local_aws.logs import json_fields, structured_fields
from dev.replay.matching import Difference, Words, as_json, differences, is_matcher, pattern_or_text


def problems_with(expect: Mapping[str, Any], outcome: Outcome) -> list[Difference]:
    """Return the differences between an outcome and its expectation."""
    return [
        *_result_problems(expect, outcome),
        *_log_problems(expect.get("logs", []), outcome.log),
        *_metric_problems(expect.get("metrics", []), outcome.log),
        *_secret_problems(expect.get("not_logged", []), outcome.log),
    ]


def _result_problems(expect: Mapping[str, Any], outcome: Outcome) -> Iterable[Difference]:
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


def _log_problems(expected: list[dict[str, Any]], log: str) -> Iterable[Difference]:
    lines = [fields for fields in map(structured_fields, log.splitlines()) if fields]
    for wanted in expected:
        position = next((at for at, line in enumerate(lines) if not _differ(wanted, line)), None)
        if position is None:
            yield Difference("log line", wanted, _nearest(wanted, lines))
            return
        lines = lines[position + 1 :]


def _metric_problems(expected: list[dict[str, Any]], log: str) -> Iterable[Difference]:
    found = list(_metrics(log))
    for wanted in expected:
        if all(_differ(wanted, metric) for metric in found):
            yield Difference("metric", wanted, _nearest(wanted, found))


def _differ(expected: Mapping[str, Any], actual: Mapping[str, Any]) -> list[Difference]:
    return list(differences(expected, actual, ""))


def _nearest(wanted: Mapping[str, Any], found: list[dict[str, Any]]) -> Any:
    """Return what is like the wanted object in most of its names, or Words."""
    if not found:
        return Words("missing")
    equal = [[not _differ({name: wanted[name]}, each) for name in wanted] for each in found]
    best = max(range(len(found)), key=lambda at: sum(equal[at]))
    return {name: found[best][name] for name in wanted if name in found[best]}


def _metrics(log: str) -> Iterator[dict[str, Any]]:
    """Yield the metrics in the embedded metric format, each with the sum of its values."""
    for fields in map(json_fields, log.splitlines()):
        for directive in fields.get("_aws", {}).get("CloudWatchMetrics", []):
            dimensions = {name: fields[name] for names in directive["Dimensions"] for name in names}
            for metric in directive["Metrics"]:
                value = fields[metric["Name"]]
                total = sum(value) if isinstance(value, list) else value
                yield {"name": metric["Name"], "value": total, "dimensions": dimensions}


def _secret_problems(unwanted: list[Any], log: str) -> Iterable[Difference]:
    """Yield the texts that must not be in the log. An event in it, as after `dev up --log-events`, is ignored."""
    lines = [line for line in log.splitlines() if not isinstance(structured_fields(line).get("message"), dict)]
    log = "\n".join(lines)
    for text in unwanted:
        pattern = pattern_or_text(text) if is_matcher(text) else re.escape(text)
        for found in sorted({match[0] for match in re.finditer(pattern, log)}):
            yield Difference("log", Words(f"without {as_json(text)}"), found)
