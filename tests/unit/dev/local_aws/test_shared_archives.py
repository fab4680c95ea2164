"""Processes of functions share the files of equal archives."""

import shutil
import tempfile
import zipfile
from pathlib import Path

import pytest

from dev.local_aws.shared_archives import SharedArchive


def unpack(archive: Path, folder: Path) -> Path:
    folder.mkdir(parents=True)
    with SharedArchive(archive) as opened:
        opened.extractall(folder)
    return folder


def test_equal_archives_are_unpacked_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    archive = tmp_path / "layer.zip"
    with zipfile.ZipFile(archive, "w") as layer:
        layer.writestr("python/library.py", "VERSION = 1")

    first, second = unpack(archive, tmp_path / "first" / "layer"), unpack(archive, tmp_path / "second" / "layer")

    assert (first / "python" / "library.py").samefile(second / "python" / "library.py")
    shutil.rmtree(first.parent)  # what the emulator does when a process has ended
    assert (second / "python" / "library.py").read_text() == "VERSION = 1"
