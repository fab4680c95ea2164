"""Background processes that outlive the command that started them, found by pid and stopped with their children."""

import contextlib
import json
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

_started: list[subprocess.Popen[bytes]] = []
"""Children of this process, kept because Python warns of one that is forgotten while it runs."""


@dataclass(frozen=True)
class Daemon:
    """A named background process; its pid and log are files in `home`."""

    name: str
    home: Path

    @property
    def log(self) -> Path:
        return self.home / f"{self.name}.log"

    @property
    def _record(self) -> Path:
        return self.home / f"{self.name}.pid"

    def process(self) -> psutil.Process | None:
        """Return the process if it is running, None if the pid now belongs to another program."""
        try:
            record = json.loads(self._record.read_text())
            process = psutil.Process(record["pid"])
            if hash(process) == record.get("identity") and not has_ended(process):
                return process
        except (FileNotFoundError, json.JSONDecodeError, psutil.NoSuchProcess):
            pass
        return None

    def was_killed(self) -> bool:
        """Return whether the process ended without `stop`, also when the machine did."""
        return self._record.exists() and not self.is_running()

    def is_running(self) -> bool:
        return self.process() is not None

    def start(self, command: Sequence[str], env: Mapping[str, str] | None = None) -> psutil.Process:
        """Start the process in a session of its own, so that Ctrl-C in this terminal does not reach it."""
        self.home.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            child = subprocess.Popen(
                command,
                env=None if env is None else dict(env),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        _started.append(child)
        process = psutil.Process(child.pid)
        temporary = self._record.with_suffix(".new")
        # The hash is that of its pid and start time since boot. Its create_time() changes with the clock.
        temporary.write_text(json.dumps({"pid": child.pid, "identity": hash(process)}))
        temporary.replace(self._record)
        return process

    def stop(self, timeout: float = 120) -> bool:
        """Terminate the process, wait `timeout` seconds, then kill what is left. Return whether it was running."""
        process = self.process()
        if process is not None:
            family = [process, *process.children(recursive=True)]
            process.terminate()
            _wait([process], timeout)
            for survivor in family:
                with contextlib.suppress(psutil.NoSuchProcess):  # the last of them end while this loop runs
                    survivor.kill()
            _wait(family, timeout=60)
        for child in _started:
            child.poll()
        self._record.unlink(missing_ok=True)
        return process is not None

    def last_lines(self, count: int = 15) -> str:
        """Return the end of the log, for an error message."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-count:]) if self.log.exists() else ""


def has_ended(process: psutil.Process) -> bool:
    """Return whether a process has ended, also if its parent has not read its exit status yet."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def _wait(processes: Sequence[psutil.Process], timeout: float) -> None:
    """Wait until all have ended. For `psutil.wait_procs`, processes run until their parent has read their status."""
    deadline = time.monotonic() + timeout
    while not all(map(has_ended, processes)) and time.monotonic() < deadline:
        time.sleep(0.02)
