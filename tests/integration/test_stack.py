"""The local stack itself: what survives a stop and a kill, and what another `up` does."""

import copy
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import psutil
import pytest

from dev.application import walkthrough
from dev.errors import DevError
from dev.local_aws import emulator, sam
from dev.local_aws import transform as rewrite
from dev.local_aws.emulator import HOST, Emulator
from dev.local_aws.stack import Stack
from dev.local_aws.template import load_openapi
from dev.paths import ROOT
from tests.waiting import wait_until

type NewStack = Callable[[], Stack]


def quiet(_: str) -> None:
    """Report nothing."""


@pytest.fixture
def new_stack(tmp_path: Path, build_dir: Path) -> Iterator[NewStack]:
    """Makes stack objects of one home, as each command makes its own."""

    def make() -> Stack:
        return Stack(home=tmp_path, build_dir=build_dir, default_port=0)

    yield make
    make().down(quiet, delete=True)


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
    with new_stack().http() as http:
        assert http.get("customers/CUST-1001/products", headers={"Authorization": token}).status_code == 200
    walkthrough.run(new_stack(), quiet)


def test_a_kill_corrupts_nothing(new_stack: NewStack) -> None:
    before = new_stack().up(quiet)
    process = new_stack().emulator.daemon.process()
    assert process is not None

    process.kill()
    process.wait()
    with pytest.raises(DevError, match="not running"):
        new_stack().status()
    after = new_stack().up(quiet)

    assert after.api_url == before.api_url
    walkthrough.run(new_stack(), quiet)


def test_an_interrupted_first_up_can_be_repeated(new_stack: NewStack, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C reaches `sam deploy` and `dev up` while the emulator creates the stack."""
    stack = new_stack()
    run = sam._run

    def interrupt_deploy(arguments: Sequence[str], endpoint_url: str) -> None:
        if arguments[0] != "deploy":
            return run(arguments, endpoint_url)
        command = [sam.SAM, *arguments, "--config-env", "none"]
        with subprocess.Popen(command, cwd=ROOT, env=sam.environment(endpoint_url), stdout=subprocess.DEVNULL) as child:
            wait_until(lambda: stack.client("cloudformation").list_stacks()["StackSummaries"])
            child.send_signal(signal.SIGINT)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(sam, "_run", interrupt_deploy)
        with pytest.raises(KeyboardInterrupt):
            stack.up(quiet)

    assert not stack.emulator.is_running()
    new_stack().up(quiet)
    walkthrough.run(new_stack(), quiet)


def test_api_that_changed_keeps_its_address_and_its_key(new_stack: NewStack, monkeypatch: pytest.MonkeyPatch) -> None:
    """The emulator makes a changed API anew."""
    before = new_stack().up(quiet)
    contract = load_openapi()
    contract["info"]["description"] = "Changed."
    monkeypatch.setattr(rewrite, "load_openapi", lambda: copy.deepcopy(contract))

    after = new_stack().up(quiet)

    assert (after.api_url, after.api_key) == (before.api_url, before.api_key)
    walkthrough.run(new_stack(), quiet)


def test_down_leaves_no_process_and_no_port(new_stack: NewStack) -> None:
    new_stack().up(quiet)
    walkthrough.run(new_stack(), quiet)
    process = new_stack().emulator.daemon.process()
    poller = new_stack().poller.daemon.process()
    assert process is not None
    assert poller is not None
    family = [poller, process, *process.children(recursive=True)]
    assert len(family) > 1
    port = new_stack().emulator.port
    assert port is not None

    assert new_stack().down(quiet, delete=True) is True

    assert [member for member in family if member.is_running() and member.status() != psutil.STATUS_ZOMBIE] == []
    with socket.socket() as probe:
        assert probe.connect_ex((HOST, port)) != 0
    assert new_stack().down(quiet) is False


def test_port_that_another_program_took_first_is_left_to_it(
    stack: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when two clones start at once: both see a free port, and one gets it."""
    port = stack.emulator.port
    assert port is not None
    second = Emulator(tmp_path, default_port=port)
    looks = iter([True])
    monkeypatch.setattr(emulator, "_is_free", lambda port: next(looks, False))

    try:
        second.start()
        assert second.port not in {None, port}
    finally:
        second.stop()


def test_emulator_listens_on_loopback_only(stack: Stack) -> None:
    process = stack.emulator.daemon.process()
    assert process is not None

    listening = {connection.laddr.ip for connection in process.net_connections() if connection.status == "LISTEN"}

    assert listening == {"127.0.0.1"}
