"""The documents agree with the code: commands exist, the map of functions is complete, links lead somewhere."""

import re
from pathlib import Path
from typing import cast

import pytest
import typer

from dev.application.screenshots import IMAGES, SHOTS
from dev.cli import app
from dev.local_aws.template import functions, load_template
from dev.paths import ROOT, TEMPLATE

CLI = cast(typer.core.TyperGroup, typer.main.get_command(app))
README = (ROOT / "README.md").read_text()
DOCUMENTS = sorted(ROOT.glob("*.md")) + sorted((ROOT / "docs").glob("*.md"))
COMMANDS = [
    line.partition("  #")[0].strip()
    for document in DOCUMENTS
    for block in re.findall(r"```sh\n(.*?)```", document.read_text(), re.DOTALL)
    for line in block.replace("\\\n", " ").splitlines()
]


OTHER_TRIGGERS = {
    "AuthorizeFunction": "authorizer of PUT /users/{user_id}",
    "OnProductChangeFunction": "stream of ProductsTable",
    "OnUserChangeFunction": "stream of UsersTable, INSERT and REMOVE",
    "OnMediaUploadFunction": "objects under uploads/ in MediaBucket",
    "OnMessageFunction": "stream of MessagesTable, new messages",
}


def test_map_of_functions_is_the_template_s() -> None:
    rows = re.findall(r"^\| (\w+Function) \| (.+?) \|", README, re.MULTILINE)

    expected = [
        (
            function.logical_id,
            " ".join(function.routes[0]) if function.routes else OTHER_TRIGGERS[function.logical_id],
        )
        for function in functions(load_template(TEMPLATE)).values()
    ]
    assert rows == expected


@pytest.mark.parametrize("command", [command for command in COMMANDS if command.startswith("dev ")])
def test_dev_command_is_as_documented(command: str) -> None:
    _, name, *arguments = command.split()
    click_command = CLI.commands[name]
    if isinstance(click_command, typer.core.TyperGroup):
        click_command = click_command.commands[arguments[0]]
    options = {option for parameter in click_command.params for option in parameter.opts}

    assert {argument for argument in arguments if argument.startswith("--")} <= options


@pytest.mark.parametrize("command", [command for command in COMMANDS if command.startswith("make ")])
def test_make_target_exists(command: str) -> None:
    assert re.search(rf"(?m)^{command.split()[1]}:", (ROOT / "Makefile").read_text())


@pytest.mark.parametrize("command", COMMANDS)
def test_command_names_files_that_exist(command: str) -> None:
    named = [
        word
        for word in command.split()
        if word.startswith(("events/", "functions/", "guardrails/", "layers/", "tests/"))
    ]

    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_command_is_of_a_known_program(command: str) -> None:
    """A new kind of command needs a test of its own here or in tests/e2e."""
    assert command.split(maxsplit=1)[0] in {
        "make",
        "dev",
        "sam",
        "eval",
        "curl",
        "api=$(dev",
        "bob=$(dev",
        "source",
        "aws",
        "uv",
    }


@pytest.mark.parametrize("command", [command for command in COMMANDS if " --parameter-overrides " in command])
def test_command_gives_what_the_template_takes(command: str) -> None:
    """Every parameter that has no default, and none that is not there."""
    template = load_template(ROOT / next((word for word in command.split() if word.endswith(".yaml")), "template.yaml"))
    given = {name for name, equals, _ in (word.partition("=") for word in command.split()) if equals}

    needed = {name for name, parameter in template["Parameters"].items() if "Default" not in parameter}
    assert needed <= given <= template["Parameters"].keys()


def test_every_guardrail_is_documented() -> None:
    assert [path.name for path in (ROOT / "guardrails").iterdir() if f"guardrails/{path.name}" not in README] == []


def test_every_command_is_documented() -> None:
    groups = {name: each for name, each in CLI.commands.items() if isinstance(each, typer.core.TyperGroup)}
    names = [*CLI.commands, *(f"{group} {name}" for group, each in groups.items() for name in each.commands)]

    assert [name for name in names if not re.search(rf"`?\bdev {name}\b", README)] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_link_leads_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", document.read_text())

    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_path_in_prose_exists(document: Path) -> None:
    """Text in backticks that looks like a path of this repository, placeholders aside."""
    paths = re.findall(
        r"`((?:api|dev|docs|events|functions|guardrails|layers|tests|\.ci)/[\w./-]*)`", document.read_text()
    )

    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_pictures_of_the_page_are_those_that_the_script_takes() -> None:
    taken = {f"{state}-{look}.png" for state, looks in SHOTS.items() for look in looks}

    assert {path.name for path in IMAGES.iterdir()} == taken


@pytest.mark.parametrize("path", sorted(IMAGES.iterdir()), ids=lambda path: path.name)
def test_picture_is_small(path: Path) -> None:
    assert path.read_bytes().startswith(b"\x89PNG")
    assert path.stat().st_size < 150_000


def test_readme_shows_the_page() -> None:
    assert re.search(r"!\[.+\]\(docs/images/", README)
