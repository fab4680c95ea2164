"""Event files: every function has some, and all follow the rules of `dev events check`."""

from collections.abc import Mapping
from typing import Any

from dev.events.check import event_problems, problems
from dev.events.new import new_case
from dev.events.sources import Application
from dev.paths import EVENTS, ROOT
from dev.replay.cases import event_files, expectations_without_event, load_case
from tests.lint.rules import check
from tests.template_facts import CONTRACT, FUNCTIONS_BY_ID, OPERATIONS, TEMPLATE

APPLICATION = Application(TEMPLATE, CONTRACT)
NAMES = [function.name for function in FUNCTIONS_BY_ID.values()]
FILES = event_files()


def test_every_function_has_a_case_that_succeeds_and_more() -> None:
    good = {name: "insert" if name.endswith(("/on_change", "/on_message")) else "ok" for name in NAMES}
    names = {name: {path.name.partition(".")[0] for path in (EVENTS / name).glob("*.json")} for name in NAMES}

    offenders = [
        *(f"events/{name}/{good[name]}.json" for name in NAMES if good[name] not in names[name]),
        *(f"events/{name}: a case for each way to fail" for name in NAMES if names[name] == {good[name]}),
    ]
    check(offenders, "Add these events")


def test_cases_named_for_success_succeed() -> None:
    """`dev replay --record` writes what happened, also a failure."""
    offenders = [
        file.relative_to(ROOT)
        for file in FILES
        if file.stem in {"ok", "insert"} and not succeeds(load_case(file).expect)
    ]

    check(offenders, "Correct these events and record them again, or rename them")


def succeeds(expect: Mapping[str, Any]) -> bool:
    match expect:
        case {"raises": _} | {"returns": {"batchItemFailures": [_, *_]}}:
            return False
        case {"status": status}:
            return bool(status < 400)
    return True


def test_every_event_is_valid() -> None:
    check((problem for file in FILES for problem in problems(file, APPLICATION)), "Correct these event files")


def test_every_expectation_has_its_event() -> None:
    check(
        (path.relative_to(EVENTS) for path in expectations_without_event()), "Add their events, or delete these files"
    )


def test_every_function_can_have_a_new_case() -> None:
    offenders = [
        f"{function.name}: {problem}"
        for function in FUNCTIONS_BY_ID.values()
        if set(function.routes) <= OPERATIONS.keys()  # tests/lint/test_contract.py reports the others
        for problem in event_problems(new_case(APPLICATION, function)[0], function, APPLICATION.sources(function))
    ]

    check(offenders, "Make valid events in dev/events/new.py")
