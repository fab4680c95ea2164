"""`dev` itself."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from dev.cli import app, main


def test_every_command_has_help() -> None:
    def walk(group: Any) -> Iterator[Any]:
        yield group
        for command in getattr(group, "commands", {}).values():
            yield from walk(command)

    commands = list(walk(typer.main.get_group(app)))
    assert len(commands) > 20
    assert [command.name for command in commands if not command.help] == []


def test_version_is_that_of_the_project() -> None:
    assert re.fullmatch(r"[a-z-]+ \d+\.\d+\.\d+\n", CliRunner().invoke(app, ["--version"]).stdout)


def test_help_loads_no_sdk() -> None:
    show = "import sys; from dev.cli import app; app(['--help'], standalone_mode=False); print('Loaded', *sys.modules)"

    done = subprocess.run([sys.executable, "-c", show], capture_output=True, text=True, check=True)

    loaded = {name.partition(".")[0] for name in done.stdout.partition("Loaded ")[2].split()}
    assert "typer" in loaded
    assert loaded & {"boto3", "botocore", "moto", "samtranslator"} == set()


@pytest.mark.parametrize(("others", "exempt"), [("", "127.0.0.1,localhost"), (".corp", "127.0.0.1,localhost,.corp")])
def test_no_proxy_leads_to_the_local_stack(monkeypatch: pytest.MonkeyPatch, others: str, exempt: str) -> None:
    monkeypatch.setenv("NO_PROXY", others)
    monkeypatch.setenv("no_proxy", "")
    monkeypatch.setattr("dev.cli.app", lambda: None)

    main()

    assert (os.environ["NO_PROXY"], os.environ["no_proxy"]) == (exempt, exempt)


def test_file_that_cannot_be_written_is_an_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("dev.cli.app", lambda: tmp_path.write_text(""))

    with pytest.raises(SystemExit) as ended:
        main()

    assert (ended.value.code, capsys.readouterr().err) == (1, f"error: Is a directory: {tmp_path}\n")
