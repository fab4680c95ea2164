"""`dev` itself."""

import re
import subprocess
import sys

import typer
from typer.testing import CliRunner

from dev.cli import app

GROUP = typer.main.get_group(app)
TABLES = GROUP.commands["tables"]


def test_every_command_has_help() -> None:
    assert isinstance(TABLES, typer.core.TyperGroup)
    commands = [[], *([name] for name in GROUP.commands), *(["tables", name] for name in TABLES.commands)]

    helpless = [command for command in commands if "Usage:" not in CliRunner().invoke(app, [*command, "--help"]).stdout]

    assert len(commands) > 20
    assert helpless == []


def test_version_is_that_of_the_project() -> None:
    assert re.fullmatch(r"[a-z-]+ \d+\.\d+\.\d+\n", CliRunner().invoke(app, ["--version"]).stdout)


def test_help_starts_fast_without_heavy_libraries() -> None:
    show = "import sys; from dev.cli import app; app(['--help'], standalone_mode=False); print('Loaded', *sys.modules)"

    done = subprocess.run([sys.executable, "-c", show], capture_output=True, text=True, check=True)

    loaded = {name.partition(".")[0] for name in done.stdout.partition("Loaded ")[2].split()}
    assert "typer" in loaded
    assert loaded & {"boto3", "botocore", "moto", "samtranslator"} == set()
