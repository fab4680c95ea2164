"""One local stack: the emulator, a project deployed into it, and the poller of its streams."""

import contextlib
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dev.local_aws import sam, transform
from dev.local_aws.deployment import Deployment, Report
from dev.local_aws.emulator import Emulator
from dev.local_aws.event_sources.deployed_mappings import Plan, deployed_mappings
from dev.local_aws.event_sources.service import StreamPoller
from dev.local_aws.project import Project
from dev.local_aws.template import load_yaml

if TYPE_CHECKING:
    from dev.local_aws.containers import ContainerBridge


@dataclass(frozen=True)
class LocalStack:
    """A project in its own emulator. Its state is in `home`."""

    home: Path
    build_dir: Path
    default_port: int
    name: str
    project: Project
    parameters: Mapping[str, str] = field(default_factory=dict, kw_only=True)
    """Values of the template's parameters. A parameter that is not given keeps its last value."""
    _clients: dict[str, Any] = field(default_factory=dict, compare=False, repr=False, kw_only=True)

    @cached_property
    def emulator(self) -> Emulator:
        return Emulator(self.home, self.default_port)

    @cached_property
    def bridge(self) -> "ContainerBridge":
        from dev.local_aws.containers import ContainerBridge

        return ContainerBridge(self.home)

    @cached_property
    def poller(self) -> StreamPoller:
        return StreamPoller(self.home)

    @property
    def _deployment(self) -> Deployment:
        return Deployment(self.project, self.name, self.home, self.emulator.endpoint_url, self.client, self.parameters)

    def up(self, report: Report) -> None:
        """Start missing processes and deploy changes. Safe to repeat.

        A second `up` of the same stack waits for the first.
        """
        with self._lock(report):
            self._up(report)

    def update_code(self, report: Report) -> None:
        """Give the deployed functions the current code, without `sam build` and `sam deploy`. Raises DevError."""
        sam.require_valid_python(self.project)
        with self._lock(report):
            saved = self.project.digest()
            self._deployment.update_code()
            self._running.write_text(saved)

    def report_changes(self, report: Report) -> None:
        """Report if what is deployed is older than what is saved."""
        if self._running.exists() and self._running.read_text() != self.project.digest():
            report("The stack runs older files than those that are saved. Deploy them with: dev up")

    @property
    def _running(self) -> Path:
        """File with the digest of what runs."""
        return self.home / "running"

    @contextlib.contextmanager
    def _lock(self, report: Report) -> Iterator[None]:
        from filelock import FileLock, Timeout

        self.home.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.home / "up.lock")
        try:
            held = lock.acquire(blocking=False)
        except Timeout:
            report("waiting for another `dev up` of this stack …")
            held = lock.acquire()
        with held:
            yield

    def after_deployment(self, report: Report) -> None:
        """Do further work after a deployment. Subclasses may override it."""

    def _up(self, report: Report) -> None:
        was_running = self.emulator.is_running()
        self._report_kill(report)
        if not was_running:
            self.poller.stop(deliver=False)  # its streams do not exist in this emulator
        try:
            self.emulator.start()
            report(f"emulated AWS {'is running' if was_running else 'started'} at {self.emulator.endpoint_url}")
            if self.default_port and self.emulator.port != self.default_port:
                report(f"port {self.default_port} was in use, so this stack has another one until: make down")
            self._deploy(report)
        except KeyboardInterrupt:
            if not was_running:
                self.down(report)
            raise

    def _deploy(self, report: Report) -> None:
        built = sam.build(self.project, self.build_dir, self.emulator.endpoint_url, report)
        self._deployment.update(built, report)
        self._running.write_text(sam.built_from(self.build_dir))
        self.after_deployment(report)
        mappings = deployed_mappings(load_yaml(built), self.client, self.resources())
        self.poller.start(Plan(self.emulator.endpoint_url, mappings))

    def down(self, report: Report, *, delete: bool = False) -> bool:
        """Stop every process. Data is kept for the next `up`, unless `delete`. Return whether anything was running."""
        ran = self.bridge.stop()
        finish = not delete and self.emulator.is_running()
        if finish:
            report("finishing requests and events …")
            if unfinished := self.emulator.finish():
                report(f"{unfinished} request(s) or event(s) did not end; they are lost")
        elif not delete:
            self._report_kill(report)
        ran = self._stop_poller(report, deliver=finish) or ran
        if self.emulator.daemon.is_running():
            report("stopping the emulator …")
        ran = self.emulator.stop(save=not delete) or ran
        if delete:
            shutil.rmtree(self.home, ignore_errors=True)
        return ran

    def _report_kill(self, report: Report) -> None:
        if self.emulator.daemon.was_killed():
            report("The emulator was killed: writes since the last `dev down` are lost.")

    def _stop_poller(self, report: Report, *, deliver: bool) -> bool:
        """Stop the poller before the emulator, which loses the records of streams."""
        if not self.poller.is_running():
            return False
        report("stopping the stream poller …")
        self.poller.stop(deliver=deliver)
        for complaint in self.poller.complaints() if deliver else ():
            report(f"{complaint}; they are lost")
        return True

    def client(self, service: str, **options: Any) -> Any:
        """Return a boto3 client of the emulator, as the account's root. One without options is made once."""
        if options:
            return self.emulator.client(service, **options)
        if service not in self._clients:
            self._clients[service] = self.emulator.client(service)
        return self._clients[service]

    def outputs(self) -> dict[str, str]:
        """Return the outputs of the deployed template. Raises DevError if it is not deployed."""
        return self._deployment.outputs()

    def resources(self) -> dict[str, dict[str, str]]:
        """Return physical names by type and logical id."""
        return self._deployment.resources()

    def api_url(self) -> str:
        """Return the address of the API's stage."""
        return self.emulator.endpoint_url + transform.api_path(transform.API_ID, self.stage())

    def stage(self) -> str:
        """Return the name of the API's stage."""
        return transform.stage_name(self.client("apigateway"))
