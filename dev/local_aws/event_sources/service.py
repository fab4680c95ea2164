"""Starts and stops the poller of one stack."""

import sys
from dataclasses import dataclass
from pathlib import Path

from dev.local_aws.daemon import Daemon
from dev.local_aws.emulator import aws_environment
from dev.local_aws.event_sources.deployed_mappings import Plan
from dev.local_aws.signals import signals_blocked

PLAN = "streams.json"
CHECKPOINTS = "stream-checkpoints.json"
STARTED, UNDELIVERED = "polling for", "not delivered"
STOP_SECONDS = 120
"""Time limit for the poller to deliver the remaining records and stop. After it, the process is killed."""


@dataclass(frozen=True)
class StreamPoller:
    """The poller whose files are in `home`."""

    home: Path

    @property
    def daemon(self) -> Daemon:
        return Daemon("streams", self.home)

    def start(self, plan: Plan) -> None:
        """Start the poller with a plan, or restart it if it runs with another plan."""
        path, text = self.home / PLAN, plan.to_text()
        if self.is_running():
            if path.exists() and path.read_text() == text:
                return
            self.stop()
        path.write_text(text)
        if plan.mappings:
            command = [sys.executable, "-m", "dev.local_aws.event_sources.poller", str(self.home)]
            with signals_blocked():  # in the poller too, so that a stop waits until it can deliver, see its main()
                self.daemon.start(command, aws_environment(plan.endpoint_url))

    def is_running(self) -> bool:
        return self.daemon.is_running()

    def is_missing(self) -> bool:
        """Return whether the poller is not running, although its plan has mappings or no plan was written yet."""
        path = self.home / PLAN
        return not self.is_running() and (not path.exists() or bool(Plan.from_text(path.read_text()).mappings))

    def stop(self, *, deliver: bool = True) -> bool:
        """Stop the poller, by default after it has delivered the remaining records. Return whether it was running."""
        return self.daemon.stop(timeout=STOP_SECONDS if deliver else 0)

    def complaints(self) -> list[str]:
        """Return the messages of the last stop about undelivered records."""
        lines = self.daemon.last_lines(count=100).splitlines()
        starts = [number for number, line in enumerate(lines) if STARTED in line]
        since = lines[starts[-1] if starts else 0 :]
        return [line.split(" ", 2)[2] for line in since if UNDELIVERED in line]  # without date and time
