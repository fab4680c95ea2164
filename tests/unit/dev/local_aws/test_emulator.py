"""The emulator, without starting one."""

from pathlib import Path

import psutil
import pytest

from dev.local_aws.daemon import Daemon
from dev.local_aws.emulator import Emulator, root_session


def test_profile_of_the_shell_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "no-such-profile")

    client = root_session().client("sts", endpoint_url="http://127.0.0.1:9")

    assert client.meta.region_name == "us-east-1"


def test_process_that_has_just_ended_does_not_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading the sockets of a zombie is denied to everyone but root."""

    def denied(*_: object) -> None:
        raise psutil.AccessDenied

    monkeypatch.setattr(Daemon, "process", lambda _: psutil.Process())
    monkeypatch.setattr(psutil.Process, "net_connections", denied)

    assert Emulator(tmp_path, 4566)._answers() is False
