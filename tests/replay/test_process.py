"""Every event file, in this process on AWS in memory."""

import functools
import json
from collections.abc import Iterator
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from dev.application.stack import Stack
from dev.local_aws.invocation import Outcome
from dev.local_aws.template import Function
from dev.replay.cases import MARK, Case, load_case
from dev.replay.targets import Target, open_target
from tests.grants import GRANTS, OF_LAMBDA, UNCALLED
from tests.lint.rules import check
from tests.replay import EVERY_EVENT, check_case
from tests.replay.calls import Calls
from tests.replay.personal_data import personal_texts, texts
from tests.template_facts import CONTRACT, OPERATIONS

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])  # the issuer of tokens


class Process:
    """Runs each event file once. `calls` and `runs` are of those that ran."""

    def __init__(self, target: Target) -> None:
        self.calls = Calls(target)
        self.runs: list[tuple[Case, dict[str, Any], Outcome]] = []
        self._invoke = self.calls.recorded(target.invoke)
        self._target = target
        self.run = functools.cache(self._run)

    def _run(self, path: Path) -> list[str]:
        case = load_case(path)

        def invoke(function: Function, event: dict[str, Any]) -> Outcome:
            outcome = self._invoke(function, event)
            self.runs.append((case, event, outcome))
            return outcome

        return replace(self._target, invoke=invoke).run(case)


@pytest.fixture(scope="module")
def process() -> Iterator[Process]:
    with open_target("process", Stack()) as target:
        yield Process(target)


def test_outcome_is_as_expected(process: Process, path: Path) -> None:
    check_case(process.run(path))


def test_roles_grant_what_the_code_calls_and_nothing_else(process: Process) -> None:
    for path in EVERY_EVENT:
        process.run(path)

    offenders = []
    for function, places in GRANTS.items():
        granted = {f"{action} on {place}" for place, actions in places.items() for action in actions}
        calls, uncalled = process.calls.made[function], UNCALLED.get(function, set())
        used = {grant for grant in granted if any(fnmatchcase(call, grant) for call in calls)}
        offenders += [f"{function}: {each} is not granted" for each in calls if not _matches(each, granted)]
        offenders += [
            f"{function}: {each} is not used" for each in granted - used - uncalled if not OF_LAMBDA.fullmatch(each)
        ]
        offenders += [
            f"{function}: {each} is in UNCALLED, but used or not granted" for each in uncalled - (granted - used)
        ]
    check(
        sorted(offenders),
        "Grant in template.yaml what events/ makes the code call, or add the reason to UNCALLED in tests/grants",
    )


def _matches(call: str, granted: set[str]) -> bool:
    return any(fnmatchcase(call, grant) for grant in granted)


def test_logs_contain_no_personal_data(process: Process) -> None:
    for path in EVERY_EVENT:
        process.run(path)

    offenders = []
    for case, event, outcome in process.runs:
        logged = list(texts([json.loads(line) for line in outcome.log.splitlines()]))
        assert logged, case
        personal = personal_texts(case, event, outcome.result)
        offenders += [f"{case}: {text!r}" for text in sorted(personal) if any(text in each for each in logged)]
    check(offenders, "Log ids only")


def test_answers_match_the_contract(process: Process) -> None:
    for path in EVERY_EVENT:
        process.run(path)

    offenders = [
        f"{case}: {error.json_path.replace('$', 'body', 1)}: {error.message}"
        for case, event, outcome in process.runs
        if outcome.result and outcome.result.get("headers", {}).get("Content-Type") == "application/json"
        for error in Draft202012Validator(schema(event, outcome.result)).iter_errors(json.loads(outcome.result["body"]))
    ]
    check(offenders, "Return what api/openapi.yaml says of the response, or correct it there")


def schema(event: dict[str, Any], answer: dict[str, Any]) -> Any:
    """Return the contract's schema for an answer. Without one, no body is allowed."""
    responses = OPERATIONS[event["httpMethod"], event["resource"]]["responses"]
    content = responses.get(str(answer["statusCode"]), {}).get("content", {})
    described = content.get("application/json", {}).get("schema", {"not": {}})
    return strict(described | {"components": CONTRACT["components"]})


def strict(part: Any) -> Any:
    """Return a part of the contract as JSON Schema that rejects unknown fields."""
    if isinstance(part, list):
        return [strict(each) for each in part]
    if not isinstance(part, dict):
        return part
    found = {name: strict(each) for name, each in part.items()}
    if "properties" in found:
        found.setdefault("additionalProperties", False)
    if found.get("nullable") is True:  # of OpenAPI 3.0
        found["type"] = [found["type"], "null"]
    return found


def test_callers_in_event_files_have_ids_of_the_case() -> None:
    strangers = []
    for case in map(load_case, EVERY_EVENT):
        claims = case.event.get("requestContext", {}).get("authorizer", {}).get("claims", {})
        callers = [claims[name] for name in ("sub", "custom:customer_id") if claims.get(name)]
        strangers += [f"{case}: {caller}" for caller in callers if MARK not in caller]

    assert strangers == []
