"""The local stack, with a project that has nothing in common with this application."""

import contextlib
import itertools
import json
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from dev.errors import DevError
from dev.local_aws import emulator, logs, sam
from dev.local_aws.daemon import has_ended
from dev.local_aws.emulator import HOST, Emulator
from dev.local_aws.event_sources.deployed_mappings import Plan
from dev.local_aws.event_sources.poller import workers
from dev.local_aws.event_sources.service import PLAN
from dev.local_aws.event_sources.worker import StopSignal
from dev.local_aws.invocation import Outcome, invoke
from dev.local_aws.project import Project
from dev.local_aws.stack import LocalStack
from dev.local_aws.watch import watch_stack
from dev.redrive.stack import Redrive
from tests.waiting import DEADLINE_SECONDS, wait_until

pytestmark = pytest.mark.slow
ROOT = Path(__file__).with_name("tiny_project")
type NewStack = Callable[[], LocalStack]


def quiet(_: str) -> None:
    """Report nothing."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tiny")
    shutil.copytree(ROOT, folder / "project")
    return folder


def tiny(home: Path, folder: Path) -> LocalStack:
    """Return a stack object, as each command makes its own. All share a build."""
    root = folder / "project"
    project = Project(root / "template.yaml", root / "openapi.yaml", root / "functions")
    return LocalStack(home, folder / "build", 0, "tiny", project)


@pytest.fixture(scope="module")
def new_stack(folder: Path) -> Iterator[NewStack]:
    """Makes stack objects of one home."""

    def make() -> LocalStack:
        return tiny(folder / "home", folder)

    yield make
    make().down(quiet, delete=True)


@pytest.fixture
def stack(new_stack: NewStack) -> LocalStack:
    """A stack that is up, whatever the test before has left."""
    stack = new_stack()
    stack.up(quiet)
    return stack


def key(stack: LocalStack) -> str:
    found = stack.client("apigateway").get_api_key(apiKey=stack.outputs()["NotesKeyId"], includeValue=True)
    return str(found["value"])


def put(stack: LocalStack, note: str, api_key: str) -> tuple[int, object]:
    headers = {"x-api-key": api_key}
    answer = httpx.put(f"{stack.api_url()}/notes/{note}", headers=headers, timeout=DEADLINE_SECONDS, trust_env=False)
    return answer.status_code, answer.json()


def notes(stack: LocalStack) -> set[str]:
    table = stack.resources()["AWS::DynamoDB::Table"]["NotesTable"]
    return {item["id"]["S"] for item in stack.client("dynamodb").scan(TableName=table)["Items"]}


def consumed(stack: LocalStack, note: str) -> bool:
    """Return whether the consumer has logged a note once."""
    return [entry.fields.get("id") for entry in logs.read(stack, ["OnNoteFunction"])].count(note) == 1


def test_unchanged_project_is_neither_built_nor_deployed_again(stack: LocalStack) -> None:
    reported: list[str] = []
    stack.up(reported.append)
    assert reported[1:] == ["nothing changed since the last deployment"]


def consumer(stack: LocalStack) -> Callable[[dict[str, Any]], Outcome]:
    return partial(invoke, stack.client("lambda"), stack.resources()["AWS::Lambda::Function"]["OnNoteFunction"])


def test_changed_code_is_deployed_by_another_up(stack: LocalStack) -> None:
    code = stack.project.functions / "on_note.py"
    original = code.read_text()
    code.write_text("def handler(event, context):\n    return 'changed'\n")

    stack.up(quiet)

    code.write_text(original)
    assert consumer(stack)({"Records": []}).result == "changed"


@contextlib.contextmanager
def watching(stack: LocalStack) -> Iterator[list[str]]:
    """Watch the files of a stack. Provides what is reported."""
    stop, reported = threading.Event(), list[str]()
    thread = threading.Thread(target=watch_stack, args=(stack, reported.append, stop))
    thread.start()
    try:
        wait_until(lambda: reported)
        yield reported
    finally:
        stop.set()
        thread.join()


def test_saved_code_is_used_at_once_until_the_next_deployment(stack: LocalStack) -> None:
    code = stack.project.functions / "on_note.py"
    original = code.read_text()
    function = consumer(stack)

    with watching(stack) as reported:
        code.write_text("def handler(")
        wait_until(lambda: "error: functions/on_note.py, line 1: '(' was never closed" in reported)
        code.write_text("import no_such_module\n")
        wait_until(lambda: "No module named 'no_such_module'" in function({"Records": []}).log)
        code.write_text("def handler(event, context):\n    return 'saved'\n")
        wait_until(lambda: function({"Records": []}).result == "saved")
        wait_until(lambda: changes(stack) == [])
    code.write_text(original)
    assert changes(stack) == ["The stack runs older files than those that are saved. Deploy them with: dev up"]
    stack.up(quiet)
    assert changes(stack) == []

    assert function({"Records": []}).result is None


def changes(stack: LocalStack) -> list[str]:
    reported = list[str]()
    stack.report_changes(reported.append)
    return reported


BROKEN = """
  AlarmWithoutThreshold:
    Type: AWS::CloudWatch::Alarm
    DependsOn: OnNoteFunction
    Properties: { Namespace: Tiny, MetricName: Notes, EvaluationPeriods: 1, ComparisonOperator: GreaterThanThreshold }

Outputs:"""


def test_failed_deployment_leaves_the_last_version(stack: LocalStack) -> None:
    template, code = stack.project.template, stack.project.functions / "on_note.py"
    originals = {path: path.read_text() for path in (template, code)}

    template.write_text(originals[template].replace("\nOutputs:", BROKEN))
    code.write_text("def handler(event, context):\n    return 'new'\n")
    with pytest.raises(DevError, match=r"^`sam deploy` failed:\nAlarmWithoutThreshold \(AWS::CloudWatch::Alarm\): "):
        stack.up(quiet)
    for path, text in originals.items():
        path.write_text(text)

    function = consumer(stack)
    assert function({"Records": []}).result is None
    assert put(stack, "kept", key(stack)) == (200, {"stored": True})


def test_stack_that_was_deleted_by_hand_is_deployed_again(stack: LocalStack) -> None:
    cloudformation = stack.client("cloudformation")
    cloudformation.delete_stack(StackName="tiny")
    cloudformation.get_waiter("stack_delete_complete").wait(StackName="tiny", WaiterConfig={"Delay": 1})

    stack.up(quiet)

    assert put(stack, "n1", key(stack)) == (200, {"stored": True})


def test_direct_route_writes_and_stream_consumer_reads(stack: LocalStack) -> None:
    assert put(stack, "read", key(stack)) == (200, {"stored": True})
    wait_until(lambda: consumed(stack, "read"))


@dataclass
class SimulatedTime(StopSignal):
    """Each pause between retries lasts six hours, and takes no time."""

    now: float = field(default_factory=time.time)

    def pause(self, seconds: float) -> None:
        self.now += 6 * 3600


def test_records_that_the_stream_has_forgotten_are_redriven(stack: LocalStack) -> None:
    """The consumer fails for two days."""
    physical, api_key, simulated = stack.resources(), key(stack), SimulatedTime()
    lambda_, function = stack.client("lambda"), physical["AWS::Lambda::Function"]["OnNoteFunction"]
    s3, bucket = stack.client("s3"), physical["AWS::S3::Bucket"]["NotesFailures"]
    stack.poller.stop()
    lambda_.update_function_configuration(FunctionName=function, Handler="on_note.broken")
    (worker,) = workers(Plan.from_text((stack.home / PLAN).read_text()), stack.home, simulated)
    worker.clock = lambda: simulated.now

    for note in ("old", "older"):
        put(stack, note, api_key)
        assert worker.poll()
        simulated.now += 24 * 3600
    lambda_.update_function_configuration(FunctionName=function, Handler="on_note.handler")
    stack.emulator.stop()
    stack.emulator.start()
    assert [worker.stream.newest(shard) for shard in worker.stream.shards()] == [""]

    redrive = Redrive(s3, bucket, {function: "OnNoteFunction"}, partial(invoke, lambda_))
    results = list(redrive.run(None, None, dry_run=False))

    assert [(result.state, result.condition) for result in results] == [("redriven", "RecordAgeExceeded")] * 2
    wait_until(lambda: consumed(stack, "old") and consumed(stack, "older"))
    assert s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 0


def test_data_key_and_address_survive_a_stop(stack: LocalStack, new_stack: NewStack) -> None:
    address, api_key = stack.api_url(), key(stack)
    assert put(stack, "before", api_key) == (200, {"stored": True})
    kept = notes(stack)

    new_stack().down(quiet)
    again = new_stack()
    again.up(quiet)

    assert (again.api_url(), put(again, "after", api_key)) == (address, (200, {"stored": True}))
    assert "before" in kept
    assert notes(again) == kept | {"after"}
    wait_until(lambda: consumed(again, "after"))


def test_down_delivers_what_was_accepted(stack: LocalStack, new_stack: NewStack) -> None:
    """Notes of a client that goes on writing, and an asynchronous event."""
    api_key, accepted = key(stack), list[str]()
    lambda_, function = stack.client("lambda"), stack.resources()["AWS::Lambda::Function"]["OnNoteFunction"]

    def write() -> None:
        for note in map("note-{}".format, itertools.count()):
            if put(stack, note, api_key)[0] != 200:
                return
            accepted.append(note)

    writer = threading.Thread(target=write)
    writer.start()
    wait_until(lambda: len(accepted) > 5)
    event = {"Records": [{"dynamodb": {"Keys": {"id": {"S": "event"}}}}]}
    lambda_.invoke(FunctionName=function, InvocationType="Event", Payload=json.dumps(event))
    new_stack().down(quiet)
    writer.join()

    again = new_stack()
    again.emulator.start()
    logged = {entry.fields.get("id") for entry in logs.read(again, ["OnNoteFunction"])}
    assert {*accepted, "event"} - logged == set()


def test_up_repairs_what_a_kill_leaves(stack: LocalStack, new_stack: NewStack) -> None:
    address, process = stack.api_url(), stack.emulator.daemon.process()
    assert process is not None

    process.kill()
    process.wait(DEADLINE_SECONDS)
    with pytest.raises(DevError, match="not running"):
        new_stack().api_url()
    again, reported = new_stack(), list[str]()
    again.up(reported.append)

    assert reported[0] == "The emulator was killed: writes since the last `dev down` are lost."
    assert (again.api_url(), put(again, "killed", key(again))) == (address, (200, {"stored": True}))
    wait_until(lambda: consumed(again, "killed"))


def test_interrupted_first_up_can_be_repeated(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C reaches `sam deploy` and `dev up` while the emulator creates the stack."""
    stack = tiny(tmp_path, folder)
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
    again = tiny(tmp_path, folder)
    try:
        again.up(quiet)
        assert put(again, "n1", key(again)) == (200, {"stored": True})
    finally:
        again.down(quiet, delete=True)


def test_api_that_changed_keeps_its_address_and_its_key(stack: LocalStack, tmp_path: Path) -> None:
    """The emulator makes a changed API anew."""
    address, api_key = stack.api_url(), key(stack)
    openapi = tmp_path / "changed.yaml"
    openapi.write_text((ROOT / "openapi.yaml").read_text().replace("Stored.", "Changed."))

    changed = replace(stack, project=replace(stack.project, openapi=openapi))
    changed.up(quiet)

    assert (changed.api_url(), put(changed, "n1", api_key)) == (address, (200, {"stored": True}))


def test_down_leaves_no_process_and_no_port(stack: LocalStack, new_stack: NewStack) -> None:
    assert put(stack, "n1", key(stack)) == (200, {"stored": True})  # so that a function's process runs
    process, poller, port = stack.emulator.daemon.process(), stack.poller.daemon.process(), stack.emulator.port
    assert process is not None
    assert poller is not None
    assert port is not None
    family = [poller, process, *process.children(recursive=True)]
    assert len(family) > 2

    assert new_stack().down(quiet, delete=True) is True

    assert [member for member in family if not has_ended(member)] == []
    with socket.socket() as probe:
        assert probe.connect_ex((HOST, port)) != 0
    assert new_stack().down(quiet) is False


def test_port_that_another_program_took_first_is_left_to_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As when two clones start at once: both see a free port, and one gets it."""
    with socket.socket() as other:
        other.bind((HOST, 0))
        other.listen()
        port = other.getsockname()[1]
        ours = Emulator(tmp_path, default_port=port)
        looks = iter([True])
        monkeypatch.setattr(emulator, "_is_free", lambda port: next(looks, False))
        try:
            ours.start()
            assert ours.port not in {None, port}
        finally:
            ours.stop(save=False)


def test_emulator_listens_on_loopback_only(stack: LocalStack) -> None:
    process = stack.emulator.daemon.process()
    assert process is not None
    assert {each.laddr.ip for each in process.net_connections() if each.status == "LISTEN"} == {"127.0.0.1"}
