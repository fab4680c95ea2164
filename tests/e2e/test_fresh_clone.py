"""The README's commands, in a fresh clone that has no environment yet."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from dev.paths import ROOT
from tests.unit.access_patterns import rows

UP_SECONDS = 300


class Clone:
    """A copy of what git knows of this repository, and commands run in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        listed = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        for name in listed.stdout.splitlines():
            if (ROOT / name).exists():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, folder / name)

    def run(self, command: str, *, expect: int = 0) -> str:
        """Run a shell command as a user would, without what this test run has set. Returns what it printed."""
        ours = ("AWS_", "MAKE", "MFLAGS", "POWERTOOLS_", "PYTEST_", "UV", "VIRTUAL_ENV")
        environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        elsewhere = [entry for entry in environment["PATH"].split(os.pathsep) if not entry.startswith(str(ROOT))]
        environment["PATH"] = os.pathsep.join(elsewhere)
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=UP_SECONDS,
            check=False,
        )
        assert done.returncode == expect, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clone]:
    """A clone; after the tests `make down` must leave nothing of it running."""
    clone = Clone(tmp_path_factory.mktemp("clone"))
    yield clone
    clone.run("make down")
    assert not (clone.folder / ".local").exists()
    assert [line for line in command_lines() if str(clone.folder) in line] == []
    assert "not running" in clone.run(".venv/bin/dev status 2>&1", expect=1)


def command_lines() -> list[str]:
    return [" ".join(process.info["cmdline"] or []) for process in psutil.process_iter(["cmdline"])]


@pytest.fixture(scope="module")
def first_run(clone: Clone) -> str:
    """What the first `make run` printed."""
    return clone.run("make run")


def test_run_walks_through_products(first_run: str) -> None:
    answers = re.findall(r"^  (\d{3}) (\w+) +/customers", first_run, re.MULTILINE)
    changes = re.findall(r"^  (INSERT|MODIFY|REMOVE) ", first_run, re.MULTILINE)

    assert answers == [
        ("201", "POST"),
        ("200", "GET"),
        ("200", "GET"),
        ("412", "PATCH"),
        ("200", "PATCH"),
        ("204", "DELETE"),
        ("404", "GET"),
    ]
    assert changes == ["INSERT", "MODIFY", "REMOVE"]


def test_run_walks_through_users(first_run: str) -> None:
    answers = re.findall(r"^  (\d{3}) (\w+) +/users", first_run, re.MULTILINE)
    archived = re.findall(r"^  (created|deleted) demo-ada", first_run, re.MULTILINE)

    assert answers == [
        ("403", "GET"),
        ("200", "GET"),
        ("401", "PUT"),
        ("403", "PUT"),
        ("200", "PUT"),
        ("200", "GET"),
        ("200", "PUT"),
        ("200", "GET"),
        ("200", "GET"),
        ("409", "PUT"),
        ("200", "PUT"),
        ("404", "DELETE"),
        ("204", "DELETE"),
        ("204", "DELETE"),
        ("429", "GET"),
    ]
    assert re.findall(r"  (\d) users?", first_run) == ["0", "1", "2"]
    assert archived == ["created", "deleted"]
    assert "the MODIFY between them was not delivered" in first_run


def test_run_walks_through_media(first_run: str) -> None:
    answers = re.findall(r"^  (\d{3}) (\w+) +(?:/media|/shared|the form|its Location)", first_run, re.MULTILINE)

    assert answers == [
        ("201", "POST"),
        ("201", "POST"),
        ("204", "POST"),
        ("200", "GET"),
        ("201", "POST"),
        ("302", "GET"),
        ("200", "GET"),
        ("200", "GET"),
        ("204", "DELETE"),
        ("404", "GET"),
        ("201", "POST"),
        ("410", "GET"),
        ("302", "GET"),
        ("200", "GET"),
        ("404", "GET"),
        ("422", "POST"),
        ("204", "DELETE"),
        ("204", "DELETE"),
    ]
    assert "/stats  1 download\n" in first_run


def test_run_walks_through_messages(first_run: str) -> None:
    answers = re.findall(r"^  (\d{3}) (\w+) +/message-groups", first_run, re.MULTILINE)
    lists = re.findall(r"^  200 GET    /message-groups as .*?  (.*)$", first_run, re.MULTILINE)

    assert answers == [
        *[("201", "POST")] * 2,
        ("200", "GET"),
        *[("201", "POST")] * 3,
        *[("200", "GET")] * 3,
        ("404", "GET"),
    ]
    assert lists == ["carol: Hello, Carol!; bob: Hello, Bob!", "bob: How are you?; carol: Hello, Carol!"]


def test_run_prints_what_the_readme_shows(first_run: str, clone: Clone) -> None:
    (shown,) = re.findall(
        r"<!-- output of make run -->\n```text\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL
    )

    assert without_what_varies(shown) == without_what_varies(first_run)


def without_what_varies(output: str) -> list[str]:
    """Return the lines on standard output, passwords and ports aside: progress goes to standard error."""
    hidden = re.sub(r"(?m)^key +\S+", "KEY", re.sub(r"\bAa1\S+", "PASSWORD", output))
    lines = re.sub(r":\d{4,5}\b", ":PORT", hidden).splitlines()
    return [line for line in lines if not re.match(r" +\d+\.\d s  |Preparing ", line)]


def test_run_again_keeps_the_address(first_run: str, clone: Clone) -> None:
    again = clone.run("make run")

    address = re.compile(r"^API +(\S+)", re.MULTILINE)
    assert address.findall(again) == address.findall(first_run)
    assert "Everything worked" in again


def test_status_says_what_a_client_needs(first_run: str, clone: Clone) -> None:
    status = json.loads(clone.run(".venv/bin/dev status --json"))

    assert set(status) >= {
        "api_url",
        "endpoint_url",
        "region",
        "stack_name",
        "user_pool_id",
        "user_pool_client_id",
        "api_key",
        "tables",
        "buckets",
        "functions",
        "users",
    }
    assert status["api_key"]
    assert set(status["buckets"]) == {"UserArchiveBucket", "MediaBucket", "MediaLogBucket"}
    assert [(user["customer_id"], user["groups"]) for user in status["users"]] == [
        ("CUST-1001", []),
        ("CUST-1002", []),
        (None, ["staff"]),
        (None, ["writers"]),
        (None, ["writers"]),
    ]
    assert set(status["users"][0]) == {"email", "password", "sub", "customer_id", "groups"}


def test_a_change_is_deployed_by_another_up(first_run: str, clone: Clone) -> None:
    source = clone.folder / "functions" / "products" / "get.py"
    original = source.read_text()
    source.write_text(original.replace("Response(200, product.to_json()", 'Response(200, {"changed": True}'))

    clone.run(".venv/bin/dev up")

    source.write_text(original)
    api_url = json.loads(clone.run(".venv/bin/dev status --json"))["api_url"]
    token = clone.run(".venv/bin/dev token alice").strip()
    answer = httpx.get(f"{api_url}/customers/CUST-1001/products/SAV-01", headers={"Authorization": token}, timeout=60)
    assert answer.json() == {"changed": True}


def test_invoke_prints_the_answer(first_run: str, clone: Clone) -> None:
    answer = clone.run(".venv/bin/dev invoke CreateProductFunction events/products/create/ok.json")

    assert json.loads(answer)["statusCode"] == 201


def test_logs_show_what_functions_logged(first_run: str, clone: Clone) -> None:
    assert '"message":"product changed"' in clone.run(".venv/bin/dev logs OnProductChangeFunction")


def test_filter_says_what_is_dropped_and_why(first_run: str, clone: Clone) -> None:
    assert clone.run(".venv/bin/dev filter events/users/on_change/modify.json") == (
        "OnUserChangeMapping: UsersTable to OnUserChangeFunction\n"
        '  record 1 dropped: eventName is "MODIFY", not "INSERT" or "REMOVE"\n'
    )


def test_redrive_of_nothing_is_a_success(first_run: str, clone: Clone) -> None:
    assert clone.run(".venv/bin/dev redrive") == "0 messages came home, 0 kept\n"


def test_redrive_reaches_a_stack_with_the_shell_s_own_credentials(first_run: str, clone: Clone) -> None:
    status = json.loads(clone.run(".venv/bin/dev status --json"))
    shell = (
        f"AWS_ENDPOINT_URL={status['endpoint_url']} AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test "
        f"AWS_DEFAULT_REGION={status['region']} .venv/bin/dev redrive --stack-name"
    )

    assert clone.run(f"{shell} {status['stack_name']}") == "0 messages came home, 0 kept\n"
    clone.run(f"{shell} no-such-stack 2>error", expect=1)
    assert (clone.folder / "error").read_text().startswith("error: Cannot look into the stack no-such-stack: ")


def test_seed_adds_nothing_twice(first_run: str, clone: Clone) -> None:
    clone.run(".venv/bin/dev seed")

    assert clone.run(".venv/bin/dev seed") == "0 items added.\n"


def test_tables_are_listed(first_run: str, clone: Clone) -> None:
    listed = json.loads(clone.run(".venv/bin/dev tables list --json"))

    assert [each["table"] for each in listed] == [
        "IdempotencyTable",
        "ProductsTable",
        "UsersTable",
        "MediaTable",
        "MessagesTable",
    ]


def test_patterns_that_are_printed_are_those_of_the_document(first_run: str, clone: Clone) -> None:
    printed = re.findall(r"^([a-z-]+)  \(.+\)$", clone.run(".venv/bin/dev tables patterns"), re.MULTILINE)

    assert printed == [row.name for row in rows()]


def test_tables_of_a_stack_are_reached_with_the_shell_s_own_credentials(first_run: str, clone: Clone) -> None:
    status = json.loads(clone.run(".venv/bin/dev status --json"))
    shell = (
        f"AWS_ENDPOINT_URL={status['endpoint_url']} AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test "
        f"AWS_DEFAULT_REGION={status['region']} .venv/bin/dev tables"
    )
    name = status["stack_name"]

    listed = json.loads(clone.run(f"{shell} list --json --stack {name}"))
    clone.run(f"echo yes | {shell} drop products --stack {name} 2>error", expect=1)

    assert {each["table"]: each["name"] for each in listed} == status["tables"]
    assert (clone.folder / "error").read_text().endswith("That is not the stack's name. Nothing was changed.\n")
    assert clone.run(f"echo {name} | {shell} seed products --stack {name}") == "0 items added.\n"


@pytest.mark.parametrize(
    "command",
    [
        *("", "up", "down", "status", "demo", "seed", "token", "env"),
        *("invoke", "replay", "logs", "redrive", "filter", "tables"),
        *(f"tables {name}" for name in ("list", "describe", "scan", "seed", "drop", "patterns", "model")),
    ],
)
def test_command_has_help(first_run: str, clone: Clone, command: str) -> None:
    assert "Usage:" in clone.run(f".venv/bin/dev {command} --help")


@pytest.mark.parametrize(
    "command",
    [
        "token nobody",
        "invoke NoFunction events/products/get/ok.json",
        "logs NoFunction",
        "replay --target nowhere",
        "redrive CreateProductFunction",
        "tables scan orders",
        "tables list --profile admin",
        "tables drop products </dev/null",
        "filter events/products/get/ok.json",
        "invoke GetProductFunction events/products/on_change/insert.json",
    ],
)
def test_failure_is_a_message_and_an_exit_code(first_run: str, clone: Clone, command: str) -> None:
    clone.run(f".venv/bin/dev {command} 2>error", expect=1)

    assert (clone.folder / "error").read_text().splitlines()[-1].startswith("error: ")


def test_sam_local_invokes_against_the_running_stack(docker: None, first_run: str, clone: Clone) -> None:
    prepare = 'eval "$(.venv/bin/dev env)"'
    invoke = ".venv/bin/sam local invoke CreateProductFunction -e events/products/create/ok.json"

    assert json.loads(clone.run(f"{prepare} && {invoke}"))["statusCode"] == 201
