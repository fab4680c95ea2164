"""One local stack: the emulator, the application deployed into it, and the users who sign in."""

import shutil
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx
from filelock import FileLock, Timeout

from dev import rewrite, sam, seed
from dev.containers import ContainerBridge
from dev.deployment import Deployment, Report
from dev.emulator import REGION, Emulator, root_session
from dev.errors import DevError
from dev.paths import LOCAL, ROOT
from dev.seed import User
from dev.streams.plan import Plan, make_plan
from dev.streams.service import StreamPoller
from dev.tables import demo
from dev.template import load_template
from dev.waiting import LONGEST_SECONDS

STACK_NAME = "dynamodb-sam-reference"
DEFAULT_PORT = 4566


@dataclass(frozen=True)
class Status:
    """What a client of the stack needs to know; `dev status --json` prints it."""

    api_url: str
    endpoint_url: str
    region: str
    stack_name: str
    user_pool_id: str
    user_pool_client_id: str
    api_key: str
    tables: dict[str, str]
    buckets: dict[str, str]
    functions: dict[str, str]
    users: list[User]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Stack:
    """A stack with everything of its own, so that any number of them run side by side."""

    home: Path = LOCAL
    build_dir: Path = ROOT / ".aws-sam" / "build"
    default_port: int = DEFAULT_PORT
    name: str = STACK_NAME
    _clients: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def emulator(self) -> Emulator:
        return Emulator(self.home, self.default_port)

    @cached_property
    def bridge(self) -> ContainerBridge:
        return ContainerBridge(self.home)

    @cached_property
    def poller(self) -> StreamPoller:
        return StreamPoller(self.home)

    @property
    def _deployment(self) -> Deployment:
        return Deployment(self.name, self.home, self.emulator.endpoint_url, self.client)

    def up(self, report: Report) -> Status:
        """Start what does not run, deploy what changed, add users and data that are missing. Safe to repeat.

        A second `up` of the same stack waits for the first.
        """
        self.home.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.home / "up.lock")
        try:
            held = lock.acquire(blocking=False)
        except Timeout:
            report("waiting for another `dev up` of this stack …")
            held = lock.acquire()
        with held:
            return self._up(report)

    def _up(self, report: Report) -> Status:
        was_running = self.emulator.is_running()
        if not was_running:
            self.poller.stop()  # it would go on in streams that this emulator does not have
        try:
            self.emulator.start()
            report(f"emulated AWS {'is running' if was_running else 'started'} at {self.emulator.endpoint_url}")
            if self.default_port and self.emulator.port != self.default_port:
                report(f"it keeps this port: {self.default_port} was taken when it first started")
            self._deploy(report)
            status = self.status()
            # Only products: the demo data of other tables would stand in the lists that the walk-through shows.
            demo.fill_if_empty(self.client("dynamodb"), "ProductsTable", status.tables["ProductsTable"])
        except KeyboardInterrupt:
            if not was_running:
                self.down(report)
            raise
        return status

    def _deploy(self, report: Report) -> None:
        report("sam build …")
        built = sam.build(self.build_dir, self.emulator.endpoint_url)
        self._deployment.update(built, report)
        report("adding users and demo data …")
        rewrite.apply_gateway_responses(self.client("apigateway"))
        user_pool_id = self._deployment.outputs()["UserPoolId"]
        seed.add_users(self.client("cognito-idp"), user_pool_id, self.home / "users.json")
        mappings = make_plan(load_template(built), self.client, self.resources())
        self.poller.start(Plan(self.emulator.endpoint_url, mappings))

    def down(self, report: Report, *, delete: bool = False) -> bool:
        """Stop every process. The data stay for the next `up`, unless `delete`. Returns whether anything ran."""
        ran = self.bridge.stop()
        ran = self._stop_poller(report) or ran
        if self.emulator.daemon.process() is not None:
            report("stopping the emulator …")
        ran = self.emulator.stop(save=not delete) or ran
        if delete:
            shutil.rmtree(self.home, ignore_errors=True)
        return ran

    def _stop_poller(self, report: Report) -> bool:
        """Before the emulator, which forgets what the streams still hold."""
        if not self.poller.is_running():
            return False
        report("stopping the stream poller …")
        self.poller.stop()
        for complaint in self.poller.complaints():
            report(f"{complaint}; the emulator forgets them now")
        return True

    def status(self) -> Status:
        """Describe the deployed stack. Raises DevError when it does not run or is not deployed."""
        outputs, physical = self._deployment.outputs(), self.resources()
        return Status(
            api_url=self.emulator.endpoint_url + rewrite.api_path(outputs["ApiId"]),
            endpoint_url=self.emulator.endpoint_url,
            region=REGION,
            stack_name=self.name,
            user_pool_id=outputs["UserPoolId"],
            user_pool_client_id=outputs["UserPoolClientId"],
            api_key=self._api_key(outputs["ApiKeyId"]),
            tables=physical.get("AWS::DynamoDB::Table", {}),
            buckets=physical.get("AWS::S3::Bucket", {}),
            functions=physical.get("AWS::Lambda::Function", {}),
            users=seed.read_users(self.home / "users.json"),
        )

    def client(self, service: str) -> Any:
        """Return a boto3 client of the emulator, as the account's root."""
        if service not in self._clients:
            self._clients[service] = root_session().client(service, endpoint_url=self.emulator.endpoint_url)  # type: ignore[call-overload]
        return self._clients[service]

    def http(self) -> httpx.Client:
        """Return an HTTP client of the API; paths are relative to the stage."""
        return httpx.Client(base_url=self.status().api_url, timeout=LONGEST_SECONDS, trust_env=False)

    def token(self, name: str) -> str:
        """Sign a user in, by e-mail or the part before the @. Returns the ID token."""
        status = self.status()
        for user in status.users:
            if name in (user.email, user.email.partition("@")[0]):
                return seed.sign_in(self.client("cognito-idp"), status.user_pool_client_id, user)
        raise DevError(f"No user {name}. There are: {', '.join(user.email for user in status.users)}")

    def _api_key(self, key_id: str) -> str:
        value: str = self.client("apigateway").get_api_key(apiKey=key_id, includeValue=True)["value"]
        return value

    def resources(self) -> dict[str, dict[str, str]]:
        """Return physical names by type and logical id."""
        return self._deployment.resources()
