"""The files of a project: editors delete temporary ones while they are read."""

import io
import zipfile
from pathlib import Path

import pytest

from dev.local_aws import deployment, project


def test_file_that_is_deleted_meanwhile_is_not_digested(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(project, "files", lambda path: [path])

    assert project.digest(tmp_path / "deleted") == project.digest()


def test_file_that_is_deleted_meanwhile_is_not_deployed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "kept.py").touch()
    monkeypatch.setattr(deployment, "files", lambda folder: [folder / "deleted.py~", folder / "kept.py"])

    code = deployment._zip(tmp_path)

    assert zipfile.ZipFile(io.BytesIO(code)).namelist() == ["kept.py"]
