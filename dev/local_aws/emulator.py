"""MiniStack, the emulated AWS: one background process on loopback, with its state in a folder.

It runs functions in its own interpreter, so the project's environment uses the Python version of the functions.
"""

import os
import shutil
import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

from dev.errors import DevError
from dev.local_aws.clients import CLOSE, OPEN
from dev.local_aws.daemon import Daemon
from dev.local_aws.waiting import poll, wait_for_start

if TYPE_CHECKING:
    import boto3

HOST = "127.0.0.1"
REGION = "us-east-1"
# The emulator treats these credentials as the account's root. Functions have the credentials of their roles.
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
STOP_SECONDS = 300
"""Time limit for saving the state. After it, the process is killed and the state is lost."""


@dataclass(frozen=True)
class Emulator:
    """An emulator with all its files under `home`. It uses its previous port, `default_port`, or a free port."""

    home: Path
    default_port: int

    @property
    def daemon(self) -> Daemon:
        return Daemon("emulator", self.home)

    @property
    def port(self) -> int | None:
        """The current or previous port."""
        try:
            return int((self.home / "port").read_text())
        except (FileNotFoundError, ValueError):
            return None

    @property
    def endpoint_url(self) -> str:
        """Address of every AWS service. Raises DevError if the emulator is not running."""
        if not self.is_running():
            raise DevError("The local stack is not running. Start it with: dev up")
        return f"http://{HOST}:{self.port}"

    def is_running(self) -> bool:
        return self.port is not None and self.daemon.is_running()

    def start(self) -> None:
        """Start the emulator if it is not running, and wait until it answers. Raises DevError."""
        if not self.is_running():
            self._launch()
        answers = self._wait()
        if not answers and not self.is_running() and not _is_free(self.port or 0):
            self._launch()  # another program took the port first
            answers = self._wait()
        if not answers:
            raise DevError(
                f"The emulator does not answer on port {self.port}. Stop it with: dev down\n{self.daemon.last_lines()}"
            )
        self._unfinished(OPEN)  # an interrupted `dev down` has closed it

    def _wait(self) -> bool:
        return wait_for_start(self._answers, self.is_running, "the emulated AWS")

    def _answers(self) -> bool:
        """Return whether this emulator, not the one of another stack, answers on its port."""
        process = self.daemon.process()
        if process is None:
            return False
        try:
            sockets = process.net_connections("tcp")
        except psutil.Error:  # it has just ended: only root can look at a zombie
            return False
        listening = {each.laddr.port for each in sockets if each.status == psutil.CONN_LISTEN}
        return self.port in listening and _is_healthy(self.port)

    def _launch(self) -> None:
        port = _choose_port(self.port, self.default_port)
        self.home.mkdir(parents=True, exist_ok=True)
        (self.home / "port").write_text(str(port))
        (self.home / "tmp").mkdir(exist_ok=True)
        self.daemon.start([sys.executable, "-m", "dev.local_aws.emulator_process"], _environment(self.home, port))

    def client(self, service: str, **options: Any) -> Any:
        """Return a new boto3 client, as the account's root. Raises DevError if the emulator is not running."""
        return root_session().client(service, endpoint_url=self.endpoint_url, **options)  # type: ignore[call-overload]

    def finish(self) -> int:
        """Reject clients, and wait for their requests and events. Return how many did not end within five minutes."""
        return poll(lambda: self._unfinished(CLOSE), lambda count: count == 0, "requests and events in progress")

    def _unfinished(self, path: str) -> int:
        """Return the answer of OPEN or CLOSE, 0 if the emulator does not answer."""
        import httpx

        try:
            return int(httpx.post(f"http://{HOST}:{self.port}{path}", timeout=5, trust_env=False).text)
        except (httpx.HTTPError, ValueError):
            return 0

    def stop(self, *, save: bool = True) -> bool:
        """Stop the emulator and save its state, or kill it if not `save`. Return whether it was running."""
        was_running = self.daemon.stop(timeout=STOP_SECONDS if save else 0)
        shutil.rmtree(self.home / "tmp", ignore_errors=True)  # unpacked functions
        return was_running


def root_session() -> "boto3.Session":
    """Return an SDK session of the emulated account's root, whatever profile the shell has."""
    import boto3
    import botocore.session

    session = botocore.session.Session({"profile": (None, None, None, None)})
    session.set_credentials(CREDENTIALS["AWS_ACCESS_KEY_ID"], CREDENTIALS["AWS_SECRET_ACCESS_KEY"])
    return boto3.Session(region_name=REGION, botocore_session=session)


def environment_without_aws() -> dict[str, str]:
    """Return this process's environment without the user's AWS settings, those in files included."""
    return {name: value for name, value in os.environ.items() if not name.startswith("AWS_")} | {
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def aws_environment(endpoint_url: str) -> dict[str, str]:
    """Return this process's environment without the user's AWS settings, with `endpoint_url` for every call."""
    return (
        environment_without_aws()
        | CREDENTIALS
        | {"AWS_ENDPOINT_URL": endpoint_url, "AWS_DEFAULT_REGION": REGION, "AWS_REGION": REGION}
    )


def _environment(home: Path, port: int) -> dict[str, str]:
    endpoint_url = f"http://{HOST}:{port}"
    return aws_environment(endpoint_url) | {
        "AUTH": "true",  # enforces each function's role
        "BIND_HOST": HOST,
        "GATEWAY_PORT": str(port),
        "MINISTACK_HOST": HOST,
        "PERSIST_STATE": "1",
        "S3_PERSIST": "1",
        "STATE_DIR": str(home / "state"),
        "S3_DATA_DIR": str(home / "s3"),
        "TMPDIR": str(home / "tmp"),
        # Listeners and helpers that are not needed.
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "DOCKER_HOST": f"unix://{home / 'no-docker'}",
    }


def _choose_port(last: int | None, default: int) -> int:
    for port in (last, default):
        if port and _is_free(port):
            return port
    return free_port()


def free_port() -> int:
    """Return an unused port on loopback."""
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        return int(listener.getsockname()[1])


def _is_free(port: int) -> bool:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
        except OSError:
            return False
    return True


def _is_healthy(port: int | None) -> bool:
    import httpx

    try:
        return httpx.get(f"http://{HOST}:{port}/_ministack/health", timeout=5, trust_env=False).is_success
    except httpx.HTTPError:
        return False
