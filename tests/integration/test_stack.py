"""The local stack itself: what survives a stop and a kill, and what another `up` does."""

import signal
import socket
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
import yaml

from dev.application import walkthrough
from dev.application.project import PROJECT, load_openapi
from dev.application.stack import Stack, Status
from dev.errors import DevError
from dev.local_aws import emulator, sam
from dev.local_aws.emulator import HOST, Emulator
from tests.waiting import DEADLINE_SECONDS, wait_until

pytestmark = pytest.mark.slow
type NewStack = Callable[[], Stack]


def up(stack: Stack) -> Status:
    """Start the stack and describe it."""
    stack.up(quiet)
    return stack.status()


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
    before = up(new_stack())
    token = new_stack().token("alice")
    new_stack().client("dynamodb").delete_item(
        TableName=before.tables["ProductsTable"],
        Key={"customer_id": {"S": "CUST-1004"}, "product_id": {"S": "SAV-02"}},
    )

    new_stack().down(quiet)
    after = up(new_stack())

    assert after == before
    assert new_stack().client("dynamodb").scan(TableName=after.tables["ProductsTable"])["Count"] == 3
    assert products_answer(new_stack(), token)


def test_a_kill_corrupts_nothing(new_stack: NewStack) -> None:
    before = up(new_stack())
    process = new_stack().emulator.daemon.process()
    assert process is not None

    process.kill()
    process.wait(DEADLINE_SECONDS)
    with pytest.raises(DevError, match="not running"):
        new_stack().status()
    after = up(new_stack())

    assert after.api_url == before.api_url
    walkthrough.run(new_stack(), quiet)


def test_an_interrupted_first_up_can_be_repeated(new_stack: NewStack, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C reaches `sam deploy` and `dev up` while the emulator creates the stack."""
    stack = new_stack()
    run = sam._run

    def interrupt_deploy(arguments: Sequence[str], root: Path, endpoint_url: str) -> None:
        if arguments[0] != "deploy":
            return run(arguments, root, endpoint_url)
        command = [sam.SAM, *arguments, "--config-env", "none"]
        with subprocess.Popen(command, cwd=root, env=sam.environment(endpoint_url), stdout=subprocess.DEVNULL) as child:
            wait_until(lambda: stack.client("cloudformation").list_stacks()["StackSummaries"])
            child.send_signal(signal.SIGINT)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(sam, "_run", interrupt_deploy)
        with pytest.raises(KeyboardInterrupt):
            stack.up(quiet)

    assert not stack.emulator.is_running()
    up(new_stack())
    walkthrough.run(new_stack(), quiet)


def test_api_that_changed_keeps_its_address_and_its_key(new_stack: NewStack, tmp_path: Path) -> None:
    """The emulator makes a changed API anew."""
    before = up(new_stack())
    contract = load_openapi()
    contract["info"]["description"] = "Changed."
    openapi = tmp_path / "changed.yaml"
    openapi.write_text(yaml.safe_dump(contract))

    after = up(replace(new_stack(), project=replace(PROJECT, openapi=openapi)))

    assert (after.api_url, after.api_key) == (before.api_url, before.api_key)
    assert products_answer(new_stack(), new_stack().token("alice"))
    with new_stack().http() as http:
        assert http.get("users", headers={"X-Api-Key": after.api_key}).status_code == 200


def test_down_leaves_no_process_and_no_port(new_stack: NewStack) -> None:
    up(new_stack())
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
