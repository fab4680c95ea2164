"""The files of a project."""

from pathlib import Path

import pytest

from dev.local_aws import project


def test_file_that_is_deleted_meanwhile_is_not_digested(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(project, "files", lambda path: [path])

    assert project.digest(tmp_path / "deleted") == project.digest()
