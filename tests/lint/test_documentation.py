"""The documents match the code: commands exist, every function is in a table, links and paths exist."""

import functools
import re
import tomllib
from collections.abc import Iterator
from typing import Any

from dev.events.sources import Application, Authorizer, Notification, Stream
from dev.local_aws.template import load_yaml
from dev.paths import ROOT
from tests.lint.rules import check
from tests.template_facts import CONTRACT, FUNCTION_IDS, FUNCTIONS_BY_ID, TEMPLATE

DOCUMENTS = sorted(ROOT.glob("*.md")) + sorted((ROOT / "docs").glob("*.md"))
TEXT = "\n".join(document.read_text() for document in DOCUMENTS)
COMMANDS = [
    line.partition("  #")[0].strip().removeprefix(".venv/bin/")
    for document in DOCUMENTS
    for block in re.findall(r"```sh\n(.*?)```", document.read_text(), re.DOTALL)
    for line in block.replace("\\\n", " ").splitlines()
    if line.strip()
]
PROGRAMS = {
    "make",
    "dev",
    "sam",
    "env",
    "eval",
    "curl",
    "api=$(dev",
    "bob=$(dev",
    "source",
    "aws",
    "ruff",
    "pytest",
}
LONGEST_FOR_AGENTS = 40


def test_tables_of_functions_match_the_template() -> None:
    rows = dict(function_rows(TEXT))
    triggers = {name: trigger(name) for name in FUNCTION_IDS}

    missing = [f"missing: {name}, {text}" for name, text in triggers.items() if name not in rows]
    wrong = [
        f"{name}: {rows[name]}, not {text}"
        for name, text in triggers.items()
        if name in rows and rows[name].partition(",")[0] != text
    ]
    check(
        [*missing, *wrong, *(f"unknown: {name}" for name in rows.keys() - triggers.keys())], "Correct docs/<feature>.md"
    )


def test_rows_of_functions_are_in_the_order_of_the_template() -> None:
    names = {document.name: [name for name, _ in function_rows(document.read_text())] for document in DOCUMENTS}

    check(
        (name for name, rows in names.items() if rows != [each for each in FUNCTION_IDS if each in rows]),
        "Sort the rows as the functions in template.yaml",
    )


def test_documents_and_budgets_name_functions_that_exist() -> None:
    """The changelog can name functions of earlier versions."""
    known = {*FUNCTION_IDS, "CloseProductFunction"}  # the example of README.md and CONTRIBUTING.md
    budgets = tomllib.loads((ROOT / "benchmarks" / "budgets.toml").read_text())

    offenders = [
        f"{document.name}: {name}"
        for document in DOCUMENTS
        if document.name != "CHANGELOG.md"
        for name in re.findall(r"\b[A-Z]\w*Function\b", document.read_text())
        if name not in known
    ]
    offenders += [f"budgets.toml: {name}" for name in budgets if name not in {f.name for f in FUNCTIONS_BY_ID.values()}]
    check(offenders, "Name functions that exist, or delete these names")


def function_rows(text: str) -> list[tuple[str, str]]:
    """Return the name and the trigger of each function in the tables of a document."""
    without_examples = re.sub(r"```markdown\n.*?```", "", text, flags=re.DOTALL)
    return re.findall(r"^\| (\w+Function) \| (.+?) \|", without_examples, re.MULTILINE)


def trigger(logical_id: str) -> str:
    """Return what invokes a function, as its row in docs/<feature>.md begins."""
    function = FUNCTIONS_BY_ID[logical_id]
    if function.routes:
        return " ".join(function.routes[0])
    match Application(TEMPLATE, CONTRACT).sources(function):
        case [Stream(table), *_]:
            return f"stream of {table}"
        case [Notification(bucket, _, prefix), *_]:
            return f"objects under {prefix} in {bucket}"
        case [Authorizer(_, method, resource), *_]:
            return f"authorizer of {method} {resource}"
    return "nothing"


@functools.cache
def commands_of_dev() -> dict[str, set[str]]:
    """Return the options of each command, such as `up` or `tables list`. Importing them takes a second."""
    import typer

    from dev.cli import app

    def walk(group: Any, prefix: str) -> Iterator[tuple[str, set[str]]]:
        for name, command in group.commands.items():
            yield prefix + name, {option for parameter in command.params for option in parameter.opts}
            if isinstance(command, typer.core.TyperGroup):
                yield from walk(command, f"{prefix}{name} ")

    return dict(walk(typer.main.get_command(app), ""))


def test_dev_commands_are_as_documented() -> None:
    known, offenders = commands_of_dev(), []
    for command in COMMANDS:
        program, *words = command.split()
        names = [word for word in words if not word.startswith("-")]
        name = next((each for each in (" ".join(names[:2]), " ".join(names[:1])) if each in known), "")
        options = {word.partition("=")[0] for word in words if word.startswith("--")}
        if program == "dev" and not (name and options <= known[name]):
            offenders.append(command)

    check(offenders, "Document commands and options that `dev` has")


def test_make_targets_exist() -> None:
    targets = re.findall(r"(?m)^([\w-]+):", (ROOT / "Makefile").read_text())

    check(
        (command for command in COMMANDS if command.startswith("make ") and command.split()[1] not in targets),
        "Document targets that the Makefile has",
    )


def test_commands_name_files_that_exist() -> None:
    folders = ("events/", "functions/", "guardrails/", "layers/", "pipeline/", "tests/")

    offenders = [
        f"{word} in: {command}"
        for command in COMMANDS
        for word in command.split()
        if word.startswith(folders) and not (ROOT / word).exists()
    ]
    check(offenders, "Name files that exist")


def test_commands_are_of_known_programs() -> None:
    """Add a test here or in tests/e2e before adding a program to the list."""
    check((command for command in COMMANDS if command.split(maxsplit=1)[0] not in PROGRAMS), "Test these commands")


def test_commands_give_the_parameters_of_the_template() -> None:
    """Commands give every parameter without a default, and no unknown parameter."""
    offenders = [
        f"{command}: {', '.join(sorted(wrong))}"
        for command in COMMANDS
        if " --parameter-overrides " in command and (wrong := wrong_parameters(command))
    ]

    check(offenders, "Give the parameters that the template has, and those without a default")


def wrong_parameters(command: str) -> set[str]:
    """Return the parameters that a command lacks, and those that its template does not have."""
    template = load_yaml(ROOT / next((word for word in command.split() if word.endswith(".yaml")), "template.yaml"))
    given = {name for name, equals, _ in (word.partition("=") for word in command.split()) if equals}
    needed = {name for name, parameter in template["Parameters"].items() if "Default" not in parameter}
    return (needed - given) | (given - set(template["Parameters"]))


def test_every_guardrail_is_documented() -> None:
    paths = [f"guardrails/{path.name}" for path in (ROOT / "guardrails").iterdir()]

    check((path for path in paths if path not in TEXT), "Mention these in docs/private-access.md")


def test_every_command_is_documented() -> None:
    check(
        (name for name in commands_of_dev() if not re.search(rf"\bdev {name}\b", TEXT)),
        "Document these commands of `dev` in README.md or docs/",
    )


def test_links_name_files_that_exist() -> None:
    offenders = [
        f"{document.name}: {link}"
        for document in DOCUMENTS
        for link in re.findall(r"\]\(([^)#:]+)\)", document.read_text())
        if not (document.parent / link).exists()
    ]

    check(offenders, "Link to files that exist")


def test_paths_in_prose_exist() -> None:
    """Text in backticks that looks like a path of this repository, placeholders aside."""
    path = re.compile(r"`((?:api|dev|docs|events|functions|guardrails|layers|pipeline|tests|\.ci)/[\w./-]*)`")

    offenders = [
        f"{document.name}: {name}"
        for document in DOCUMENTS
        for name in path.findall(document.read_text())
        if not (ROOT / name).exists()
    ]
    check(offenders, "Name paths that exist")


def test_instructions_for_agents_are_short() -> None:
    assert len((ROOT / "AGENTS.md").read_text().splitlines()) <= LONGEST_FOR_AGENTS
