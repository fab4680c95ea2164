"""`dev` itself."""

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
