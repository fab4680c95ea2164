"""The commands of the documents, in a fresh clone whose stack runs."""

import json
import re
from pathlib import Path

import pytest

from dev.application.access_patterns.document import rows
from dev.application.stack import Status
from dev.local_aws.template import resources
from dev.paths import ROOT
from dev.replay.cases import event_files
from tests.e2e.clone import Clone
from tests.template_facts import TABLES, TEMPLATE


def test_status_has_everything_that_a_client_needs(first_run: str, clone: Clone) -> None:
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
    assert status["buckets"].keys() == resources(TEMPLATE, "AWS::S3::Bucket").keys()
    assert [user["customer_id"] for user in status["users"]] == ["CUST-1001", "CUST-1002", None, None, None]
    assert set(status["users"][0]) == {"email", "password", "sub", "customer_id", "groups"}


def dev_on_aws(status: Status) -> str:
    """Return the command `dev` in a shell whose credentials and address are those of the stack."""
    return (
        f"AWS_ENDPOINT_URL={status.endpoint_url} AWS_DEFAULT_REGION={status.region} "
        "AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test .venv/bin/dev"
    )


def test_redrive_succeeds_without_failed_events(first_run: str, clone: Clone) -> None:
    assert clone.run(".venv/bin/dev redrive") == "0 redriven, 0 remain\n"


def test_redrive_uses_the_credentials_of_the_shell_for_another_stack(status: Status, clone: Clone) -> None:
    shell = f"{dev_on_aws(status)} redrive --stack"

    assert clone.run(f"{shell} {status.stack_name}") == "0 redriven, 0 remain\n"
    clone.run(f"{shell} no-such-stack 2>error", expect=2)
    assert re.match(r"error: .*no-such-stack", (clone.folder / "error").read_text())


def test_seed_adds_nothing_twice(first_run: str, clone: Clone) -> None:
    clone.run(".venv/bin/dev seed")

    assert clone.run(".venv/bin/dev seed") == "0 items added.\n"


def test_patterns_prints_the_patterns_of_the_document(first_run: str, clone: Clone) -> None:
    printed = re.findall(r"^([a-z-]+)  \(.+\)$", clone.run(".venv/bin/dev tables patterns"), re.MULTILINE)

    assert printed == [row.name for row in rows()]


def test_tables_uses_the_credentials_of_the_shell_for_another_stack(status: Status, clone: Clone) -> None:
    shell = f"{dev_on_aws(status)} tables"
    name = status.stack_name

    listed = json.loads(clone.run(f"{shell} list --json --stack {name}"))
    clone.run(f"echo yes | {shell} drop {next(iter(TABLES))} --stack {name} 2>error", expect=1)

    assert {each["table"]: each["name"] for each in listed} == status.tables
    assert (clone.folder / "error").read_text().endswith(f'is {name}, not "yes". Nothing was changed.\n')
    assert clone.run(f"echo {name} | {shell} seed {next(iter(TABLES))} --stack {name}") == "0 items added.\n"


def test_replay_uses_the_credentials_of_the_shell_for_another_stack(status: Status, clone: Clone) -> None:
    event, name = event_files()[0].relative_to(ROOT), status.stack_name
    shell = f"{dev_on_aws(status)} replay {event} --stack {name}"

    clone.run(f"echo yes | {shell} 2>error", expect=2)

    assert (clone.folder / "error").read_text().endswith(f'is {name}, not "yes". Nothing was changed.\n')
    assert f"1 passed, 0 failed on {name}: " in clone.run(f"{shell} --confirm {name}")


def test_failure_is_a_message_and_an_exit_code(first_run: str, clone: Clone) -> None:
    clone.run(".venv/bin/dev token dave.example 2>error", expect=1)

    assert (clone.folder / "error").read_text().splitlines()[-1].startswith("error: ")


def requests_of(document: Path) -> list[str]:
    """Return the curl commands of a document, and the assignments that they need."""
    blocks = re.findall(r"```sh\n(.*?)```", document.read_text(), re.DOTALL)
    return [command for block in blocks for command in re.findall(r"(?m)^(?:api=|bob=|curl )(?:.*\\\n)*.*$", block)]


README = ROOT / "README.md"
DOCUMENTS = [README, *sorted((ROOT / "docs").glob("*.md"))]
WITH_REQUESTS = [path for path in DOCUMENTS if any(each.startswith("curl ") for each in requests_of(path))]


@pytest.mark.parametrize("document", WITH_REQUESTS, ids=lambda path: path.name)
def test_requests_of_a_document_are_answered(first_run: str, clone: Clone, document: Path) -> None:
    """The option --fail turns an error response into an exit code. README defines $api for every document."""
    address = next(command for command in requests_of(README) if command.startswith("api="))
    commands = [command for command in requests_of(document) if command != address]
    script = "\n".join(command.replace("curl ", "curl --silent --show-error --fail ", 1) for command in commands)

    answers = clone.run(f"set -e; source .venv/bin/activate\n{address}\n{script}")

    assert "curl " in script
    assert answers


def test_commands_for_agents_succeed(first_run: str, clone: Clone) -> None:
    """Other tests run the commands of make, and the suites, whose tests are only collected here."""
    (block,) = re.findall(r"```sh\n(.*?)```", (ROOT / "AGENTS.md").read_text(), re.DOTALL)
    commands = [line.partition("  #")[0].rstrip() for line in block.splitlines() if not line.startswith("make ")]

    for command in commands:
        clone.run(command.replace("pytest -q", "pytest -q --collect-only"))
