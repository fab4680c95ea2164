"""The command `dev replay`, on a target that needs nothing."""

import contextlib
import json
import re
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner, Result

from dev.cli import app
from dev.replay import targets
from dev.replay.cases import Case
from dev.replay.record import Recording

EVENTS = {"malformed": "", "token": '{"Authorization": "TOKEN_OF_carol"}'}

type Replay = Callable[..., Result]


class FakeTarget:
    """A target whose cases have the problem `wrong` if their name begins with it."""

    has_users = False

    def __init__(self) -> None:
        self.ran: list[str] = []
        self.together = threading.Barrier(1)

    def run(self, case: Case) -> list[str]:
        self.ran.append(str(case))
        if case.name.startswith("together"):
            self.together.wait()
        if case.name == "interrupt":
            signal.raise_signal(signal.SIGINT)
        return ["answer.status is 200, not 404"] if case.name.startswith("wrong") else []

    def remove_remains(self) -> list[str]:
        return ["orders/get/a left an item behind"] if "orders/get/untidy" in self.ran else []


@pytest.fixture
def target(monkeypatch: pytest.MonkeyPatch) -> FakeTarget:
    it = FakeTarget()

    @contextlib.contextmanager
    def open_target(*_: object) -> Iterator[FakeTarget]:
        yield it

    monkeypatch.setattr(targets, "open_target", open_target)
    return it


@pytest.fixture
def replay(target: FakeTarget, tmp_path: Path) -> Replay:
    """Runs `dev replay` with options, on cases of orders/get with the given names."""

    def run(*options: str, cases: str) -> Result:
        folder = tmp_path / "orders" / "get"
        folder.mkdir(parents=True)
        for name in cases.split():
            (folder / f"{name}.json").write_text(EVENTS.get(name, "{}"))
            (folder / f"{name}.expect.json").write_text('{"status": 200}')
        return CliRunner().invoke(app, ["replay", *options, str(tmp_path)])

    return run


def test_each_case_is_a_line_and_the_last_one_counts_them(replay: Replay) -> None:
    done = replay(cases="a malformed wrong")

    assert done.exit_code == 1
    last = done.stdout.splitlines()[-1]
    assert re.search(r"^ok   orders/get/a  \d+\.\d{3} s$", done.stdout, re.MULTILINE)
    assert "FAIL orders/get/malformed" in done.stdout
    assert "\n     answer.status is 200, not 404\n" in done.stdout
    assert re.fullmatch(r"1 passed, 2 failed on stack: 3 cases in \d+\.\d s, \d+ events a second", last)


def test_k_chooses_cases_by_name(replay: Replay, target: FakeTarget) -> None:
    assert replay("-k", "get/b", cases="a b bb").exit_code == 0
    assert sorted(target.ran) == ["orders/get/b", "orders/get/bb"]


def test_x_stops_after_the_first_failure(replay: Replay, target: FakeTarget) -> None:
    assert replay("-x", "--jobs", "1", cases="a wrong z").exit_code == 1
    assert target.ran == ["orders/get/a", "orders/get/wrong"]


def test_signal_ends_the_replay_with_its_exit_code(replay: Replay, target: FakeTarget) -> None:
    assert replay("--jobs", "1", cases="a interrupt z").exit_code == 130
    assert target.ran == ["orders/get/a", "orders/get/interrupt"]


@pytest.mark.parametrize("jobs", [1, 3])
def test_cases_run_at_once(replay: Replay, target: FakeTarget, jobs: int) -> None:
    """A case called `together` waits for two others."""
    target.together = threading.Barrier(jobs)

    assert replay("--jobs", str(jobs), cases=" ".join(f"together{number}" for number in range(jobs))).exit_code == 0


def test_case_that_needs_a_token_is_skipped_without_users(replay: Replay, target: FakeTarget) -> None:
    done = replay(cases="a token")

    assert (done.exit_code, target.ran) == (0, ["orders/get/a"])
    assert "skip orders/get/token" in done.stdout
    assert "1 passed, 0 failed, 1 skipped on stack: " in done.stdout


def test_what_is_left_behind_is_a_failure(replay: Replay) -> None:
    done = replay(cases="untidy")

    assert done.exit_code == 1
    assert "FAIL cleanup  0.000 s\n     orders/get/a left an item behind\n" in done.stdout


def test_json_is_one_document(replay: Replay) -> None:
    document = json.loads(replay("--json", "-x", "--jobs", "1", cases="a wrong z").stdout)

    assert all(case.pop("seconds") >= 0 for case in [document, *document["cases"]])
    assert document == {
        "target": "stack",
        "passed": 1,
        "failed": 1,
        "skipped": 0,
        "not_run": 1,
        "cases": [
            {"name": "orders/get/a", "outcome": "passed", "problems": []},
            {"name": "orders/get/wrong", "outcome": "failed", "problems": ["answer.status is 200, not 404"]},
        ],
    }


def test_junit_report_has_a_case_for_each(replay: Replay, tmp_path: Path) -> None:
    replay("--junit", str(tmp_path / "report.xml"), cases="a wrong")

    suite = ElementTree.parse(tmp_path / "report.xml").getroot()[0]
    assert {(case.get("classname"), case.get("name")) for case in suite} == {
        ("orders.get", "a"),
        ("orders.get", "wrong"),
    }
    assert [failure.text for failure in suite.iter("failure")] == ["answer.status is 200, not 404"]


@pytest.mark.parametrize(("options", "after"), [([], '{"status": 200}'), (["--yes"], "{}")], ids=["ask", "yes"])
def test_record_writes_with_consent_only(
    replay: Replay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], after: str
) -> None:
    expectation = tmp_path / "orders" / "get" / "a.expect.json"
    monkeypatch.setattr("dev.replay.record.record", lambda *_: Recording(expectation, '{"status": 200}', "{}"))

    done = replay("--record", *options, cases="a")

    assert '-{"status": 200}\n+{}\n' in done.stderr
    assert expectation.read_text() == after


def test_signal_ends_recording(replay: Replay, monkeypatch: pytest.MonkeyPatch) -> None:
    recorded: list[str] = []

    def record(_: object, path: Path) -> Recording:
        recorded.append(path.name)
        signal.raise_signal(signal.SIGINT)
        return Recording(path, "", "")

    monkeypatch.setattr("dev.replay.record.record", record)

    assert replay("--record", "--yes", cases="a b").exit_code == 130
    assert recorded == ["a.json"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("--record --stack shop-dev", "--record needs --target process, because other clients can write to the tables"),
        ("--watch --stack shop-dev", "--watch needs --target process."),
        ("--target process --stack shop-dev", "--stack needs --target stack."),
        ("--region eu-west-1", "--profile, --region and --confirm need --stack."),
        ("--target process --jobs 2", "--jobs needs --target stack. On process, one case runs after the other."),
    ],
)
def test_options_that_contradict_each_other_are_rejected(replay: Replay, options: str, message: str) -> None:
    assert replay(*options.split(), cases="a").stderr.startswith(f"error: {message}")


@pytest.mark.parametrize(
    ("options", "cases"),
    [(["-k", "nothing"], "a"), ([], "")],
    ids=["none chosen", "no event"],
)
def test_replay_that_cannot_run_ends_with_2(replay: Replay, options: list[str], cases: str) -> None:
    done = replay(*options, cases=cases)

    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith("error: ")
