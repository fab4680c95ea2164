"""Background processes, found again by pid and stopped with their children."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from dev.local_aws.daemon import Daemon, has_ended
from tests.waiting import wait_until

WAIT = "import time; time.sleep(60)"
SLEEP = f"print('ready', flush=True); {WAIT}"
VARIABLES = "{name: value for name, value in sorted(os.environ.items()) if not name.startswith('__CF')}"
"""Those of the process. macOS adds some."""
DEAF = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLEEP}"
PARENT = f"""
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", {DEAF!r}], stdout=subprocess.PIPE)
child.stdout.readline()
print(child.pid, flush=True)
time.sleep(60)
"""


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[Daemon]:
    daemon = Daemon("worker", tmp_path / "home")
    try:
        yield daemon
    finally:
        daemon.stop(timeout=0)


def python(code: str) -> list[str]:
    return [sys.executable, "-I", "-S", "-c", code]


def record(daemon: Daemon, process: psutil.Process, identity: int | None = None) -> None:
    """Write the pid file that the daemon would have left."""
    daemon.home.mkdir(exist_ok=True)
    (daemon.home / "worker.pid").write_text(json.dumps({"pid": process.pid, "identity": identity or hash(process)}))


def test_another_object_finds_the_process(daemon: Daemon) -> None:
    started = daemon.start(python(SLEEP))

    found = Daemon("worker", daemon.home).process()

    assert found is not None
    assert found.pid == started.pid


def test_another_name_is_another_process(daemon: Daemon) -> None:
    daemon.start(python(SLEEP))

    assert Daemon("helper", daemon.home).process() is None


def test_process_has_a_session_of_its_own(daemon: Daemon) -> None:
    process = daemon.start(python(SLEEP))

    assert os.getsid(process.pid) == process.pid


def test_process_gets_the_given_environment_only(daemon: Daemon) -> None:
    daemon.start(python(f"import os; print({VARIABLES}, flush=True); {WAIT}"), {"COLOUR": "blue", "LC_ALL": "C"})

    wait_until(daemon.last_lines)
    assert daemon.last_lines() == "{'COLOUR': 'blue', 'LC_ALL': 'C'}"


def test_process_writes_its_errors_to_the_log(daemon: Daemon) -> None:
    daemon.start(python(f"import sys; print('no luck', file=sys.stderr, flush=True); {WAIT}"))

    wait_until(daemon.last_lines)
    assert daemon.log.read_text() == "no luck\n"


def test_never_started_is_no_process(daemon: Daemon) -> None:
    assert daemon.process() is None


def test_ended_process_does_not_count(daemon: Daemon) -> None:
    with subprocess.Popen(python("pass")) as child:
        record(daemon, psutil.Process(child.pid))

    assert daemon.process() is None


def test_zombie_process_is_not_running(daemon: Daemon) -> None:
    with subprocess.Popen(python("pass")) as child:
        process = psutil.Process(child.pid)
        record(daemon, process)
        wait_until(lambda: process.status() == psutil.STATUS_ZOMBIE)

        assert daemon.process() is None


def test_process_is_found_after_the_clock_was_changed(daemon: Daemon, monkeypatch: pytest.MonkeyPatch) -> None:
    """On Linux, psutil derives the time of creation from the clock as it is now."""
    started = daemon.start(python(SLEEP))
    created = started.create_time()
    monkeypatch.setattr(psutil.Process, "create_time", lambda _: created + 3600)

    assert daemon.is_running()


def test_pid_of_another_program_does_not_count(daemon: Daemon) -> None:
    other = Daemon("other", daemon.home)
    process = other.start(python(SLEEP))
    record(daemon, process, identity=hash(process) + 1)

    try:
        assert daemon.process() is None
        assert daemon.stop() is False
        assert process.is_running()
    finally:
        other.stop(timeout=0)


def test_torn_pid_file_does_not_count(daemon: Daemon) -> None:
    daemon.home.mkdir()
    (daemon.home / "worker.pid").write_text('{"pid": 1')

    assert daemon.process() is None


def test_process_that_ended_without_a_stop_was_killed(daemon: Daemon) -> None:
    process = daemon.start(python(SLEEP))
    assert not daemon.was_killed()

    process.kill()
    wait_until(lambda: has_ended(process))
    assert daemon.was_killed()

    daemon.stop()
    assert not daemon.was_killed()


def test_stop_ends_the_process(daemon: Daemon) -> None:
    process = daemon.start(python(SLEEP))

    assert daemon.stop() is True

    assert has_ended(process)
    assert daemon.process() is None
    assert not (daemon.home / "worker.pid").exists()


def test_stop_lets_the_process_finish(daemon: Daemon) -> None:
    save = "signal.signal(signal.SIGTERM, lambda *_: (print('saved', flush=True), sys.exit()))"
    daemon.start(python(f"import signal, sys; {save}; {SLEEP}"))
    wait_until(daemon.last_lines)

    daemon.stop()

    assert daemon.last_lines() == "ready\nsaved"


def test_stop_kills_a_process_that_does_not_end(daemon: Daemon) -> None:
    process = daemon.start(python(DEAF))
    wait_until(daemon.last_lines)

    assert daemon.stop(timeout=0.05) is True

    assert has_ended(process)


def test_stop_kills_children_too(daemon: Daemon) -> None:
    daemon.start(python(PARENT))
    wait_until(daemon.last_lines)
    child = psutil.Process(int(daemon.last_lines()))

    daemon.stop()

    assert has_ended(child)


def test_stop_does_not_wait_for_the_parent_of_a_process(daemon: Daemon) -> None:
    """The parent lives for a minute and never reads the exit status, like PID 1 of some containers."""
    with subprocess.Popen(python(PARENT), stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        child = psutil.Process(int(parent.stdout.readline()))
        record(daemon, child)

        daemon.stop(timeout=0)

        assert child.status() == psutil.STATUS_ZOMBIE
        parent.kill()


def test_child_that_ends_while_it_is_killed_is_no_failure(daemon: Daemon, monkeypatch: pytest.MonkeyPatch) -> None:
    kill = psutil.Process.kill

    def kill_what_is_gone(process: psutil.Process) -> None:
        kill(process)
        raise psutil.NoSuchProcess(process.pid)

    monkeypatch.setattr(psutil.Process, "kill", kill_what_is_gone)
    daemon.start(python(SLEEP))

    assert daemon.stop(timeout=0)


def test_last_lines_are_the_end_of_the_log(daemon: Daemon) -> None:
    daemon.home.mkdir()
    daemon.log.write_bytes(b"one\ntwo\nthr\xff\n")

    assert daemon.last_lines(2) == "two\nthr\ufffd"


def test_log_goes_on_after_a_restart(daemon: Daemon) -> None:
    daemon.home.mkdir()
    daemon.log.write_text("before\n")

    daemon.start(python(SLEEP))

    wait_until(lambda: daemon.last_lines() != "before")
    assert daemon.last_lines() == "before\nready"


def test_no_log_has_no_lines(daemon: Daemon) -> None:
    assert daemon.last_lines() == ""
