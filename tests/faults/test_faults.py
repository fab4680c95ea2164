"""Single and double faults of every call of every event: all with --all-faults, a sample otherwise."""

from pathlib import Path

import pytest

from dev.paths import EVENTS
from dev.replay.cases import load_case
from tests.faults.harness import AGAIN, Harness, double_faults, single_faults
from tests.lint.rules import check
from tests.replay import EVERY_EVENT, ONE_OF_EACH_OUTCOME

FOLDERS = sorted({path.parent for path in EVERY_EVENT})
SAMPLE = 5
"""One of so many faults is in the sample. It is prime, so the sample has faults of each kind."""


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: str(path.relative_to(EVENTS)))
def test_faults_do_no_harm(harness: Harness, folder: Path, pytestconfig: pytest.Config) -> None:
    is_complete = pytestconfig.getoption("--all-faults")
    events = EVERY_EVENT if is_complete else ONE_OF_EACH_OUTCOME
    cases = [load_case(path) for path in events if path.parent == folder]
    single = [(case, plan) for case in cases for plan in single_faults(harness.history(case).calls)]
    double = [(case, plan) for case in cases for plan in double_faults(harness.history(case).calls)]
    if not is_complete:
        single, double = single[::SAMPLE], double[::SAMPLE]

    found = [f"{case} {plan} {text}" for case, plan in [*single, *double] if (text := harness.violation(case, plan))]

    check(found, "Correct these functions, or add a row to docs/repeats.md")


def test_events_take_effect_again_only_where_documented(harness: Harness) -> None:
    histories = [(case.function, harness.history(case).states) for case in map(load_case, EVERY_EVENT)]

    again = {name for name, states in histories if len(states) > 2 and states[2] != states[1]}

    check(
        sorted({harness.target.functions[name].logical_id for name in again} ^ AGAIN),
        "Correct these functions, or add or delete their `again` rows in docs/repeats.md",
    )
