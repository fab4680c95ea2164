"""The local stack itself: what survives a stop and a kill, and what another `up` does."""

import copy
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from dev import rewrite, walkthrough
from dev.emulator import HOST
from dev.errors import DevError
from dev.paths import ROOT
from dev.stack import Stack
from dev.template import load_openapi
from tests.waiting import DEADLINE_SECONDS

pytestmark = pytest.mark.slow
type NewStack = Callable[[], Stack]


def quiet(_: str) -> None:
    """Report nothing."""


@pytest.fixture(scope="module")
def new_stack(tmp_path_factory: pytest.TempPathFactory, build_dir: Path) -> Iterator[NewStack]:
    """Makes stack objects of one home, as each command makes its own. The tests share it: each begins with `up`."""
    home = tmp_path_factory.mktemp("another")

    def make() -> Stack:
        return Stack(home=home, build_dir=build_dir, default_port=0)

    yield make
    make().down(quiet, delete=True)


def products_answer(stack: Stack, token: str) -> bool:
    with stack.http() as http:
        return http.get("customers/CUST-1001/products", headers={"Authorization": token}).status_code == 200


def test_data_users_and_address_survive_a_stop(new_stack: NewStack) -> None:
    before = new_stack().up(quiet)
    token = new_stack().token("alice")
    new_stack().client("dynamodb").delete_item(
        TableName=before.tables["ProductsTable"],
        Key={"customer_id": {"S": "CUST-1004"}, "product_id": {"S": "SAV-02"}},
    )

    new_stack().down(quiet)
    after = new_stack().up(quiet)

    assert after == before
    assert new_stack().client("dynamodb").scan(TableName=after.tables["ProductsTable"])["Count"] == 3
    assert products_answer(new_stack(), token)


def test_a_kill_corrupts_nothing(new_stack: NewStack) -> None:
    before = new_stack().up(quiet)
    process = new_stack().emulator.daemon.process()
    assert process is not None

    process.kill()
    process.wait(DEADLINE_SECONDS)
    with pytest.raises(DevError, match="not running"):
        new_stack().status()
    after = new_stack().up(quiet)

    assert after.api_url == before.api_url
    walkthrough.run(new_stack(), quiet)


INTERRUPTED = """
import signal
import sys
from pathlib import Path
from dev import sam
from dev.stack import Stack

def deploy(template, name, bucket, endpoint_url):
    stack.client("cloudformation").create_change_set(
        StackName=name,
        ChangeSetName="begun",
        ChangeSetType="CREATE",
        TemplateBody='{"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}}',
    )
    print("deploying", flush=True)
    sys.stdin.read()  # until the interrupt

signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
sam.deploy = deploy
stack = Stack(home=Path(sys.argv[1]), build_dir=Path(sys.argv[2]), default_port=0)
stack.up(lambda _: None)
"""
"""An `up` that stays where `sam deploy` has made its change set and has not executed it."""


def test_an_interrupted_first_up_can_be_repeated(tmp_path: Path, build_dir: Path) -> None:
    stack = Stack(home=tmp_path, build_dir=build_dir, default_port=0)
    command = [sys.executable, "-c", INTERRUPTED, str(tmp_path), str(build_dir)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "deploying\n"
        process.send_signal(signal.SIGINT)
        process.wait(DEADLINE_SECONDS)

    assert process.returncode != 0
    assert not stack.emulator.is_running()
    try:
        stack.up(quiet)
        walkthrough.run(stack, quiet)
    finally:
        stack.down(quiet, delete=True)


def test_api_that_changed_keeps_its_address_and_its_key(new_stack: NewStack, monkeypatch: pytest.MonkeyPatch) -> None:
    """The emulator makes a changed API anew."""
    before = new_stack().up(quiet)
    contract = load_openapi()
    contract["info"]["description"] = "Changed."
    monkeypatch.setattr(rewrite, "load_openapi", lambda: copy.deepcopy(contract))

    after = new_stack().up(quiet)

    assert (after.api_url, after.api_key) == (before.api_url, before.api_key)
    assert products_answer(new_stack(), new_stack().token("alice"))
    with new_stack().http() as http:
        assert http.get("users", headers={"X-Api-Key": after.api_key}).status_code == 200


def test_down_leaves_no_process_and_no_port(new_stack: NewStack) -> None:
    new_stack().up(quiet)
    assert products_answer(new_stack(), new_stack().token("alice"))  # so that a function's process runs
    emulator = new_stack().emulator
    process = emulator.daemon.process()
    poller = new_stack().poller.daemon.process()
    assert process is not None
    assert poller is not None
    family = [poller, process, *process.children(recursive=True)]
    assert len(family) > 2
    port = emulator.port
    assert port is not None

    assert new_stack().down(quiet, delete=True) is True

    assert [member for member in family if member.is_running() and member.status() != psutil.STATUS_ZOMBIE] == []
    with socket.socket() as probe:
        assert probe.connect_ex((HOST, port)) != 0
    assert new_stack().down(quiet) is False


def test_emulator_listens_on_loopback_only(stack: Stack) -> None:
    process = stack.emulator.daemon.process()
    assert process is not None

    listening = {connection.laddr.ip for connection in process.net_connections() if connection.status == "LISTEN"}

    assert listening == {"127.0.0.1"}
