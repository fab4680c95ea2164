"""Clients of the emulator."""

import pytest

from dev.local_aws.emulator import root_session


def test_profile_of_the_shell_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "no-such-profile")

    client = root_session().client("sts", endpoint_url="http://127.0.0.1:9")

    assert client.meta.region_name == "us-east-1"
