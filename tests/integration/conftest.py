"""Integration tests: over HTTP against a deployed stack, as users who have signed in."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace

import httpx
import pytest

from dev.application.people import tokens_of
from dev.application.project import load_template
from dev.application.stack import Stack, Status
from dev.local_aws import sam, sam_local
from dev.local_aws.daemon import Daemon
from dev.local_aws.emulator import HOST, free_port
from dev.local_aws.project import Project
from dev.local_aws.template import key_names
from dev.paths import FUNCTIONS, OPENAPI
from dev.replay.table_state import Items, Tables
from tests.template_facts import copied_template
from tests.waiting import DEADLINE_SECONDS, wait_until


def patient(client: httpx.Client) -> httpx.Client:
    """Let a client wait for as long as a busy machine takes."""
    client.timeout = httpx.Timeout(DEADLINE_SECONDS)
    return client


@pytest.fixture(scope="session")
def tokens(stack: Stack) -> dict[str, str]:
    """ID tokens of alice (CUST-1001), bob (CUST-1002), staff, and the writers carol and dave."""
    return {name: stack.token(name) for name in ("alice", "bob", "staff", "carol", "dave")}


@pytest.fixture(scope="session")
def access_token(stack: Stack, status: Status) -> str:
    """An access token of carol. The tokens above are ID tokens."""
    (carol,) = [user for user in status.users if user.email == "carol@example.com"]
    return tokens_of(stack.client("cognito-idp"), status.user_pool_client_id, carol)["AccessToken"]


@pytest.fixture(scope="session")
def anonymous(stack: Stack) -> Iterator[httpx.Client]:
    """An HTTP client without a token."""
    with patient(stack.http()) as client:
        yield client


@pytest.fixture(scope="session")
def alice(stack: Stack, tokens: dict[str, str]) -> Iterator[httpx.Client]:
    """An HTTP client of the customer CUST-1001."""
    with patient(stack.http()) as client:
        client.headers["Authorization"] = tokens["alice"]
        yield client


@pytest.fixture(scope="session")
def bob(stack: Stack, tokens: dict[str, str]) -> Iterator[httpx.Client]:
    """An HTTP client of the customer CUST-1002."""
    with patient(stack.http()) as client:
        client.headers["Authorization"] = tokens["bob"]
        yield client


@pytest.fixture(scope="session")
def staff(stack: Stack, tokens: dict[str, str]) -> Iterator[httpx.Client]:
    """An HTTP client of a member of staff."""
    with patient(stack.http()) as client:
        client.headers["Authorization"] = tokens["staff"]
        yield client


@pytest.fixture(scope="session")
def carol(stack: Stack, tokens: dict[str, str]) -> Iterator[httpx.Client]:
    """An HTTP client of a writer."""
    with patient(stack.http()) as client:
        client.headers["Authorization"] = f"Bearer {tokens['carol']}"
        yield client


@pytest.fixture(scope="session")
def dave(stack: Stack, tokens: dict[str, str]) -> Iterator[httpx.Client]:
    """An HTTP client of another writer."""
    with patient(stack.http()) as client:
        client.headers["Authorization"] = f"Bearer {tokens['dave']}"
        yield client


@pytest.fixture(scope="session")
def start_api(docker: None, stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """`sam local start-api` with a copy of the source, because it restarts a function when a file changes."""
    folder = tmp_path_factory.mktemp("start-api")
    project = Project(copied_template(folder), folder / "openapi.yaml", folder / "functions")
    shutil.copy(OPENAPI, project.openapi)
    shutil.copytree(FUNCTIONS, project.functions, ignore=shutil.ignore_patterns("__pycache__"))
    shell = sam_local.write(replace(stack, project=project), folder)
    server, port = Daemon("start-api", folder), free_port()
    server.start(sam.local("start-api", folder, port), sam.environment(shell["AWS_ENDPOINT_URL"]))
    try:
        with patient(httpx.Client(base_url=f"http://{HOST}:{port}", trust_env=False)) as client:
            wait_until(lambda: server.process() is None or answers(client))
            yield client
    finally:
        server.stop()


def answers(client: httpx.Client) -> bool:
    try:
        return client.get("/no-such-route").status_code == httpx.codes.FORBIDDEN
    except httpx.ConnectError:
        return False


@pytest.fixture
def all_items(stack: Stack, status: Status) -> Callable[[], Items]:
    """Reads every item of every table, to see that nothing changed."""
    return Tables(stack.client("dynamodb"), status.tables, key_names(load_template())).read
